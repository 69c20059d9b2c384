package dev.tidepool.tuning;

import java.util.function.LongSupplier;

/**
 * Notices on another thread that the engine's rounds have stopped, so that no lever stays moved
 * with nobody there to see what it does. It is asked on the VM's thread that tells of collections:
 * without collections a heap lever harms nobody.
 *
 * <p>A process that was suspended as a whole looks the same for a moment, so it takes two sightings
 * some time apart.
 */
final class Watchdog {
  static final long STALLED_NANOS = 5_000_000_000L;
  static final long CERTAIN_NANOS = 2_000_000_000L;

  private final LongSupplier clock;
  private final Runnable bite;
  private volatile long fed;
  private long suspected;
  private long suspectedAt;
  private boolean bitten;

  Watchdog(LongSupplier clock, Runnable bite) {
    this.clock = clock;
    this.bite = bite;
    this.fed = clock.getAsLong();
    this.suspected = fed - 1;
  }

  /** A round was made. */
  void fed() {
    fed = clock.getAsLong();
  }

  /** Whether the rounds were found to have stopped; acts once for each time they do. */
  synchronized boolean look() {
    long now = clock.getAsLong();
    long last = fed;
    if (now - last < STALLED_NANOS) {
      bitten = false;
      return false;
    }
    if (suspected != last) {
      suspected = last;
      suspectedAt = now;
      return false;
    }
    if (bitten || now - suspectedAt < CERTAIN_NANOS) {
      return false;
    }
    bitten = true;
    bite.run();
    return true;
  }
}
