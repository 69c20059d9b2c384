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
  private static final double LONGER = 2;
  private static final int LONGEST = 300;
  private static final int FORGIVEN = 5;
  private static final int CALM = 600;

  private final long unit;
  private double pause;
  private long changedAt;

  /**
   * @param unit half the first pause; the longest is {@value #LONGEST} of it
   */
  ChangePace(Duration unit, long now) {
    this.unit = unit.toNanos();
    this.pause = 2.0 * this.unit; // what is hot from the start is found within two looks or so
    this.changedAt = now;
  }

  /** Whether classes may be changed now. */
  boolean isDue(long now) {
    return now - changedAt >= pause;
  }

  /** Whether nothing has been changed for so long that a change for tidiness's sake is bearable. */
  boolean isCalm(long now) {
    return now - changedAt >= CALM * unit;
  }

  /** Classes are changed now. */
  void changed(long now) {
    double quiet = Math.max(0, now - changedAt - pause);
    double shorter = Math.pow(LONGER, quiet / (FORGIVEN * (double) unit));
    pause = Math.min(LONGEST * (double) unit, Math.max((double) unit, pause / shorter) * LONGER);
    changedAt = now;
  }
}
