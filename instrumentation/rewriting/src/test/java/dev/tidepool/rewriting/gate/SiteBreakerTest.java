package dev.tidepool.rewriting.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.site.Breaker;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SiteBreakerTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final SiteBreaker breaker = new SiteBreaker();

  private void open(long now) {
    assertThat(breaker.failed(now)).isFalse();
    assertThat(breaker.failed(now)).isFalse();
    assertThat(breaker.failed(now)).as("the third failure opens it").isTrue();
  }

  @Test
  void letsNothingPassWhileOpen() {
    open(0);
    assertThat(breaker.state()).isEqualTo(Breaker.OPEN);
    assertThat(breaker.tick(9 * SECOND)).isFalse();
    assertThat(breaker.state()).isEqualTo(Breaker.OPEN);
  }

  @Test
  void triesAgainAndClosesWhenItHolds() {
    open(0);
    assertThat(breaker.tick(10 * SECOND)).isTrue();
    assertThat(breaker.state()).isEqualTo(Breaker.HALF_OPEN);
    breaker.tick(20 * SECOND);
    assertThat(breaker.state()).isEqualTo(Breaker.CLOSED);
    open(21 * SECOND);
  }

  @Test
  void opensAtOnceAndForLongerWhereTheTrialFails() {
    open(0);
    breaker.tick(10 * SECOND);
    assertThat(breaker.failed(11 * SECOND)).as("one failure is enough").isTrue();
    assertThat(breaker.tick(30 * SECOND)).as("20 s this time").isFalse();
    assertThat(breaker.tick(31 * SECOND)).isTrue();
    assertThat(breaker.state()).isEqualTo(Breaker.HALF_OPEN);
  }
}
