package dev.tidepool.tuning.control;

import dev.tidepool.tuning.Collector;
import dev.tidepool.tuning.Snapshot;

/**
 * How high the heap rises over its soft maximum, or how far below it stays.
 *
 * <p>A soft maximum begins a cycle, it stops nobody: what is allocated while the cycle runs comes
 * on top. And it may begin it early: Shenandoah counts 5 % of the maximum heap, kept free to copy
 * into, as used, so with {@code -Xmx2g} a soft maximum of 360 MB has it collect at 260 MB without
 * end. What the container has to hold is the height, so that is what is seen and steered by: the
 * largest use between collections, and what was committed anew.
 */
final class Overshoot {
  private static final double WINDOW_SECONDS = 10;

  /**
   * A flag that was lowered is obeyed by the next cycle; until then the height is the old one's.
   */
  private static final double OBEYED_SECONDS = 3;

  private static final double WATCHED_SECONDS = 5;
  private static final double CREPT_SECONDS = 300;
  private static final double MOST = 0.12; // of the limit
  private static final double EVACUATION_RESERVE = 0.05; // of Shenandoah's maximum heap
  private static final double MOST_BELOW = 0.05; // of the limit
  private static final double LEAST_CYCLE = 0.1;

  /** Collections further apart than this are not what the soft maximum has brought about. */
  private static final double OFTEN_SECONDS = 2;

  private final SlidingMax sizes = new SlidingMax(OBEYED_SECONDS);
  private final SlidingMax heights = new SlidingMax(WINDOW_SECONDS);
  private final SlidingMax guesses = new SlidingMax(60);
  private final SlidingMax crept = new SlidingMax(CREPT_SECONDS);
  private long size;
  private long lastCommitted;
  private double oftenSince = Double.NaN;
  private double known = Double.NaN; // as last seen under load

  /** The soft maximum that stands now. */
  void size(long bytes) {
    size = bytes;
  }

  /** One round, of which there may be several in a second: the more, the better a peak is seen. */
  void see(Snapshot now) {
    if (size == 0) {
      return;
    }
    boolean often = now.gc().gapSeconds() <= OFTEN_SECONDS;
    if (!often) {
      oftenSince = Double.NaN;
    } else if (Double.isNaN(oftenSince)) {
      oftenSince = now.second();
    }
    long committed = now.heap().committedBytes();
    sizes.add(now.second(), size);
    // What Shenandoah commits anew tells of regions that lie scattered, not of the soft maximum.
    boolean isTold = now.gc().collector() != Collector.SHENANDOAH;
    long height = isTold && committed > lastCommitted ? committed : now.heap().usedBytes();
    // Counted from an offset: the window holds no negative numbers.
    heights.add(now.second(), Math.max(0, height - sizes.max() + now.heap().maxBytes()));
    lastCommitted = committed;
  }

  /** More came to be committed than there is room for, under a soft maximum above that room. */
  void crept(Snapshot now) {
    crept.add(
        now.second(),
        Math.max(0, now.heap().committedBytes() - sizes.max() + now.heap().maxBytes()));
  }

  /** Bytes over the soft maximum, below nought for those under it. */
  long bytes(Snapshot now) {
    long limit = now.container().limitBytes();
    double most = MOST * limit;
    if (!Double.isNaN(oftenSince) && now.second() - oftenSince >= WATCHED_SECONDS) {
      double seen = (double) (heights.max() - now.heap().maxBytes());
      known = Math.max(-early(now), Math.min(most, seen));
    }
    if (!Double.isNaN(known)) {
      // Between two bursts nothing is seen; the next one will be as the last one was.
      crept.add(now.second(), 0);
      return (long) Math.max(known, Math.min(most, (double) (crept.max() - now.heap().maxBytes())));
    }
    double over = Math.max(0, now.heap().committedBytes() - size) / 2.0;
    guesses.add(now.second(), (long) Math.min(most, Math.max(over, inFlight(now))));
    return guesses.max();
  }

  /**
   * How far below the soft maximum the heap may be taken to stay. Only for the reserve, which is
   * there under any load; and not for all of it, as regions that are in use lie scattered, so that
   * in time more is committed than was ever in use at once.
   */
  private static double early(Snapshot now) {
    double most = MOST_BELOW * now.container().limitBytes();
    return now.gc().collector() == Collector.SHENANDOAH
        ? Math.min(evacuationReserve(now), most)
        : 0;
  }

  /** What Shenandoah keeps free to copy into and counts as used. */
  static double evacuationReserve(Snapshot now) {
    return EVACUATION_RESERVE * now.heap().maxBytes();
  }

  /** What is allocated while one concurrent cycle runs. On a busy machine a cycle takes long. */
  private static double inFlight(Snapshot now) {
    return now.gc().allocationRate() * Math.max(LEAST_CYCLE, 1.5 * now.gc().cycleSeconds());
  }
}
