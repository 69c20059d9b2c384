package dev.tidepool.tuning.control;

/**
 * When something that is to make a number smaller may be tried again: later each time it did not,
 * at its own pace again once it did.
 */
final class BackOff {
  private static final double WORTH = 0.95;

  /** A number that has grown so much is another one, of which nothing is known. */
  private static final double ANOTHER = 1.3;

  /** What the number must be on average for having been made smaller to have lasted. */
  private static final double LASTING = 0.85;

  private final double soonest;
  private final double longest;
  private final boolean mustLast;
  private double wait;
  private double last = Double.NEGATIVE_INFINITY;
  private long before;
  private long lowest;
  private double sum;
  private long seen;

  BackOff(double soonestSeconds, double longestSeconds) {
    this(soonestSeconds, longestSeconds, false);
  }

  private BackOff(double soonestSeconds, double longestSeconds, boolean mustLast) {
    soonest = soonestSeconds;
    longest = longestSeconds;
    this.mustLast = mustLast;
    wait = soonestSeconds;
  }

  /** Of what is of use only as long as it lasts: what is lost again at once was in vain. */
  static BackOff lasting(double soonestSeconds, double longestSeconds) {
    return new BackOff(soonestSeconds, longestSeconds, true);
  }

  /** The number as it is now; to be told each second, for what was won may be lost again. */
  void see(long value) {
    lowest = Math.min(lowest, value);
    sum += value;
    seen++;
  }

  /** Whether to try now; counts it as tried. */
  boolean due(double second, long value) {
    if (second - last < soonest) {
      return false;
    }
    boolean vain = !won() && value < ANOTHER * before;
    if (vain && second - last < wait) {
      return false;
    }
    wait = vain ? Math.min(longest, 2 * wait) : soonest;
    last = second;
    before = value;
    lowest = value;
    sum = 0;
    seen = 0;
    return true;
  }

  private boolean won() {
    return mustLast ? sum <= LASTING * before * seen : lowest <= WORTH * before;
  }
}
