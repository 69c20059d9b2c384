package dev.tidepool.tuning.levers;

import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Provokes a concurrent cycle of G1 through its periodic collections.
 *
 * <p>While the interval is 0 the VM looks at it once a second, and a cycle starts only when no
 * collection ran for that long; so a value below the gap between collections is held until the
 * cycle begins or a little over a second has passed. Left on it would start cycle after cycle, so
 * the collector's own notification ends it.
 *
 * <p>A second is too long where one step of the heap's growth leads past the container's limit. On
 * guard the interval stands at some milliseconds behind a load threshold that is never met; taking
 * the threshold away fires at the VM's next look. The guard fires from the collector's own
 * notification, a millisecond after the collection that let the heap grow. The interval must not be
 * too small either: a collection soon after another shows G1 a high share of pause time, which
 * makes it grow the heap again.
 */
public final class G1Cycle {
  private static final String CAUSE = "G1 Periodic Collection";
  private static final String THRESHOLD = "G1PeriodicGCSystemLoadThreshold";
  private static final String NEVER_MET = "0.000001";
  private static final long LONGEST_NANOS = 1_500_000_000L;
  private static final long UNARMED_NANOS = 30_000_000_000L;
  private static final long MOST_ARMED_MILLIS = 150;
  private static final long AGAIN_NANOS = 100_000_000L;

  /** A collection that a pulse has asked for may come after the pulse is over. */
  private static final long LATE_NANOS = 2_000_000_000L;

  private static final int TIGHT_FREE = 10;

  /** What is used when the cycle resizes the heap, over what the collection before it left. */
  private static final double USED_SINCE = 1.15;

  private final Lever interval;
  private final Optional<Lever> freeRatio;
  private final VmFlags flags;
  private final VmFlags.Flag threshold;
  private Predicate<String> held = name -> false;
  private long intervalBefore;
  private long guardBytes;
  private long began;
  private final LongSupplier nanos;
  private long lastFired;
  private long ended; // the last pulse
  private long unarmedUntil;
  private long ratioBefore;
  private long fired;
  private long tightRatio; // 0 where it is as the governor wants it
  private boolean armed;
  private boolean on;

  /** Through these levers of the VM. */
  public G1Cycle(Lever interval, Optional<Lever> freeRatio, VmFlags flags) {
    this(interval, freeRatio, flags, System::nanoTime);
  }

  /** The same by another clock, for simulations. */
  public G1Cycle(Lever interval, Optional<Lever> freeRatio, VmFlags flags, LongSupplier nanos) {
    this.nanos = nanos;
    this.lastFired = nanos.getAsLong() - 2 * AGAIN_NANOS;
    this.unarmedUntil = nanos.getAsLong();
    this.ended = nanos.getAsLong() - 2 * LATE_NANOS;
    this.interval = interval;
    this.freeRatio = freeRatio.filter(lever -> lever.blocked().isEmpty());
    this.flags = flags;
    this.threshold = flags.read(THRESHOLD).orElse(null);
  }

  /** Which levers are in a user's hand now: none of those is touched. */
  public synchronized void heldBy(Predicate<String> other) {
    held = other;
  }

  private boolean isFree(Lever lever) {
    return lever.blocked().isEmpty() && !held.test(lever.name());
  }

