package dev.tidepool.tuning.control;

/**
 * When something that is to make a number smaller may be tried again: later each time it did not,
 * at its own pace again once it did.
 */
final class BackOff {
  private static final double WORTH = 0.95;

  /** A number that has grown so much is another one, of which nothing is known. */
  private static final double ANOTHER = 1.3;

  private final double soonest;
  private final double longest;
  private double wait;
  private double last = Double.NEGATIVE_INFINITY;
  private long before;
  private long lowest;

  BackOff(double soonestSeconds, double longestSeconds) {
    soonest = soonestSeconds;
    longest = longestSeconds;
    wait = soonestSeconds;
  }

  /** The number as it is now; to be told each second, for what was won may be lost again. */
  void see(long value) {
    lowest = Math.min(lowest, value);
  }

  /** Whether to try now; counts it as tried. */
  boolean due(double second, long value) {
    if (second - last < soonest) {
      return false;
    }
    boolean vain = lowest > WORTH * before && value < ANOTHER * before;
    if (vain && second - last < wait) {
      return false;
    }
    wait = vain ? Math.min(longest, 2 * wait) : soonest;
    last = second;
    before = value;
    lowest = value;
    return true;
  }
}
