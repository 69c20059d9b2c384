package dev.tidepool.tuning.control;

import static dev.tidepool.tuning.control.SimulatedHeap.MB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.tuning.Collector;
import dev.tidepool.tuning.Decision;
import dev.tidepool.tuning.Decision.Outcome;
import dev.tidepool.tuning.TuningMode;
import dev.tidepool.tuning.TuningSettings;
import dev.tidepool.tuning.levers.Levers;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When ZGC is made to give unused memory back sooner, and when not. */
class UncommitSimulationTest {
  private static final String DELAY = Levers.UNCOMMIT_DELAY;

  /** A load that has gone and left its memory committed. */
  private static Simulation spikeThenIdle(TuningSettings settings, long limit) {
    Simulation sim = new Simulation(Collector.ZGC, 2_048, 80, settings).load(800, 300).limit(limit);
    sim.run(60);
    sim.heap.sticky = true;
    return sim.load(36, 0.1).run(60);
  }

  private static void goneBack(Simulation sim) {
    sim.heap.sticky = false;
    sim.heap.touch(40 * MB);
  }

  @Test
  void insideALimitThatCapsTheHeapItIsShortAndWrittenOnce() {
    Simulation sim = Simulation.of(Collector.ZGC, 2_048, 81).load(150, 300).limit(600);
    sim.run(29);
    assertThat(sim.heap.writesOf(DELAY)).isZero();
    sim.run(5);
    assertThat(sim.heap.number(DELAY)).isEqualTo(15);
    sim.run(3_600);
    assertThat(sim.heap.writesOf(DELAY)).isEqualTo(1);
    assertThat(sim.decisions(DELAY)).extracting(Decision::outcome).containsExactly(Outcome.KEPT);
    assertThat(sim.decisions(DELAY).get(0).reason()).contains("container's limit");
  }

  @Test
  void aHeapAskedForLessGivesItBackSoonerAndAnHourAfterItNeedsAllIsAsFound() {
    Simulation sim = spikeThenIdle(TuningSettings.DEFAULT, 0);
    assertThat(sim.heap.number(DELAY)).isEqualTo(60);
    goneBack(sim);
    sim.run(5_000);
    assertThat(sim.heap.writesOf(DELAY)).isEqualTo(1);
    sim.heap.markBytesPerSecond = 35_000.0 * MB;
    sim.load(1_600, 600).run(3_000);
    assertThat(sim.heap.number(DELAY)).isEqualTo(60);
    sim.run(1_000);
    assertThat(sim.heap.number(DELAY)).isEqualTo(300);
    assertThat(sim.heap.writesOf(DELAY)).isEqualTo(2);
    assertThat(sim.decisions(DELAY).get(1).reason()).contains("for an hour");
  }

  @Test
  void inAContainerThatTheHeapMayFillItIsShortBeforeTheFirstSpike() {
    Simulation sim = Simulation.of(Collector.ZGC, 1_600, 87).load(36, 60).limit(2_000);
    sim.run(60);
    assertThat(sim.heap.number(DELAY)).isEqualTo(15);
    assertThat(sim.decisions(DELAY)).hasSize(1);
  }

  @Test
  void inAContainerItIsAsShortAsTheLaunchFlagsHaveIt() {
    assertThat(spikeThenIdle(TuningSettings.DEFAULT, 4_000).heap.number(DELAY)).isEqualTo(15);
  }

  @Test
  void aHeapThatFitsAndIsUsedIsLeftAlone() {
    Simulation sim = Simulation.of(Collector.ZGC, 1_024, 82).load(500, 200).limit(8_000);
    sim.run(60);
    assertThat(sim.heap.writesOf(DELAY)).isZero();
  }

  @Test
  void observingMovesNothingAndWritesDownNowAndThen() {
    Simulation sim =
        spikeThenIdle(TuningSettings.DEFAULT.withMode(TuningMode.OBSERVE), 0).run(3_600);
    assertThat(sim.heap.writesOf(DELAY)).isZero();
    assertThat(sim.decisions(DELAY)).hasSizeBetween(1, 2);
    assertThat(sim.decisions(DELAY)).allMatch(d -> d.outcome() == Outcome.OBSERVED);
  }

