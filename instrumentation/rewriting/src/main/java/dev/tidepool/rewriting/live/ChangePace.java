package dev.tidepool.rewriting.live;

import java.time.Duration;

/**
 * When classes may be changed on the agent's own account.
 *
 * <p>Each change throws away the compiled code of every method that has the changed one inlined,
 * and compiling it anew takes seconds of CPU time from the application. So changes are made
 * together: each batch makes the pause before the next longer, and quiet times make it shorter
 * again. A place that gets hot after a quiet time is taken care of at once.
 */
final class ChangePace {
  private static final double LONGER = 1.5;
  private static final int LONGEST = 15;
  private static final int FORGIVEN = 15;

  private final long unit;
  private double pause;
  private long changedAt;

  /**
   * @param unit the first pause; the longest is {@value #LONGEST} of it
   */
  ChangePace(Duration unit, long now) {
    this.unit = unit.toNanos();
    this.pause = this.unit;
    this.changedAt = now - this.unit;
  }

  /** Whether classes may be changed now. */
  boolean isDue(long now) {
    return now - changedAt >= pause;
  }

  /** Classes are changed now. */
  void changed(long now) {
    long quiet = now - changedAt;
    double shorter = Math.pow(LONGER, quiet / (FORGIVEN * (double) unit));
    pause = Math.min(LONGEST * (double) unit, Math.max((double) unit, pause / shorter) * LONGER);
    changedAt = now;
  }
}
