package dev.tidepool.tuning.control;

/**
 * When the heap may be made smaller: after several low readings in a row, not too soon after the
 * last step, later after each rebuke and after much going to and fro. Growing is never held back.
 */
final class Cadence {
  private static final int LOW_READINGS = 8;
  private static final double STEP_SECONDS = 30;
  private static final double REVERSAL_WINDOW = 600;
  private static final double LONGEST_SECONDS = 1_800;
  private static final double REBUKE_SECONDS = 120;

  /** After so long without a reversal or a rebuke, half of what they have added is forgotten. */
  private static final double FORGET_SECONDS = 1_800;

  private final double[] reversals = new double[3];
  private int reversalCount;
  private int low;
  private double interval = STEP_SECONDS;
  private double rebukeLength = REBUKE_SECONDS;
  private double lastTrouble;
  private double lastStep = Double.NEGATIVE_INFINITY;
  private double heldUntil = Double.NEGATIVE_INFINITY;
  private boolean lastWasShrink;

  /** One reading; whether a shrink is due. */
  boolean low(boolean isLow, double second) {
    forget(second);
    low = isLow ? low + 1 : 0;
    return low >= LOW_READINGS && second - lastStep >= interval && second >= heldUntil;
  }

  boolean held(double second) {
    return second < heldUntil;
  }

  void shrunk(double second) {
    lastStep = second;
    lastWasShrink = true;
  }

  void grown(double second) {
    low = 0;
    if (lastWasShrink) {
      reversals[reversalCount++ % reversals.length] = second;
      double oldest = reversals[reversalCount % reversals.length];
      if (reversalCount >= reversals.length && second - oldest <= REVERSAL_WINDOW) {
        interval = Math.min(LONGEST_SECONDS, interval * 2);
        lastTrouble = second;
        reversalCount = 0;
      }
    }
    lastWasShrink = false;
    lastStep = second;
  }

  private void forget(double second) {
    if (second - lastTrouble > FORGET_SECONDS) {
      lastTrouble = second;
      interval = Math.max(STEP_SECONDS, interval / 2);
      rebukeLength = Math.max(REBUKE_SECONDS, rebukeLength / 2);
    }
  }

  void rebuke(double second) {
    heldUntil = second + rebukeLength;
    rebukeLength = Math.min(LONGEST_SECONDS, rebukeLength * 2);
    // counted from when it is over, else a long one would be forgotten before it ends
    lastTrouble = heldUntil;
  }

  double interval() {
    return interval;
  }
}
