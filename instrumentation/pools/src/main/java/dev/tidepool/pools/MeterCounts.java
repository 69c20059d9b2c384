package dev.tidepool.pools;

/**
 * What one meter counted.
 *
 * @param hits takes served from the pool
 * @param misses takes that had to allocate
 * @param reusedBytes bytes that hits did not have to allocate
 * @param dropped gives that the pool did not keep
 */
public record MeterCounts(long hits, long misses, long reusedBytes, long dropped) {}
