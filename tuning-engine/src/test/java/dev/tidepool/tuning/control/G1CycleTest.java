package dev.tidepool.tuning.control;

import static dev.tidepool.tuning.control.SimulatedHeap.MB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.tuning.Collector;
import dev.tidepool.tuning.levers.G1Cycle;
import dev.tidepool.tuning.levers.Levers;
import org.junit.jupiter.api.Test;

/** The guard between rounds, and that it leaves every flag as it was. */
class G1CycleTest {
  private final SimulatedHeap vm = new SimulatedHeap(Collector.G1, 2_048 * MB, 60);
  private final Levers levers = vm.levers();
  private final G1Cycle cycle =
      new G1Cycle(
          levers.find(Levers.PERIODIC_INTERVAL).orElseThrow(), levers.find(Levers.FREE_RATIO), vm);

  @Test
  void aHeapThatGrewPastTheGuardIsShrunkTightlyAndTheRatiosComeBack() {
    cycle.guard(400 * MB, 0.1);
    cycle.collected("G1 Evacuation Pause", 180 * MB, 390 * MB);
    assertThat(vm.number("MaxHeapFreeRatio")).isEqualTo(70);
    cycle.collected("G1 Evacuation Pause", 180 * MB, 680 * MB);
    assertThat(cycle.fired()).isEqualTo(1);
    assertThat(cycle.pending()).isTrue();
    assertThat(vm.number("MaxHeapFreeRatio")).isEqualTo(48);
    assertThat(vm.number("MinHeapFreeRatio")).isLessThanOrEqualTo(48);
    cycle.collected("G1 Periodic Collection", 180 * MB, 390 * MB);
    assertThat(cycle.pending()).isFalse();
    assertThat(vm.number("MaxHeapFreeRatio")).isEqualTo(70);
  }

  @Test
  void whereWhatIsUsedHardlyFitsTheHeapIsShrunkAsFarAsItGoes() {
    cycle.guard(400 * MB, 0.1);
    cycle.collected("G1 Evacuation Pause", 390 * MB, 680 * MB);
    assertThat(vm.number("MaxHeapFreeRatio")).isEqualTo(10);
  }

  @Test
  void aCollectionThatComesAfterItsPulseTakesNoGuardAway() {
    long[] now = {0};
    G1Cycle timed =
        new G1Cycle(
            levers.find(Levers.PERIODIC_INTERVAL).orElseThrow(),
            levers.find(Levers.FREE_RATIO),
            vm,
            () -> now[0]);
    timed.guard(400 * MB, 0.1);
    timed.collected("G1 Evacuation Pause", 180 * MB, 680 * MB);
    now[0] += 300_000_000L;
    timed.settle(390 * MB); // another cycle has shrunk the heap
    now[0] += 100_000_000L;
    timed.collected("G1 Periodic Collection", 180 * MB, 390 * MB);
    now[0] += 1_000_000_000L;
    timed.guard(400 * MB, 0.1);
    timed.collected("G1 Evacuation Pause", 180 * MB, 680 * MB);
    assertThat(timed.fired()).isEqualTo(2);
    now[0] += 300_000_000L;
    timed.collected("G1 Periodic Collection", 180 * MB, 390 * MB);
    now[0] += 3_000_000_000L;
    timed.collected("G1 Periodic Collection", 180 * MB, 390 * MB); // nobody has asked for it
    timed.guard(400 * MB, 0.1);
    timed.collected("G1 Evacuation Pause", 180 * MB, 680 * MB);
    assertThat(timed.fired()).isEqualTo(2);
  }

  @Test
  void whatTheGovernorSetMeanwhileStays() {
    cycle.guard(400 * MB, 0.1);
    cycle.collected("G1 Evacuation Pause", 180 * MB, 680 * MB);
    levers.find(Levers.FREE_RATIO).orElseThrow().set(45);
    cycle.collected("G1 Periodic Collection", 180 * MB, 390 * MB);
    assertThat(vm.number("MaxHeapFreeRatio")).isEqualTo(45);
  }

  @Test
  void whatIsInAUsersHandIsNotTouchedByPulseNorGuard() {
    levers.find(Levers.PERIODIC_INTERVAL).orElseThrow().set(600_000);
    levers.find(Levers.FREE_RATIO).orElseThrow().set(60);
    cycle.heldBy(name -> true);
    assertThat(cycle.begin(0.1)).isFalse();
    cycle.guard(400 * MB, 0.1);
    cycle.collected("G1 Evacuation Pause", 180 * MB, 680 * MB);
    cycle.settle(680 * MB);
    assertThat(vm.number("G1PeriodicGCInterval")).isEqualTo(600_000);
    assertThat(vm.number("MaxHeapFreeRatio")).isEqualTo(60);
  }

  @Test
  void aLeverTakenInTheMiddleOfAPulseStays() {
    cycle.begin(0.1);
    levers.find(Levers.PERIODIC_INTERVAL).orElseThrow().set(600_000);
    cycle.heldBy(name -> true);
    cycle.collected("G1 Periodic Collection", 180 * MB, 390 * MB);
    assertThat(vm.number("G1PeriodicGCInterval")).isEqualTo(600_000);
  }

  @Test
  void aPulseEndsWhereItBegan() {
    levers.find(Levers.PERIODIC_INTERVAL).orElseThrow().set(20_000);
    assertThat(cycle.begin(0.1)).isTrue();
    assertThat(vm.number("G1PeriodicGCInterval")).isLessThanOrEqualTo(500);
    cycle.collected("G1 Periodic Collection", 180 * MB, 390 * MB);
    assertThat(vm.number("G1PeriodicGCInterval")).isEqualTo(20_000);
  }

  @Test
  void aGuardEndsWhereItBegan() {
    levers.find(Levers.PERIODIC_INTERVAL).orElseThrow().set(20_000);
    cycle.guard(400 * MB, 0.1);
    assertThat(vm.number("G1PeriodicGCInterval")).isLessThanOrEqualTo(500);
    cycle.guard(0, 0.1);
    assertThat(vm.number("G1PeriodicGCInterval")).isEqualTo(20_000);
  }

  @Test
  void closedInTheMiddleItLeavesEverythingAsFound() {
    cycle.guard(400 * MB, 0.1);
    cycle.collected("G1 Evacuation Pause", 180 * MB, 680 * MB);
    cycle.close();
    levers.restore();
    assertThat(vm.number("MinHeapFreeRatio")).isEqualTo(40);
    assertThat(vm.number("MaxHeapFreeRatio")).isEqualTo(70);
    assertThat(vm.number("G1PeriodicGCInterval")).isZero();
  }
}
