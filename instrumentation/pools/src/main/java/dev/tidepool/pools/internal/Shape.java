package dev.tidepool.pools.internal;

/**
 * How large shelves are.
 *
 * @param threadSets sets of a thread's own shelf, a power of two
 * @param threadWays slots to such a set; 0 if threads have no shelves of their own
 * @param stripes shelves for all, a power of two
 * @param sets sets of each of those, a power of two
 * @param ways slots to such a set
 */
public record Shape(int threadSets, int threadWays, int stripes, int sets, int ways) {
  private static final int STRIPES =
      // 2^k >= 2 * processors: two threads at work seldom meet
      Integer.highestOneBit(Math.max(1, 4 * Runtime.getRuntime().availableProcessors() - 1));

  /** Many kinds of things, a few of each to a thread. */
  static final Shape ARRAYS = new Shape(16, 8, STRIPES, 16, 32);

  /** How many must fit for threads to keep some to themselves. */
  int parts() {
    return sets == 1 ? 32 : 64;
  }

  /** One kind of thing. */
  public static Shape oneKind(int most) {
    return new Shape(1, 4, STRIPES, 1, Math.max(4, most));
  }

  /**
   * One kind of thing of which none may be hidden from a thread that looks for it: few enough
   * stripes to look through them all, and nothing kept by threads.
   */
  public static Shape allShared(int most) {
    return new Shape(1, 0, Math.min(STRIPES, Stripes.PROBES), 1, Math.max(4, most));
  }
}
