package dev.tidepool.tuning.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.tuning.Collector;
import dev.tidepool.tuning.Pressure;
import dev.tidepool.tuning.Pressure.Level;
import dev.tidepool.tuning.Snapshot;
import dev.tidepool.tuning.signals.JfrSignals;
import org.junit.jupiter.api.Test;

class PressureGaugeTest {
  private static final long MB = 1L << 20;

  private final PressureGauge gauge = new PressureGauge();
  private double second = 1;
  private long live = 100 * MB;
  private long workingSet = 300 * MB;
  private double gcSeconds;
  private double gcRatio;
  private double processors = 2;
  private long stalls;
  private double psi;
  private double machinePsi;

  /** So many seconds of what is set, collections included. */
  private Pressure pass(int seconds) {
    Pressure last = null;
    for (int i = 0; i < seconds; i++) {
      second++;
      gcSeconds += processors * gcRatio;
      last = gauge.read(snapshot());
    }
    return last;
  }

  private Snapshot snapshot() {
    return new Snapshot(
        second,
        new Snapshot.Heap(live, 500 * MB, 1_000 * MB, 8 * MB, live, 0, live, live),
        new Snapshot.Gc(
            Collector.ZGC,
            0,
            0,
            0,
            0,
            0,
            gcSeconds,
            gcRatio,
            gcRatio,
            0,
            0,
            stalls,
            0,
            0,
            1,
            Snapshot.Pauses.NONE),
        new Snapshot.Container(1_000 * MB, workingSet, workingSet, 0, 0, psi, machinePsi),
        new Snapshot.Footprint(2 * second, 2, 500 * MB, 0, 0, 10),
        JfrSignals.NONE,
        0);
  }

  @Test
  void theLevelRisesAtOnceAndFallsAfterSomeCalm() {
    assertThat(pass(1).level()).isEqualTo(Level.NONE);
    workingSet = 950 * MB;
    assertThat(pass(1).level()).isEqualTo(Level.CRITICAL);
    workingSet = 300 * MB;
    assertThat(pass(5).level()).isEqualTo(Level.CRITICAL);
    assertThat(pass(1).level()).isEqualTo(Level.NONE);
  }

  @Test
  void aValueThatSwingsAboutAThresholdKeepsTheLevel() {
    for (int i = 0; i < 60; i++) {
      workingSet = (i % 2 == 0 ? 885 : 870) * MB;
      assertThat(pass(1).level()).isEqualTo(Level.HIGH);
    }
  }

  @Test
  void calmIsCountedAnewAfterEveryAlarm() {
    workingSet = 950 * MB;
    pass(1);
    for (int i = 0; i < 5; i++) {
      workingSet = 300 * MB;
      assertThat(pass(4).level()).isEqualTo(Level.CRITICAL);
      workingSet = 950 * MB;
      pass(1);
    }
  }

  @Test
  void theLiveSetCountsAgainstTheMaximumHeap() {
    live = 900 * MB;
    assertThat(pass(1).cause()).contains("live set 90 %");
  }

  @Test
  void aStallIsHighPressureForSomeSeconds() {
    pass(1);
    stalls = 1;
    assertThat(pass(1).cause()).contains("stalled");
    assertThat(pass(8).level()).isEqualTo(Level.HIGH);
    assertThat(pass(8).level()).isEqualTo(Level.NONE);
  }

  @Test
  void stallsBeforeTheFirstLookAreNoNews() {
    stalls = 7;
    assertThat(pass(1).level()).isEqualTo(Level.NONE);
  }

  @Test
  void tasksOfTheGroupThatWaitForMemoryRaiseItAndTheMachinesOnlyALittle() {
    machinePsi = 0.9;
    assertThat(pass(1).level()).isEqualTo(Level.LOW);
    psi = 0.25;
    assertThat(pass(1).level()).isEqualTo(Level.HIGH);
  }

  @Test
  void aStormOfCollectionsAfterAQuietDayIsSeenWithinSeconds() {
    second = 86_400;
    pass(10);
    gcRatio = 0.6;
    assertThat(pass(8).level()).isEqualTo(Level.CRITICAL);
    assertThat(pass(1).cause()).contains("collections take 60 %");
  }

  @Test
  void aLargeShareOfVeryLittleIsNoPressure() {
    processors = 0.1;
    gcRatio = 0.5;
    assertThat(pass(10).level()).isEqualTo(Level.NONE);
  }
}