  @Test
  void switchedOffItIsNeverWrittenAndOnceMovedItGoesBack() {
    TuningSettings off = TuningSettings.DEFAULT.withUncommitDelay(false);
    Simulation sim = spikeThenIdle(off, 0);
    assertThat(sim.heap.writesOf(DELAY)).isZero();
    assertThat(sim.controller.levers()).noneMatch(lever -> lever.name().equals(DELAY));
    sim.controller.settings(TuningSettings.DEFAULT);
    sim.run(40);
    assertThat(sim.heap.number(DELAY)).isEqualTo(60);
    sim.controller.settings(off);
    assertThat(sim.heap.number(DELAY)).isEqualTo(300);
    assertThat(sim.decisions(DELAY)).extracting(Decision::reason).anyMatch(r -> r.contains("off"));
    int writes = sim.heap.writesOf(DELAY);
    sim.run(1_200);
    assertThat(sim.heap.writesOf(DELAY)).isEqualTo(writes);
    assertThatThrownBy(() -> sim.controller.moveByHand(DELAY, 20)).hasMessageContaining("is off");
  }

  @Test
  void byHandItTakesWhatIsNotAboveTheOriginalAndIsHeld() {
    Simulation sim = Simulation.of(Collector.ZGC, 2_048, 83).load(150, 300).limit(600);
    sim.run(2);
    assertThatThrownBy(() -> sim.controller.moveByHand(DELAY, 301))
        .hasMessage("ZUncommitDelay takes values from 1 to 300");
    sim.controller.moveByHand(DELAY, 100);
    sim.run(500);
    assertThat(sim.heap.number(DELAY)).isEqualTo(100);
    sim.run(200);
    assertThat(sim.heap.number(DELAY)).isEqualTo(15);
    assertThat(sim.controller.close()).isTrue();
    assertThat(sim.heap.number(DELAY)).isEqualTo(300);
  }

  @Test
  void whatTheUserHasSetStays() {
    Simulation sim = Simulation.userSet(Collector.ZGC, 2_048, 84, DELAY, 1);
    sim.load(150, 300).limit(600).run(120);
    assertThat(sim.heap.writesOf(DELAY)).isZero();
  }

  @Test
  void aRefusalIsWrittenDownAndTheLeverLeftAlone() {
    Simulation sim = Simulation.of(Collector.ZGC, 2_048, 85).load(150, 5).limit(600);
    sim.heap.refusedFlag = DELAY;
    sim.run(2_000);
    assertThat(sim.decisions(DELAY)).extracting(Decision::outcome).containsExactly(Outcome.FAILED);
  }

  @ParameterizedTest
  @EnumSource(names = {"SHENANDOAH", "G1", "SERIAL", "PARALLEL"})
  void otherCollectorsHaveNoSuchLever(Collector collector) {
    Simulation sim = Simulation.of(collector, 2_048, 86).load(150, 100).limit(600);
    sim.run(60);
    assertThat(sim.heap.writesOf(DELAY)).isZero();
    assertThat(sim.controller.levers()).noneMatch(lever -> lever.name().equals(DELAY));
  }

  @Test
  void whereTheLeversAreLetGoItGoesToo() {
    Simulation sim = spikeThenIdle(TuningSettings.DEFAULT, 0);
    assertThat(sim.heap.number(DELAY)).isEqualTo(60);
    goneBack(sim);
    sim.heap.applicationCpu = 0.3;
    sim.heap.markBytesPerSecond = 5.0 * MB;
    sim.load(1_800, 400).run(60);
    assertThat(sim.decisions("all")).isNotEmpty();
    assertThat(sim.heap.number(DELAY)).isEqualTo(300);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void underAnyLoadItIsWrittenAFewTimesAnHourAtMost(long seed) {
    Random random = new Random(seed);
    Simulation sim = Simulation.of(Collector.ZGC, 2_048, seed);
    sim.run(
        4 * 3_600,
        s -> {
          if (s % 100 == 0) {
            sim.load(20 + random.nextInt(900), random.nextInt(3) == 0 ? 0.1 : random.nextInt(500));
            sim.limit(random.nextInt(4) == 0 ? 0 : 2_000 + random.nextInt(2_000));
            sim.heap.sticky = random.nextBoolean();
          }
        });
    assertThat(sim.heap.writesOf(DELAY)).isBetween(1, 12);
  }
}
