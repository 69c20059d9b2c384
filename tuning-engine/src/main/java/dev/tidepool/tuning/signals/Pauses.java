package dev.tidepool.tuning.signals;

import dev.tidepool.tuning.Snapshot;
import org.HdrHistogram.Histogram;

/** Pause times of the last two to three minutes, in slices that are dropped as they age. */
final class Pauses {
  private static final int SLICES = 6;
  private static final double SLICE_SECONDS = 30;
  private static final long LONGEST_MICROS = 600_000_000L;

  private final Histogram[] slices = new Histogram[SLICES];
  private double sliceStart;
  private int current;
  private double totalSeconds;

  Pauses() {
    for (int i = 0; i < SLICES; i++) {
      slices[i] = new Histogram(LONGEST_MICROS, 2);
    }
  }

  synchronized void record(double second, long millis, long startMicros) {
    turn(second);
    long micros = Math.max(startMicros, millis * 1_000);
    slices[current].recordValue(Math.min(LONGEST_MICROS, micros));
    totalSeconds += micros / 1e6;
  }

  /** Time stopped since the process began. */
  synchronized double totalSeconds() {
    return totalSeconds;
  }

  synchronized Snapshot.Pauses read(double second) {
    turn(second);
    Histogram all = new Histogram(LONGEST_MICROS, 2);
    for (Histogram slice : slices) {
      all.add(slice);
    }
    return all.getTotalCount() == 0
        ? Snapshot.Pauses.NONE
        : new Snapshot.Pauses(
            all.getValueAtPercentile(50) / 1e6,
            all.getValueAtPercentile(99) / 1e6,
            all.getMaxValue() / 1e6);
  }

  private void turn(double second) {
    while (second - sliceStart > SLICE_SECONDS) {
      sliceStart =
          second - sliceStart > SLICES * SLICE_SECONDS ? second : sliceStart + SLICE_SECONDS;
      current = (current + 1) % SLICES;
      slices[current].reset();
    }
  }
}
