package dev.tidepool.tuning.control;

import static dev.tidepool.tuning.control.SimulatedHeap.MB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.tuning.Collector;
import dev.tidepool.tuning.Decision.Outcome;
import dev.tidepool.tuning.Pressure.Level;
import dev.tidepool.tuning.TuningMode;
import dev.tidepool.tuning.TuningSettings;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rails and promises of the governor, each by a load that would break them. */
class GovernorSimulationTest {
  private static final String SOFT_MAX = SoftMaxGovernor.LEVER;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void underAnyLoadTheLeverStaysInItsBoundsAndAllIsRestored(long seed) {
    Random random = new Random(seed);
    for (Collector collector :
        new Collector[] {Collector.ZGC, Collector.SHENANDOAH, Collector.G1}) {
      Simulation sim = Simulation.of(collector, 2_048, seed).limit(300 + random.nextInt(3_000));
      sim.run(
          900,
          s -> {
            if (s % 60 == 0) {
              sim.load(20 + random.nextInt(400), random.nextInt(600));
              sim.heap.nativeBytes = (30 + random.nextInt(80)) * MB;
            }
            if (s % 300 == 299) {
              sim.limit(300 + random.nextInt(3_000));
            }
            assertThat(sim.heap.number(SOFT_MAX)).isBetween(8 * MB, sim.heap.max);
            assertThat(sim.heap.number("MinHeapFreeRatio"))
                .isLessThanOrEqualTo(sim.heap.number("MaxHeapFreeRatio"));
          });
      assertThat(sim.controller.close()).isTrue();
      assertThat(sim.heap.number(SOFT_MAX)).isEqualTo(sim.heap.max);
      assertThat(sim.heap.number("MinHeapFreeRatio")).isEqualTo(40);
      assertThat(sim.heap.number("MaxHeapFreeRatio")).isEqualTo(70);
      assertThat(sim.heap.number("G1PeriodicGCInterval")).isZero();
      assertThat(sim.heap.guarded()).isZero();
    }
  }

  @Test
  void underSteadyLoadItConvergesAndThenMovesLittle() {
    Simulation sim = Simulation.of(Collector.ZGC, 2_048, 11).load(150, 100);
    sim.run(1_800);
    int writes = sim.heap.writesOf(SOFT_MAX);
    long size = sim.heap.number(SOFT_MAX);
    sim.run(3_600);
    assertThat(sim.heap.writesOf(SOFT_MAX) - writes).isLessThanOrEqualTo(10);
    assertThat(sim.heap.number(SOFT_MAX)).isBetween((long) (0.6 * size), (long) (1.6 * size));
    assertThat(sim.heap.number(SOFT_MAX)).isLessThan(sim.heap.max);
    assertThat(sim.heap.gcCpuRatio()).isBetween(0.005, 0.12);
  }

  @Test
  void aHeapSetTooSmallGrowsAtOnce() {
    Simulation sim = Simulation.of(Collector.ZGC, 2_048, 12).load(150, 60);
    sim.heap.set(SOFT_MAX, Long.toString(180 * MB));
    sim.run(30);
    assertThat(sim.heap.number(SOFT_MAX)).isGreaterThan(250 * MB);
    assertThat(sim.heap.gcCpuRatio()).isLessThan(0.12);
  }

  @Test
  void aServiceThatUsesLittleCpuGetsLittleMemory() {
    Simulation busy = Simulation.of(Collector.ZGC, 2_048, 27).load(60, 40);
    Simulation idle = Simulation.of(Collector.ZGC, 2_048, 27).load(60, 2);
    idle.heap.applicationCpu = 0.01;
    busy.run(1_800);
    idle.run(1_800);
    assertThat(idle.heap.number(SOFT_MAX)).isLessThan(busy.heap.number(SOFT_MAX));
    // a share of the process that would have brought it more, of what a processor can do it is not
    assertThat(idle.heap.gcCpuRatio()).isGreaterThan(0.06);
    assertThat(idle.last.gc().cost()).isLessThan(0.05);
    assertThat(idle.last.gc().costText()).endsWith("a quarter of a CPU");
    assertThat(idle.decisions(SOFT_MAX).size()).isLessThan(40);
  }

