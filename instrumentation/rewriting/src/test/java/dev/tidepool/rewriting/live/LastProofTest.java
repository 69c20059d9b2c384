package dev.tidepool.rewriting.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LastProofTest {
  private static final long NOW = TimeUnit.HOURS.toNanos(5);
  private final LastProof last = new LastProof();

  @Test
  void aSiteThatWasProvenOftenIsNotProvenAgainOverTheSameClasses() {
    last.over(100, NOW);

    assertThat(last.holds(6, 100, NOW + TimeUnit.MINUTES.toNanos(9))).isTrue();
    assertThat(last.holds(6, 101, NOW)).as("a class was loaded").isFalse();
    assertThat(last.holds(5, 100, NOW)).as("it may have been short of time").isFalse();
    assertThat(last.holds(6, 100, NOW + TimeUnit.MINUTES.toNanos(10)))
        .as("a class may have been redefined")
        .isFalse();
  }

  @Test
  void settingsThatChangeMakeItWorthAnother() {
    last.over(100, NOW);
    last.forget();

    assertThat(last.holds(6, 100, NOW)).isFalse();
    assertThat(new LastProof().holds(6, 0, NOW)).as("never proven").isFalse();
  }
}
