package dev.tidepool.rewriting.live;

import java.time.Duration;

/**
 * When classes may be changed on the agent's own account.
 *
 * <p>Each change throws away the compiled code of every method that has the changed one inlined,
 * and compiling it anew takes seconds of CPU time from the application. So changes are made
 * together: each batch makes the pause before the next longer, and quiet times make it shorter
 * again. A place that gets hot after a quiet time is taken care of at once, and a change that has
 * to do with much of what is allocated does not wait as long as one that has to do with little: to
 * wait costs that, too.
 */
final class ChangePace {
  private static final double LONGER = 2;
  private static final int LONGEST = 300;
  private static final int FORGIVEN = 5;
  private static final int CALM = 600;

  /** What a change costs, as a time in which nothing would be saved that could be. */
  private static final double COST = 0.4;

  /** Of changes that did not wait each makes the next wait longer. */
  private static final double DEARER = 1.5;

  private static final double FIRST_PAUSE = 2;

  private final long unit;
  private double pause;
  private double hurried; // changes of late that did not wait
  private long changedAt;

  /**
   * @param unit half the first pause; the longest is {@value #LONGEST} of it
   */
  ChangePace(Duration unit, long now) {
    this.unit = unit.toNanos();
    this.pause =
        FIRST_PAUSE * this.unit; // what is hot from the start is found within two looks or so
    this.changedAt = now;
  }

  /**
   * Whether classes may be changed now.
   *
   * @param share of all that is allocated that the change has to do with
   */
  boolean isDue(double share, long now) {
    double bearable = COST * unit * Math.pow(DEARER, hurried) / share;
    return now - changedAt >= Math.min(pause, Math.max(FIRST_PAUSE * unit, bearable));
  }

  /** Whether nothing has been changed for so long that a change for tidiness's sake is bearable. */
  boolean isCalm(long now) {
    return now - changedAt >= CALM * unit;
  }

  /** Classes are changed now. */
  void changed(long now) {
    double quiet = now - changedAt - pause;
    changedAt = now;
    if (quiet < 0) {
      hurried++;
      return;
    }
    double forgiven = quiet / (FORGIVEN * (double) unit);
    hurried = Math.max(0, hurried - forgiven);
    double shorter = Math.max((double) unit, pause / Math.pow(LONGER, forgiven));
    pause = Math.min(LONGEST * (double) unit, shorter * LONGER);
  }
}
