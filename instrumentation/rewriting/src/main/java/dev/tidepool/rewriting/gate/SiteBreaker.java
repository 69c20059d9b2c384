package dev.tidepool.rewriting.gate;

import dev.tidepool.rewriting.site.Breaker;
import java.util.concurrent.TimeUnit;

/**
 * Turns a site off whose runtime keeps failing, and tries it again later. After the recovery time
 * the site is half open: pooling, but one more failure opens the breaker at once, for twice as
 * long.
 */
final class SiteBreaker {
  private static final int THRESHOLD = 3;
  private static final long RECOVERY_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int LONGEST_DOUBLING = 8;

  private Breaker state = Breaker.CLOSED;
  private int failures;
  private int openings;
  private long since;

  synchronized Breaker state() {
    return state;
  }

  /** Counts a failure; true if it opened the breaker. */
  synchronized boolean failed(long now) {
    failures++;
    if (state == Breaker.OPEN || (state == Breaker.CLOSED && failures < THRESHOLD)) {
      return false;
    }
    state = Breaker.OPEN;
    since = now;
    openings = Math.min(openings + 1, LONGEST_DOUBLING);
    return true;
  }

  /** Moves on by time; true if the site may pool again that could not. */
  synchronized boolean tick(long now) {
    long recovery = RECOVERY_NANOS << Math.max(0, openings - 1);
    if (state == Breaker.CLOSED || now - since < recovery) {
      return false;
    }
    since = now;
    if (state == Breaker.OPEN) {
      state = Breaker.HALF_OPEN;
      return true;
    }
    state = Breaker.CLOSED;
    failures = 0;
    openings = 0;
    return false;
  }
}
