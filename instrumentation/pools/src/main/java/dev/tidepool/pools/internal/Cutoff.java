package dev.tidepool.pools.internal;

/**
 * What is old enough to be dropped: what was last touched before a tick, which depends on the
 * array.
 *
 * @param waiting for what waits
 * @param large for what waits and has at least {@link #LARGE} bytes
 * @param lent for what is lent out, and may never come back
 */
record Cutoff(int waiting, int large, int lent) {
  /**
   * From here on G1 has arrays in regions of their own, where the heap has less than 4 GB, and
   * moves none of them.
   */
  static final long LARGE = 512 << 10;

  static final Cutoff ALL = before(Integer.MAX_VALUE);

  static Cutoff before(int tick) {
    return new Cutoff(tick, tick, tick);
  }

  boolean drops(int touched, long bytes, boolean isLent) {
    return touched < (isLent ? lent : bytes >= LARGE ? large : waiting);
  }
}
