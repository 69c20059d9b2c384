package dev.tidepool.tuning.control;

import java.util.Arrays;

/** Largest value of the last so many seconds, to a tenth of that time. */
final class SlidingMax {
  private static final int SLOTS = 10;

  private final double slotSeconds;
  private final long[] slots = new long[SLOTS];
  private long lastSlot = Long.MIN_VALUE;

  SlidingMax(double seconds) {
    slotSeconds = seconds / SLOTS;
  }

  void add(double second, long value) {
    long slot = (long) (second / slotSeconds);
    if (lastSlot == Long.MIN_VALUE || slot - lastSlot >= SLOTS) {
      Arrays.fill(slots, 0);
    } else {
      for (long i = lastSlot + 1; i <= slot; i++) {
        slots[(int) (i % SLOTS)] = 0;
      }
    }
    lastSlot = slot;
    int index = (int) (slot % SLOTS);
    slots[index] = Math.max(slots[index], value);
  }

  long max() {
    return Arrays.stream(slots).max().orElse(0);
  }
}
