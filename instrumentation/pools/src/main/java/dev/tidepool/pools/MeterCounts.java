package dev.tidepool.pools;

/**
 * What one meter counted.
 *
 * <pre>{@code
 * int meter = pools.openMeter();
 * Object array = pools.acquire(8, 4096, meter, false);
 * long misses = pools.counts(meter).misses();
 * }</pre>
 *
 * @param hits takes served from the pool
 * @param misses takes that had to allocate
 * @param reusedBytes bytes that hits did not have to allocate
 * @param dropped gives that the pool did not keep
 */
public record MeterCounts(long hits, long misses, long reusedBytes, long dropped) {}
