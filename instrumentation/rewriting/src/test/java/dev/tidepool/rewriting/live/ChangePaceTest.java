package dev.tidepool.rewriting.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ChangePaceTest {
  private static final long SECOND = 1_000_000_000L;

  private final ChangePace pace = new ChangePace(Duration.ofSeconds(1), 0);

  /** Batches within so many seconds where there is always something to change. */
  private int batches(long from, int seconds) {
    return batches(0.001, from, seconds);
  }

  private int batches(double share, long from, int seconds) {
    int batches = 0;
    for (long now = from; now < from + seconds * SECOND; now += SECOND / 4) {
      if (pace.isDue(share, now)) {
        pace.changed(now);
        batches++;
      }
    }
    return batches;
  }

  @Test
  void theFirstChangesComeAtOnceAndLaterOnesTogether() {
    assertThat(batches(0, 7)).isEqualTo(2);
    assertThat(batches(7 * SECOND, 53)).isEqualTo(2);
    assertThat(batches(60 * SECOND, 60)).isEqualTo(1);
    assertThat(batches(120 * SECOND, 600)).isEqualTo(3);
  }

  @Test
  void whatHasToDoWithMuchWaitsLessButNotLessEachTime() {
    batches(0, 60);
    assertThat(batches(0.1, 60 * SECOND, 24)).isBetween(2, 4);
    int inTenMinutes = batches(0.1, 84 * SECOND, 600);
    assertThat(inTenMinutes).isLessThanOrEqualTo(12);
  }

  @Test
  void afterAQuietTimeTwoChangesAreSoonMade() {
    batches(0, 120);
    assertThat(pace.isCalm(600 * SECOND)).isFalse();
    assertThat(pace.isCalm(800 * SECOND)).isTrue();
    assertThat(batches(800 * SECOND, 4)).isEqualTo(2);
  }
}
