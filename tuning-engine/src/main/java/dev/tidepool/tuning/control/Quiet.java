package dev.tidepool.tuning.control;

import dev.tidepool.tuning.Snapshot;

/**
 * Whether the process has so little to do that its next collection is far off, while much of its
 * heap may be garbage that nobody comes to look for.
 */
final class Quiet {
  private static final double SETTLE_SECONDS = 8;
  private static final double FAR_OFF_SECONDS = 60;
  private static final double RETRY_SECONDS = 12;
  private static final double VAIN_SECONDS = 600;
  private static final long WORTH_A_LOOK = 64L << 20;

  private double since = Double.NaN;
  private double nextCycle = Double.NEGATIVE_INFINITY;
  private long committedAtCycle;
  private long majorsBefore;

  /** Whether it has been quiet long enough to act on. */
  boolean read(Snapshot now) {
    double free = Math.max(1 << 20, now.heap().committedBytes() - now.heap().usedBytes());
    // Not by the collector's share of the CPU: beside an idle process one cycle is most of it.
    boolean quiet =
        now.gc().allocationRate() * FAR_OFF_SECONDS
            < Math.max(free, 0.5 * now.heap().committedBytes());
    if (!quiet) {
      since = Double.NaN;
      nextCycle = Double.NEGATIVE_INFINITY;
      return false;
    }
    if (Double.isNaN(since)) {
      since = now.second();
      majorsBefore = now.gc().majorCollections();
    }
    return now.second() - since >= SETTLE_SECONDS;
  }

  /**
   * Whether nobody has looked at the heap since it became quiet: what is taken for live may be what
   * the load has left behind.
   */
  boolean unseen(Snapshot now) {
    return now.gc().majorCollections() == majorsBefore
        && now.heap().committedBytes() > WORTH_A_LOOK;
  }

  /** Whether a collection is worth its cost now; counts it as done when it is. */
  boolean cycleDue(Snapshot now) {
    if (now.second() < nextCycle) {
      return false;
    }
    boolean vain = committedAtCycle > 0 && now.heap().committedBytes() > 0.95 * committedAtCycle;
    nextCycle = now.second() + (vain ? VAIN_SECONDS : RETRY_SECONDS);
    committedAtCycle = now.heap().committedBytes();
    return true;
  }
}
