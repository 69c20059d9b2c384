package dev.tidepool.pools.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClockTest {

  @Test
  void recentAgesAreExact() {
    Clock clock = after(1000, TimeUnit.SECONDS.toNanos(1));
    for (int seconds = 0; seconds < 60; seconds++) {
      int first =
          clock.firstTickYoungerThan(
              TimeUnit.SECONDS.toNanos(seconds), nanos(clock, 1_000_000_000));
      assertThat(first).isEqualTo(clock.tick() - Math.max(0, seconds - 1));
    }
  }

  @Test
  void anAgeOfMinutesIsKeptThroughRoundsOfASecond() {
    assertIsAbout(after(3000, TimeUnit.SECONDS.toNanos(1)), 1_000_000_000, 600);
  }

  @Test
  void anAgeOfAMinuteIsKeptThroughRoundsOfMilliseconds() {
    assertIsAbout(after(100_000, TimeUnit.MILLISECONDS.toNanos(5)), 5_000_000, 60 * 200);
  }

  @Test
  void nothingIsOlderThanTheClock() {
    Clock clock = after(3000, TimeUnit.SECONDS.toNanos(1));
    assertThat(clock.firstTickYoungerThan(TimeUnit.HOURS.toNanos(1), nanos(clock, 1_000_000_000)))
        .isEqualTo(1);
  }

  /** Never younger than asked for, and not much older. */
  private static void assertIsAbout(Clock clock, long periodNanos, int ticks) {
    int first = clock.firstTickYoungerThan(ticks * periodNanos, nanos(clock, periodNanos));
    assertThat(clock.tick() - first).isBetween(ticks - 1, ticks + ticks / 8);
  }

  private static Clock after(int ticks, long periodNanos) {
    Clock clock = new Clock(periodNanos); // the first tick is number 1
    while (clock.tick() < ticks) {
      clock.advance((clock.tick() + 1) * periodNanos);
    }
    return clock;
  }

  private static long nanos(Clock clock, long periodNanos) {
    return clock.tick() * periodNanos;
  }
}
