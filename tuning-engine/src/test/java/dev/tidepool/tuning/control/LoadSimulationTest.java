package dev.tidepool.tuning.control;

import static dev.tidepool.tuning.control.SimulatedHeap.MB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.tuning.Collector;
import dev.tidepool.tuning.Decision;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Loads of every shape on every collector that can be steered, each with several seeds. */
class LoadSimulationTest {
  private static final Collector[] STEERED = {
    Collector.ZGC, Collector.SHENANDOAH, Collector.G1, Collector.SERIAL
  };

  static Stream<Arguments> all() {
    return Stream.of(STEERED)
        .flatMap(c -> LongStream.rangeClosed(1, 5).mapToObj(seed -> Arguments.of(c, seed)));
  }

  private static String lever(Collector collector) {
    return collector.hasSoftMax() ? SoftMaxGovernor.LEVER : RatioGovernor.LEVER;
  }

  /** How often the lever turned round. */
  private static int turns(List<Decision> moves) {
    int turns = 0;
    int last = 0;
    for (Decision move : moves) {
      int way = Long.compare(Long.parseLong(move.to()), Long.parseLong(move.from()));
      turns += last != 0 && way == -last ? 1 : 0;
      last = way;
    }
    return turns;
  }

  @ParameterizedTest
  @MethodSource("all")
  void aSteadyLoadIsConvergedUponWithoutOscillation(Collector collector, long seed) {
    Simulation sim = Simulation.of(collector, 2_048, 100 + seed).load(150, 100);
    sim.run(1_800);
    int writes = sim.heap.writesOf(lever(collector));
    int moves = sim.decisions(lever(collector)).size();
    sim.run(3_600);
    List<Decision> later = sim.decisions(lever(collector));
    assertThat(sim.heap.writesOf(lever(collector)) - writes).isLessThanOrEqualTo(10);
    assertThat(turns(later.subList(moves, later.size()))).isLessThanOrEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("all")
  void burstsInsideALimitKillNobodyAndDoNotWearTheLevers(Collector collector, long seed) {
    Simulation sim = Simulation.of(collector, 2_048, 200 + seed).load(150, 5).limit(600);
    sim.run(15);
    sim.run(600, s -> sim.load(150, s / 20 % 2 == 0 ? 400 : 20));
    assertThat(sim.heap.killed).isFalse();
    assertThat(turns(sim.decisions(lever(collector)))).isLessThan(40);
  }

  @ParameterizedTest
  @MethodSource("all")
  void aRampIsFollowedWithoutALimitToo(Collector collector, long seed) {
    Simulation sim = Simulation.of(collector, 4_096, 300 + seed).load(150, 1);
    sim.run(60);
    sim.run(300, s -> sim.load(150, s));
    sim.run(60);
    assertThat(sim.heap.gcCpuRatio()).isLessThan(0.15);
    assertThat(turns(sim.decisions(lever(collector)))).isLessThanOrEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void serialGrowsIntoTheLimitOnlyWithoutTheController(long seed) {
    SimulatedHeap alone = new SimulatedHeap(Collector.SERIAL, 2_048 * MB, seed);
    alone.limit = 600 * MB;
    Simulation sim = Simulation.of(Collector.SERIAL, 2_048, seed).limit(600);
    // Full again 22 s after a collection, as measured on 25.
    sim.heap.promoted = 0.025;
    alone.promoted = 0.025;
    sim.load(150, 400);
    alone.live = 150 * MB;
    alone.rate = 400.0 * MB;
    for (int i = 0; i < 300; i++) {
      alone.advance(1);
    }
    sim.run(300);
    assertThat(alone.killed).isTrue();
    assertThat(sim.heap.killed).isFalse();
    assertThat(sim.heap.collects).isBetween(1, 20);
    assertThat(sim.heap.number("MaxHeapFreeRatio")).isEqualTo(20);
  }

  @Test
  void theGuardOfG1HoldsTheHeapBetweenRoundsAndLeavesTheFlagsAlone() {
    Simulation sim = Simulation.of(Collector.G1, 2_048, 400).limit(600).load(150, 20);
    sim.run(30);
    for (int i = 0; i < 20; i++) {
      sim.heap.touch(560 * MB);
      sim.run(3);
    }
    assertThat(sim.heap.guardFired()).isPositive();
    assertThat(sim.heap.committed()).isLessThan(500 * MB);
    assertThat(sim.decisions("concurrent-cycle")).isNotEmpty();
    sim.controller.close();
    assertThat(sim.heap.number("MinHeapFreeRatio")).isEqualTo(40);
    assertThat(sim.heap.number("MaxHeapFreeRatio")).isEqualTo(70);
    assertThat(sim.heap.number("G1PeriodicGCInterval")).isZero();
    assertThat(sim.heap.flags.get("G1PeriodicGCSystemLoadThreshold").value()).isEqualTo("0.000000");
  }

  @Test
  void serialIsCollectedAgainInTimeThoughOneGivesLittleBackBesideGrowingNativeMemory() {
    Simulation sim = Simulation.of(Collector.SERIAL, 2_048, 500).limit(600);
    sim.heap.promoted = 0.025;
    sim.load(170, 400).run(10);
    sim.run(60, s -> sim.heap.nativeBytes += SimulatedHeap.MB);
    assertThat(sim.heap.killed).isFalse();
    assertThat(sim.heap.collects).isBetween(3, 12);
  }
}
