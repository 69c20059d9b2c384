package dev.tidepool.tuning.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidepool.tuning.Collector;
import dev.tidepool.tuning.Comparison;
import dev.tidepool.tuning.Decision;
import dev.tidepool.tuning.Decision.Outcome;
import dev.tidepool.tuning.Ledger;
import dev.tidepool.tuning.Pressure;
import dev.tidepool.tuning.Snapshot;
import dev.tidepool.tuning.Timeline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LawTest {
  @Test
  void theTrimIsOneAtTheTargetAndBoundedAwayFromIt() {
    assertThat(HeapLaw.trim(0.05, 0.05)).isCloseTo(1, within(1e-9));
    assertThat(HeapLaw.trim(1, 0.05)).isEqualTo(1.5, within(1e-6));
    assertThat(HeapLaw.trim(0, 0.05)).isBetween(0.75, 1.0);
  }

  @Test
  void theLargestOfASlidingWindowIsForgottenInTime() {
    SlidingMax max = new SlidingMax(100);
    max.add(0, 50);
    max.add(60, 7);
    assertThat(max.max()).isEqualTo(50);
    max.add(111, 8);
    assertThat(max.max()).isEqualTo(8);
    max.add(1_000, 1);
    assertThat(max.max()).isEqualTo(1);
  }

  @Test
  void threeReversalsInTenMinutesDoubleTheInterval() {
    Cadence cadence = new Cadence();
    double before = cadence.interval();
    for (int i = 1; i <= 3; i++) {
      cadence.shrunk(i * 60);
      cadence.grown(i * 60 + 20);
    }
    assertThat(cadence.interval()).isEqualTo(2 * before);
  }

  @Test
  void whatReversalsAndRebukesAddedIsForgottenInTime() {
    Cadence cadence = new Cadence();
    double before = cadence.interval();
    for (int i = 1; i <= 6; i++) {
      cadence.shrunk(i * 60);
      cadence.grown(i * 60 + 20);
    }
    assertThat(cadence.interval()).isEqualTo(4 * before);
    cadence.low(false, 2_000);
    assertThat(cadence.interval()).isEqualTo(4 * before);
    cadence.low(false, 2_300);
    assertThat(cadence.interval()).isEqualTo(2 * before);
    cadence.low(false, 5_000);
    cadence.low(false, 8_000);
    assertThat(cadence.interval()).isEqualTo(before);
    cadence.rebuke(8_000);
    cadence.low(false, 11_000);
    cadence.rebuke(11_000);
    assertThat(cadence.held(11_119)).isTrue();
    assertThat(cadence.held(11_121)).isFalse();
  }

  @Test
  void shrinkingNeedsEightLowReadingsInARow() {
    Cadence cadence = new Cadence();
    for (int i = 0; i < 7; i++) {
      assertThat(cadence.low(true, i)).isFalse();
    }
    assertThat(cadence.low(false, 7)).isFalse();
    for (int i = 0; i < 7; i++) {
      assertThat(cadence.low(true, 8 + i)).isFalse();
    }
    assertThat(cadence.low(true, 15)).isTrue();
    cadence.rebuke(16);
    assertThat(cadence.low(true, 17)).isFalse();
  }

  @Test
  void theLedgerForgetsTheOldestInEveryIndex() {
    Ledger ledger = new Ledger(2);
    for (int i = 0; i < 5; i++) {
      ledger.add(Instant.ofEpochSecond(i), i % 2 == 0 ? "a" : "b", "1", "2", "", Outcome.KEPT);
    }
    assertThat(ledger.count()).isEqualTo(5);
    assertThat(ledger.all()).hasSize(2);
    assertThat(ledger.of("a")).hasSize(1);
    assertThat(ledger.since(Instant.ofEpochSecond(4))).hasSize(1);
    ledger.settle(1, Outcome.TAKEN_BACK, null);
    assertThat(ledger.all()).hasSize(2);
  }

  @Test
  void aTimelineShowsWhatWasDecidedBeforeItCameAndWhatBecomesOfIt() {
    Ledger ledger = new Ledger(9);
    ledger.add(Instant.EPOCH, "early", "1", "2", "", Outcome.KEPT);
    List<String> shown = new ArrayList<>();
    ledger.timeline(
        new Timeline() {
          @Override
          public void decision(Decision decision) {
            shown.add(decision.lever() + " " + decision.outcome());
          }

          @Override
          public void pressure(Pressure pressure) {}

          @Override
          public void close() {}
        });
    long id = ledger.add(Instant.EPOCH, "late", "1", "2", "", Outcome.PENDING).id();
    ledger.settle(id, Outcome.TAKEN_BACK, null);
    assertThat(shown).containsExactly("early KEPT", "late PENDING", "late TAKEN_BACK");
  }

  @Test
  void aComparisonFindsADifferenceThatIsThereAndNoneThatIsNot() {
    assertThat(compare(0.5).collectorCpu().confidence()).isGreaterThan(0.99);
    assertThat(compare(0.5).collectorCpu().difference()).isNegative();
    assertThat(compare(0.5).allocation().difference()).isNegative();
    assertThat(compare(1.0).collectorCpu().confidence()).isLessThan(0.99);
  }

  /** The subject, while on, leaves so much of the allocation. */
  private static Comparison.Result compare(double share) {
    SimulatedHeap heap = new SimulatedHeap(Collector.ZGC, 1_024 * SimulatedHeap.MB, 41);
    heap.live = 200 * SimulatedHeap.MB;
    Comparison comparison =
        new Comparison(
            "pooling", on -> heap.rate = (on ? share : 1) * 100 * SimulatedHeap.MB, 20, 6);
    for (int i = 0; i < 400 && !comparison.done(); i++) {
      Snapshot now = heap.advance(1);
      comparison.step(now);
    }
    assertThat(comparison.done()).isTrue();
    return comparison.result();
  }
}
