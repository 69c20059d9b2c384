package dev.tidepool.tuning.control;

import static dev.tidepool.tuning.control.SimulatedHeap.MB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.tuning.Collector;
import dev.tidepool.tuning.Decision;
import dev.tidepool.tuning.Decision.Outcome;
import dev.tidepool.tuning.TuningMode;
import dev.tidepool.tuning.TuningSettings;
import dev.tidepool.tuning.levers.Trimmed;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrimRuleTest {
  private static final Optional<Trimmed> MUCH = Optional.of(new Trimmed(20 * MB, 0.002));

  private static Simulation simulation(TuningMode mode, Optional<Trimmed> trimmed) {
    TuningSettings settings = TuningSettings.DEFAULT.withMode(mode);
    Simulation sim = new Simulation(Collector.PARALLEL, 512, 70, settings, true).load(60, 5);
    sim.heap.trimmed = trimmed;
    return sim;
  }

  private static Simulation simulation(Optional<Trimmed> trimmed) {
    return simulation(TuningMode.AUTO, trimmed);
  }

  @Test
  void whereMuchIsFreeItGoesBackOftenAtFirst() {
    Simulation sim = simulation(MUCH).run(60);
    assertThat(sim.heap.trims).isBetween(5, 6);
    sim.run(3_600);
    assertThat(sim.heap.trims).isBetween(20, 30);
    assertThat(sim.decisions("native-trim"))
        .extracting(Decision::outcome)
        .contains(Outcome.KEPT)
        .doesNotContain(Outcome.FAILED);
  }

  @Test
  void whereLittleIsFreeItIsAskedForEverMoreSeldom() {
    Simulation sim = simulation(Optional.of(new Trimmed(MB, 0.001))).run(300);
    assertThat(sim.heap.trims).isBetween(3, 5);
    sim.run(3_300);
    assertThat(sim.heap.trims).isBetween(8, 11);
    sim.heap.trimmed = MUCH;
    sim.run(1_200);
    assertThat(sim.heap.trims).isGreaterThanOrEqualTo(10);
  }

  @Test
  void whatTakesLongIsLeftAlone() {
    Simulation sim = simulation(Optional.of(new Trimmed(900 * MB, 0.5))).run(900);
    assertThat(sim.heap.trims).isOne();
    sim.run(200);
    assertThat(sim.heap.trims).isEqualTo(2);
  }

  @Test
  void whereItCannotBeDoneItIsAskedForOnce() {
    Simulation sim = simulation(Optional.empty()).run(1_000);
    assertThat(sim.heap.trims).isOne();
    assertThat(sim.decisions("native-trim"))
        .extracting(Decision::outcome)
        .containsExactly(Outcome.FAILED);
  }

  @ParameterizedTest
  @EnumSource(
      value = TuningMode.class,
      names = {"OFF", "OBSERVE"})
  void onlyAutomaticControlDoesIt(TuningMode mode) {
    assertThat(simulation(mode, MUCH).run(100).heap.trims).isZero();
  }
}