  /** Begins a pulse; false where the lever cannot be moved. */
  public synchronized boolean begin(double gapSeconds) {
    if (!isFree(interval)) {
      return false;
    }
    try {
      if (armed) {
        flags.set(THRESHOLD, threshold.value());
      } else if (!on) {
        intervalBefore = interval.value();
        interval.set(Math.max(1, Math.min(500, (long) (gapSeconds * 400))));
      }
      on = true;
      began = nanos.getAsLong();
      lastFired = began;
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Arms the trigger, or takes it away with 0. */
  public synchronized void guard(long committedBytes, double gapSeconds) {
    guardBytes = committedBytes;
    boolean mayArm =
        committedBytes > 0
            && threshold != null
            && !threshold.userSet()
            && isFree(interval)
            && nanos.getAsLong() - unarmedUntil >= 0;
    if (mayArm && !armed && !on) {
      arm(gapSeconds);
    } else if ((committedBytes == 0 || !isFree(interval)) && armed && !on) {
      disarm();
    }
  }

  private void arm(double gapSeconds) {
    try {
      intervalBefore = interval.value();
      flags.set(THRESHOLD, NEVER_MET);
      interval.set(Math.max(5, Math.min(MOST_ARMED_MILLIS, (long) (gapSeconds * 400))));
      armed = true;
    } catch (IllegalArgumentException e) {
      disarm();
    }
  }

  /** Called on the VM's notification thread for every collection, with what it left. */
  public synchronized void collected(String cause, long usedBytes, long committedBytes) {
    boolean large = guardBytes > 0 && committedBytes > guardBytes;
    if (cause.equals(CAUSE)) {
      if (armed && !on && nanos.getAsLong() - ended > LATE_NANOS) {
        // The machine's load is nought, so the threshold was met: no trigger to be had here.
        unarmedUntil = nanos.getAsLong() + UNARMED_NANOS;
        disarm();
      } else if (!large) {
        end();
      }
      // Between mixed collections a periodic one starts no cycle: the trigger stays until one has
      // shrunk the heap, which the next periodic collection shows.
    } else if (armed && !on && large && nanos.getAsLong() - lastFired > AGAIN_NANOS) {
      fired++;
      tighten(usedBytes);
      begin(0);
    }
  }

  /**
   * Has the cycle leave the heap as large as the guard allows, and no smaller: one with hardly any
   * room collects all the time, which makes G1 grow it by a fifth of all that is left to the
   * maximum, in one step.
   */
  private void tighten(long usedBytes) {
    if (tightRatio > 0 || freeRatio.isEmpty() || !isFree(freeRatio.get())) {
      return;
    }
    Lever ratio = freeRatio.get();
    ratioBefore = ratio.value();
    long fits = (long) (100 - 100 * USED_SINCE * usedBytes / guardBytes);
    long wanted = Math.max(TIGHT_FREE, fits);
    try {
      tightRatio = ratioBefore > wanted && ratio.set(wanted) == wanted ? wanted : 0;
    } catch (IllegalArgumentException refused) {
      tightRatio = 0;
    }
  }

  /** Where it stood, unless the governor has moved it meanwhile. */
  private void loosen() {
    if (tightRatio > 0) {
      Lever ratio = freeRatio.get();
      try {
        if (ratio.value() == tightRatio && isFree(ratio)) {
          ratio.set(ratioBefore);
        }
      } catch (IllegalArgumentException refused) {
        ratio.restore();
      }
      tightRatio = 0;
    }
  }

  /** Ends a pulse that nothing has answered, or that has done what it was for. */
  public synchronized void settle(long committedBytes) {
    long passed = nanos.getAsLong() - began;
    boolean done = armed && committedBytes <= guardBytes && passed > AGAIN_NANOS;
    if (on && (done || passed > LONGEST_NANOS)) {
      end();
    }
  }

  /** How often the guard has begun a cycle. */
  public synchronized long fired() {
    return fired;
  }

  public synchronized boolean pending() {
    return on;
  }

  private void end() {
    if (on) {
      on = false;
      ended = nanos.getAsLong();
      loosen();
      if (armed) {
        flags.set(THRESHOLD, NEVER_MET);
      } else {
        putIntervalBack();
      }
    }
  }

  private void disarm() {
    armed = false;
    putIntervalBack();
    flags.putBack(THRESHOLD, threshold.value());
  }

  /** Where it stood, unless a user has taken it meanwhile. */
  private void putIntervalBack() {
    if (isFree(interval)) {
      try {
        interval.set(intervalBefore);
      } catch (IllegalArgumentException refused) {
        interval.restore();
      }
    }
  }

  /** Everything as it was found. */
  public synchronized void close() {
    guardBytes = 0;
    on = false;
    loosen();
    if (armed) {
      disarm();
    }
    interval.restore();
  }
}