  @Test
  void shenandoahWithoutALimitIsOnlyAskedWhenThereIsLittleToDo() {
    Simulation sim = Simulation.of(Collector.SHENANDOAH, 2_048, 26).load(150, 100);
    sim.run(600);
    assertThat(sim.heap.writesOf(SOFT_MAX)).isZero();
    sim.load(36, 0.1).run(60);
    assertThat(sim.heap.number(SOFT_MAX)).isLessThan(sim.heap.max);
    sim.load(150, 100).run(60);
    assertThat(sim.heap.number(SOFT_MAX)).isEqualTo(sim.heap.max);
  }

  @Test
  void shrinkingIsSlowAndInSmallSteps() {
    Simulation sim = Simulation.of(Collector.ZGC, 2_048, 13).load(100, 40);
    sim.run(5);
    double committedBefore = sim.heap.committed();
    sim.run(115);
    var shrinks = sim.decisions(SOFT_MAX);
    assertThat(shrinks).hasSizeBetween(1, 5);
    // the first one only takes what was never committed
    assertThat(Double.parseDouble(shrinks.get(0).to())).isGreaterThan(committedBefore);
    shrinks
        .subList(1, shrinks.size())
        .forEach(
            d ->
                assertThat(Double.parseDouble(d.to()) / Double.parseDouble(d.from()))
                    .isGreaterThan(0.88));
  }

  @Test
  void aLimitResizedInPlaceIsFollowedWithinSeconds() {
    Simulation sim = Simulation.of(Collector.ZGC, 2_048, 14).load(150, 300).limit(800);
    sim.run(60);
    sim.limit(600).run(10);
    long cap = (long) (0.9 * 600 * MB) - sim.heap.nativeBytes;
    assertThat(sim.heap.number(SOFT_MAX)).isLessThanOrEqualTo(cap);
  }

  @ParameterizedTest
  @EnumSource(names = {"ZGC", "SHENANDOAH", "G1"})
  void insideALimitNobodyIsKilledAsNativeMemoryGrows(Collector collector) {
    Simulation sim = Simulation.of(collector, 2_048, 15).load(150, 5).limit(600);
    sim.run(15);
    sim.run(
        60,
        s -> {
          sim.load(150, 400);
          sim.heap.nativeBytes += 100 * MB / 60;
        });
    assertThat(sim.heap.killed).isFalse();
  }

  @Test
  void aLeakIsNotFoughtByTighteningFurther() {
    Simulation sim = Simulation.of(Collector.ZGC, 2_048, 16).load(100, 100).limit(600);
    sim.run(400, s -> sim.heap.live += MB);
    long size = sim.heap.number(SOFT_MAX);
    assertThat(size).isGreaterThan(300 * MB);
    sim.run(60, s -> sim.heap.live += MB);
    assertThat(sim.controller.pressure().level()).isGreaterThanOrEqualTo(Level.LOW);
  }

  @Test
  void overHalfOfTheCpuForSecondsLetsTheLeversGoForTenMinutes() {
    Simulation sim = Simulation.of(Collector.ZGC, 1_024, 17).load(100, 50);
    sim.run(200);
    sim.heap.applicationCpu = 0.3;
    sim.heap.markBytesPerSecond = 5.0 * MB;
    sim.load(900, 400).run(30);
    assertThat(sim.heap.number(SOFT_MAX)).isEqualTo(sim.heap.max);
    int writes = sim.heap.writesOf(SOFT_MAX);
    sim.run(500);
    assertThat(sim.heap.writesOf(SOFT_MAX)).isEqualTo(writes);
  }

  @Test
  void aDiurnalLoadDoesNotMakeItOscillate() {
    Simulation sim = Simulation.of(Collector.ZGC, 2_048, 18);
    sim.run(7_200, s -> sim.load(150, 60 + 50 * Math.sin(s * Math.PI / 3_600)));
    assertThat(sim.heap.writesOf(SOFT_MAX)).isLessThan(90);
  }

  @Test
  void aNoisyNeighbourInTheGroupTakesFromTheCap() {
    Simulation sim = Simulation.of(Collector.SHENANDOAH, 2_048, 19).load(120, 10).limit(1_000);
    sim.run(15);
    sim.load(120, 200).run(15);
    sim.run(30, s -> sim.heap.neighbourBytes += 9 * MB);
    assertThat(sim.heap.number(SOFT_MAX)).isLessThan(600 * MB);
    assertThat(sim.heap.killed).isFalse();
  }

