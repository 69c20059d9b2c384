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
 * @param lent how often an array under way was lent to a call
 * @param smallBytes of the bytes asked for, those in arrays too small for the pool
 */
public record SiteCounts(
    long allocations,
    long bytes,
    long hits,
    long misses,
    long dropped,
    long bytesSaved,
    long lent,
    long smallBytes) {
  public static final SiteCounts NONE = new SiteCounts(0, 0, 0, 0, 0, 0, 0, 0);

  /** Calls of the gate, about. */
  public long calls() {
    return allocations + lent;
  }

  /** Bytes for which the pool can be asked, of each array asked for on average. */
  public double poolableBytes() {
    return allocations == 0 ? 0 : (double) (bytes - smallBytes) / allocations;
  }

  public SiteCounts plus(SiteCounts other) {
    return new SiteCounts(
        allocations + other.allocations,
        bytes + other.bytes,
        hits + other.hits,
        misses + other.misses,
        dropped + other.dropped,
        bytesSaved + other.bytesSaved,
        lent + other.lent,
        smallBytes + other.smallBytes);
  }
}
