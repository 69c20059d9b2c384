package dev.tidepool.rewriting.gate;

import java.util.concurrent.TimeUnit;

/** The most there was in the last ten to twenty seconds. */
final class Peak {
  private static final long TURN_NANOS = TimeUnit.SECONDS.toNanos(10);

  private volatile long before;
  private volatile long now;
  private long turnedAt;

  /** Threads that come together may lose one of two values; the next one makes up for it. */
  void see(long amount) {
    if (amount > now) {
      now = amount;
    }
  }

  long get() {
    return Math.max(before, now);
  }

  /** Once a second, by one thread. */
  void tick(long time, long amount) {
    if (time - turnedAt >= TURN_NANOS) {
      turnedAt = time;
      before = now;
      now = amount;
    }
    see(amount);
  }
}