  @Test
  void aFlagTheUserSetIsNeverMoved() {
    SimulatedHeap heap = new SimulatedHeap(Collector.ZGC, 2_048 * MB, 20);
    heap.userSet(SOFT_MAX, 1_000 * MB);
    assertThat(heap.levers().find(SOFT_MAX).orElseThrow().blocked()).contains("set by the user");
  }

  @Test
  void aRefusalOfTheVmIsWrittenDownAndNotRepeatedEverySecond() {
    Simulation sim = Simulation.of(Collector.ZGC, 2_048, 21).load(150, 300).limit(600);
    sim.heap.refuse = true;
    sim.run(60);
    assertThat(sim.decisions(SOFT_MAX)).hasSize(1);
    assertThat(sim.decisions(SOFT_MAX).get(0).outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void observingMovesNothingAndWritesDown() {
    Simulation sim =
        new Simulation(
            Collector.ZGC, 2_048, 22, TuningSettings.DEFAULT.withMode(TuningMode.OBSERVE));
    sim.load(150, 300).limit(600).run(120);
    assertThat(sim.heap.writes).isEmpty();
    assertThat(sim.ledger.all()).isNotEmpty().allMatch(d -> d.outcome() == Outcome.OBSERVED);
  }

  @Test
  void aLeverMovedByHandIsLeftAloneForTheHoldTime() {
    Simulation sim = Simulation.of(Collector.ZGC, 2_048, 23).load(150, 60);
    sim.run(10);
    sim.controller.moveByHand(SOFT_MAX, 190 * MB);
    sim.run((int) Duration.ofMinutes(9).toSeconds());
    assertThat(sim.heap.number(SOFT_MAX)).isEqualTo(190 * MB);
    sim.run(120);
    assertThat(sim.heap.number(SOFT_MAX)).isGreaterThan(190 * MB);
  }

  @Test
  void theEmergencyCollectsAtMostOnceInHalfAMinute() {
    Simulation sim = Simulation.of(Collector.G1, 2_048, 24).load(420, 50).limit(640);
    sim.run(59);
    assertThat(sim.heap.collects).isBetween(1, 2);
    Simulation never =
        new Simulation(
            Collector.G1, 2_048, 24, TuningSettings.DEFAULT.withEmergencyCollection(false));
    never.load(420, 50).limit(640).run(59);
    assertThat(never.heap.collects).isZero();
  }

  @Test
  void aQuietProcessGivesItsMemoryBackWithoutAFullCollection() {
    Simulation sim = Simulation.of(Collector.G1, 2_000, 25).load(800, 300);
    sim.run(60);
    long before = sim.heap.committed();
    sim.load(36, 0.1).run(60);
    assertThat(sim.heap.committed()).isLessThan((long) (0.4 * before));
    assertThat(sim.heap.collects).isZero();
  }

  @Test
  void threeHeapsUnderOneConstantUseLessThanAnEqualSplit() {
    long[] live = {50, 150, 300};
    double[] rates = {5, 40, 120};
    double total = 0;
    double cost = 0;
    for (int i = 0; i < live.length; i++) {
      Simulation sim = Simulation.of(Collector.ZGC, 2_048, 30 + i).load(live[i], rates[i]);
      sim.run(2_400);
      double before = sim.heap.gcSeconds();
      double sum = 0;
      for (int s = 0; s < 600; s++) {
        sim.run(1);
        sum += sim.heap.number(SOFT_MAX) / 600.0;
      }
      total += sum;
      cost += (sim.heap.gcSeconds() - before) / 600;
    }
    // An equal split of the headroom that costs as much: find it by halving.
    double low = 0;
    double high = 4_096.0 * MB;
    for (int i = 0; i < 60; i++) {
      double each = (low + high) / 2;
      double split = 0;
      for (int h = 0; h < live.length; h++) {
        split += rates[h] * MB * live[h] * MB / (500.0 * MB) / each;
      }
      low = split > cost ? each : low;
      high = split > cost ? high : each;
    }
    double equal = 3 * low + (50 + 150 + 300) * MB;
    assertThat(total).isLessThan(equal);
  }
}
