package dev.tidepool.tuning.levers;

/**
 * What came of having the C library give back what it holds free.
 *
 * @param bytes by which the process is smaller
 * @param seconds it took
 */
public record Trimmed(long bytes, double seconds) {}
