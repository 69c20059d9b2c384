package dev.tidepool.rewriting.gate;

/**
 * Totals of one site since it was opened.
 *
 * @param allocations arrays asked for
 * @param bytes elements asked for, in bytes
 * @param hits arrays that came from the pool
 * @param misses arrays big enough for the pool that it did not have
 * @param dropped releases that were left to the collector
 * @param bytesSaved bytes of the hits
 */
public record SiteCounts(
    long allocations, long bytes, long hits, long misses, long dropped, long bytesSaved) {
  public static final SiteCounts NONE = new SiteCounts(0, 0, 0, 0, 0, 0);
}
