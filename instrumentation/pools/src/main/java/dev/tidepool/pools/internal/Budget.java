package dev.tidepool.pools.internal;

import java.util.concurrent.atomic.AtomicLong;

/** The most bytes a group of shelves may hold, and how many of them are spoken for. */
public final class Budget {
  private static final int ATTEMPTS = 8;
  private static final int CROWDED = 32;

  private final AtomicLong reserved = new AtomicLong();
  private volatile long limit;
  private volatile boolean starved;
  private long large; // a hint: may be read late

  private final int parts;

  public Budget(long limit) {
    this(limit, 64);
  }

  /**
   * @param parts what is larger than one of so many of the limit is large
   */
  Budget(long limit, int parts) {
    this.parts = parts;
    limit(limit);
  }

  /** Reserves bytes, or says no. Never waits: under heavy contention the answer is no, too. */
  public boolean reserve(long bytes) {
    for (int i = 0; i < ATTEMPTS; i++) {
      long now = reserved.get();
      if (bytes > limit - now) {
        starve();
        return false;
      }
      if (reserved.compareAndSet(now, now + bytes)) {
        // Who lowers the limit looks at what is reserved after that: one of the two sees the other.
        if (now + bytes <= limit) {
          return true;
        }
        giveBack(bytes);
        return false;
      }
    }
    return false;
  }

  /** Whether so much is spoken for that what comes once is to leave room to what comes again. */
  boolean crowded() {
    return reserved.get() > limit / CROWDED;
  }

  public void giveBack(long bytes) {
    reserved.addAndGet(-bytes);
  }

  public long reserved() {
    return reserved.get();
  }

  public long limit() {
    return limit;
  }

  /** Larger arrays than this no thread keeps to itself: too few of them fit. */
  long large() {
    return large;
  }

  public void limit(long bytes) {
    large = Math.max(0, bytes) / parts;
    limit = Math.max(0, bytes);
  }

  /** Whether a reservation was refused for lack of room since the last call. */
  public boolean takeStarved() {
    boolean was = starved;
    starved = false;
    return was;
  }

  private void starve() {
    if (!starved) { // a read shares the line; only the first refusal after a trim writes it
      starved = true;
    }
  }
}
