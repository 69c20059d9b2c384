package dev.tidepool.tuning.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.tuning.Collector;
import dev.tidepool.tuning.Effect;
import dev.tidepool.tuning.Snapshot;
import dev.tidepool.tuning.signals.JfrSignals;
import org.junit.jupiter.api.Test;

class EffectMeterTest {
  private static final long MB = 1L << 20;
  private static final double TAU = 0.05;

  private final EffectMeter meter = new EffectMeter();
  private double second;
  private double gcSeconds;
  private double processSeconds;

  /** So many seconds at a collector's share, in processors, beside so much other work. */
  private void pass(int seconds, double gc, double work, long committed) {
    for (int i = 0; i < seconds; i++) {
      second++;
      gcSeconds += gc;
      processSeconds += gc + work;
      meter.add(snapshot(committed * MB));
    }
  }

  private Snapshot snapshot(long committed) {
    return new Snapshot(
        second,
        new Snapshot.Heap(0, committed, 0, 0, 0, 0, 0, 0),
        new Snapshot.Gc(
            Collector.ZGC,
            0,
            0,
            0,
            0,
            0,
            gcSeconds,
            0,
            0,
            (long) (second * 100 * MB),
            0,
            0,
            0,
            0,
            1,
            Snapshot.Pauses.NONE),
        new Snapshot.Container(0, committed, committed, 0, 0, 0, 0),
        new Snapshot.Footprint(processSeconds, 2, 0, 0, 0, 1),
        JfrSignals.NONE,
        0);
  }

  private Effect shrink(double gc, double work, long committed) {
    pass(25, 0.02, 1, 1_000);
    double decided = second;
    pass(30, gc, work, committed);
    return meter.effect(decided, true, TAU).orElseThrow();
  }

  @Test
  void aShrinkThatSavedNothingAndCostsPastTheTargetIsWorse() {
    assertThat(shrink(0.075, 1, 1_000).worse()).isTrue();
  }

  @Test
  void theSameCostForMemorySavedIsNot() {
    assertThat(shrink(0.075, 1, 800).worse()).isFalse();
  }

  @Test
  void aSizeThatIsHeldWithinTheTargetIsNot() {
    assertThat(shrink(0.04, 1, 1_000).worse()).isFalse();
  }

  @Test
  void lessWorkDoneForNoMemorySavedIsWorse() {
    Effect effect = shrink(0.033, 0.7, 1_000);
    assertThat(effect.worse()).isTrue();
    assertThat(effect.summary()).contains("CPU beside it 1.00 -> 0.70 s/s");
  }
}
