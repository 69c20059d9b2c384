package dev.tidepool.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidepool.tuning.signals.JfrSignals;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparisonTest {
  private static final int WINDOW = 10;

  private final List<Boolean> states = new ArrayList<>();
  private boolean isOn;

  /** Collector CPU in each second is what the function says for that second. */
  private Comparison.Result run(int pairs, IntToDoubleFunction collectorCpu) {
    states.clear();
    Comparison comparison = new Comparison("x", on -> isOn = on, WINDOW, pairs);
    double gc = 0;
    for (int second = 0; !comparison.done(); second++) {
      gc += collectorCpu.applyAsDouble(second);
      comparison.step(snapshot(second, gc));
      if (second % WINDOW == 0 && !comparison.done()) {
        states.add(isOn);
      }
    }
    return comparison.result();
  }

  private static Snapshot snapshot(double second, double gcSeconds) {
    return new Snapshot(
        second,
        new Snapshot.Heap(0, 0, 0, 0, 0, 0, 0, 0),
        new Snapshot.Gc(
            Collector.G1,
            0,
            0,
            0,
            0,
            0,
            gcSeconds,
            0,
            0,
            (long) second << 20,
            0,
            0,
            0,
            0,
            1,
            Snapshot.Pauses.NONE),
        Snapshot.Container.NONE,
        new Snapshot.Footprint(second, 2, 0, 0, 0, 1),
        JfrSignals.NONE,
        0);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 12.706, 0.95",
    "2, 4.303, 0.95",
    "2.5, 3.575, 0.95",
    "10, 2.228, 0.95",
    "10, 3.169, 0.99",
    "1000, 1.962, 0.95",
    "4, 0, 0"
  })
  void tablesOfStudentsTAgree(double degrees, double t, double probability) {
    assertThat(StudentT.within(t, degrees)).isCloseTo(probability, within(5e-4));
  }

  @Test
  void windowsFollowEachOtherSoThatADriftWeighsOnBothAlike() {
    run(3, second -> 0.1);
    assertThat(states).containsExactly(true, false, false, true, true, false);
    Comparison.Result drift = run(4, second -> 0.1 + 0.001 * second);
    assertThat(drift.windows()).isEqualTo(4);
    assertThat(drift.collectorCpu().difference()).isCloseTo(0, within(1e-6));
  }

  @Test
  void ofTwoPairsOfNoiseHardlyAnyIsTakenForADifference() {
    int sure = 0;
    for (int seed = 0; seed < 400; seed++) {
      Random random = new Random(seed);
      Comparison.Result noise = run(2, second -> 0.1 + 0.02 * random.nextGaussian());
      sure += noise.collectorCpu().confidence() > 0.95 ? 1 : 0;
    }
    assertThat(sure).isLessThan(32);
  }

  @Test
  void aDifferenceThatIsThereIsFound() {
    Random random = new Random(1);
    Comparison.Result found = run(6, s -> (isOn ? 0.1 : 0.2) + 0.02 * random.nextGaussian());
    assertThat(found.collectorCpu().confidence()).isGreaterThan(0.99);
    assertThat(found.collectorCpu().difference()).isNegative();
  }
}
