package dev.tidepool.rewriting.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.pools.PrimitivePools;
import dev.tidepool.rewriting.RewritingSettings;
import org.junit.jupiter.api.Test;

class CalibrationTest {
  @Test
  void endsWithOneOfTwoSizesAndLeavesThePoolsAlone() {
    PrimitivePools pools = new PrimitivePools(1 << 20);
    Calibration calibration =
        new GateRuntime(pools, (receiver, guard) -> true, Verification.SAMPLE).calibration();
    int steps = 1;
    while (!calibration.step()) {
      steps++;
      assertThat(steps).isLessThan(1000);
    }
    assertThat(calibration.leastBytes()).isIn(1024, Calibration.SAFE_BYTES);
    assertThat(pools.stats().hits() + pools.stats().misses()).isZero();
  }

  @Test
  void whatTheUserSetsIsNotMeasured() {
    assertThat(RewritingSettings.defaults().calibrated()).isTrue();
    assertThat(RewritingSettings.defaults().withMinBytes(512).calibrated()).isFalse();
    assertThat(RewritingSettings.defaults().withMinBytes(512).withExclude("x.*").minBytes())
        .isEqualTo(512);
  }
}
