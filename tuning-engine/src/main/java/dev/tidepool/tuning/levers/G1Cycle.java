package dev.tidepool.tuning.levers;

/**
 * Provokes a concurrent cycle of G1 by a pulse of its periodic interval.
 *
 * <p>While the interval is 0 the VM looks at it once a second, and a cycle starts only when no
 * collection ran for that long; so a value below the gap between collections is held until the
 * cycle begins or a little over a second has passed. Left on it would start cycle after cycle, so
 * the collector's own notification ends it.
 */
public final class G1Cycle {
  private static final String CAUSE = "G1 Periodic Collection";
  private static final long LONGEST_NANOS = 1_500_000_000L;

  private final Lever interval;
  private long began;
  private boolean on;

  public G1Cycle(Lever interval) {
    this.interval = interval;
  }

  /** Begins a pulse; false where the lever cannot be moved. */
  public synchronized boolean begin(double gapSeconds) {
    if (!interval.blocked().isEmpty()) {
      return false;
    }
    try {
      interval.set(Math.max(1, Math.min(500, (long) (gapSeconds * 400))));
      on = true;
      began = System.nanoTime();
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Called on the VM's notification thread for every collection. */
  public void collected(String cause) {
    if (cause.equals(CAUSE)) {
      end();
    }
  }

  /** Ends a pulse that nothing has answered. */
  public synchronized void settle() {
    if (on && System.nanoTime() - began > LONGEST_NANOS) {
      end();
    }
  }

  public synchronized boolean pending() {
    return on;
  }

  public synchronized void end() {
    if (on) {
      interval.restore();
      on = false;
    }
  }
}
