package dev.tidepool.rewriting.remedy;

/**
 * The array comes from the pool and nothing is known of its life: whoever can prove that it is dead
 * gives it back, and where nobody does the collector takes it. No proof is needed, since an array
 * from the pool has the length asked for, is zero, and is nobody else's.
 *
 * @param name of the remedy that gives such arrays back
 */
public record Draw(String name) implements Remedy {}
