package dev.tidepool.tuning;

/**
 * Something the engine needs of this JVM, and whether it is there; the lines of {@code doctor}.
 *
 * @param name {@code jfr}, {@code cgroup}, {@code SoftMaxHeapSize}...
 * @param detail what it is or what is missing and what to do, one line
 */
public record Capability(String name, boolean available, String detail) {}
