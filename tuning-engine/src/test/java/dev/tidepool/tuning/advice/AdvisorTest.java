package dev.tidepool.tuning.advice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.tuning.Advice;
import dev.tidepool.tuning.Collector;
import dev.tidepool.tuning.Snapshot;
import dev.tidepool.tuning.signals.JfrSignals;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class AdvisorTest {
  private static final long MB = 1L << 20;

  /** Twenty minutes of a process whose live set is what the function says, in megabytes. */
  private static History history(
      Collector collector, long maxMegabytes, long limitMegabytes, DoubleUnaryOperator live) {
    History history = new History(Startup.UNKNOWN);
    for (int second = 0; second < 1_200; second++) {
      long bytes = (long) (live.applyAsDouble(second) * MB);
      history.add(
          new Snapshot(
              second,
              new Snapshot.Heap(
                  bytes, 1_200 * MB, maxMegabytes * MB, 64 * MB, bytes, 0, bytes, bytes),
              new Snapshot.Gc(
                  collector,
                  10,
                  1,
                  0,
                  0,
                  0,
                  1,
                  0.01,
                  0.01,
                  0,
                  10.0 * MB,
                  0,
                  0.1,
                  0.1,
                  1,
                  Snapshot.Pauses.NONE),
              new Snapshot.Container(limitMegabytes * MB, 1_280 * MB, 1_280 * MB, 0, 0, 0, 0),
              new Snapshot.Footprint(100, 4, 1_280 * MB, 30 * MB, 10 * MB, 40),
              JfrSignals.NONE,
              0));
    }
    return history;
  }

  private static List<String> ids(History history, long target) {
    return Advisor.advise(history, target, 0.05).stream().map(Advice::id).toList();
  }

  @Test
  void aLiveSetThatGrowsIsTakenForALeakAndASteadyOneIsNot() {
    assertThat(ids(history(Collector.G1, 2_048, 0, s -> 100 + s / 4), 0))
        .contains("leak-suspected");
    assertThat(ids(history(Collector.G1, 2_048, 0, s -> 100 + 20 * Math.sin(s / 30)), 0))
        .doesNotContain("leak-suspected");
  }

  @Test
  void aLimitBelowHeapAndNativeIsNamedWithTheHeapThatFits() {
    History history = history(Collector.ZGC, 2_048, 2_000, s -> 40);
    assertThat(ids(history, 0)).contains("limit-below-heap");
    long fitting = LaunchFlags.fittingHeap(history);
    assertThat(fitting).isBetween(1_500 * MB, 1_800 * MB);
    assertThat(LaunchFlags.argfile(history, 300 * MB))
        .contains("-Xmx" + (fitting >> 20) + "m")
        .contains("-XX:SoftMaxHeapSize=300m")
        .contains("-Ddev.tidepool.flags=SoftMaxHeapSize:" + (300L << 20))
        .contains("-XX:ZUncommitDelay=15");
  }

  @Test
  void aHeapFarTooLargeAndACollectorTooSmallAreSeen() {
    assertThat(ids(history(Collector.SERIAL, 2_048, 0, s -> 40), 100 * MB))
        .contains("heap-too-large", "serial-collector");
    assertThat(LaunchFlags.argfile(history(Collector.SERIAL, 2_048, 0, s -> 40), 0))
        .contains("-XX:+UseG1GC");
  }

  @Test
  void beforeAnythingWasSeenNothingIsSaid() {
    assertThat(Advisor.advise(new History(Startup.UNKNOWN), 0, 0.05)).isEmpty();
    assertThat(LaunchFlags.argfile(new History(Startup.UNKNOWN), 0)).startsWith("#");
  }
}
