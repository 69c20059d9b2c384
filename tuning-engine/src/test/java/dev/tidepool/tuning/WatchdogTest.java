package dev.tidepool.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WatchdogTest {
  private static final long SECOND = 1_000_000_000L;

  private long now = 7;
  private int bites;
  private final Watchdog watchdog = new Watchdog(() -> now, () -> bites++);

  private void pass(int seconds) {
    now += seconds * SECOND;
    watchdog.look();
  }

  @Test
  void roundsThatStopAreFoundOnce() {
    pass(4);
    pass(2);
    assertThat(bites).isZero();
    pass(1);
    assertThat(bites).isZero();
    pass(1);
    assertThat(bites).isEqualTo(1);
    pass(60);
    assertThat(bites).isEqualTo(1);
  }

  @Test
  void aProcessThatWasSuspendedIsLeftAlone() {
    now += 3_600 * SECOND;
    watchdog.look();
    watchdog.look();
    pass(1);
    watchdog.fed();
    pass(4);
    assertThat(bites).isZero();
  }

  @Test
  void afterRoundsWereMadeItIsAwakeAgain() {
    pass(6);
    pass(3);
    watchdog.fed();
    pass(1);
    pass(5);
    pass(3);
    assertThat(bites).isEqualTo(2);
  }
}
