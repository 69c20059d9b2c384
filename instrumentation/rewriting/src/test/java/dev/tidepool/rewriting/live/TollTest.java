package dev.tidepool.rewriting.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.gate.SiteCounts;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class TollTest {
  private static final long WINDOW = TimeUnit.SECONDS.toNanos(2);

  private final Toll toll = new Toll();
  private long now = 17;
  private long lent;
  private long saved = 1_000_000;

  TollTest() {
    toll.begin(SiteCounts.NONE, saved, now);
  }

  /** Whether it is too high after another window in which so many calls were lent an array. */
  private boolean after(long calls, long bytesEach) {
    now += WINDOW;
    lent += calls;
    saved += calls * bytesEach;
    return toll.isTooHigh(new SiteCounts(0, 0, 0, 0, 0, 0, lent, 0), saved, now);
  }

  @Test
  void fewBytesForEachCallThreeTimesInARowAreTooFew() {
    assertThat(after(100_000, 50)).isFalse();
    assertThat(after(100_000, 50)).isFalse();
    assertThat(after(100_000, 50)).isTrue();
    assertThat(toll.text()).contains("for each 50 bytes");
  }

  @Test
  void aGoodWindowBetweenBeginsTheCountAnew() {
    after(100_000, 50);
    after(100_000, 50);
    assertThat(after(100_000, 8192)).isFalse();
    assertThat(after(100_000, 50)).isFalse();
  }

  @Test
  void aFewCallsDoNotMatter() {
    for (int i = 0; i < 10; i++) {
      assertThat(after(100, 0)).isFalse();
    }
  }

  @Test
  void aWindowIsWaitedFor() {
    now++;
    assertThat(toll.isTooHigh(new SiteCounts(0, 0, 0, 0, 0, 0, 1_000_000, 0), saved, now))
        .isFalse();
  }
}
