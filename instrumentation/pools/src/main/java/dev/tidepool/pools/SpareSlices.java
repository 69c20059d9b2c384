package dev.tidepool.pools;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Slices of slabs that found no place on the shelves, by their size. A size that nobody has asked
 * for in vain, or brought more of, for the time that things may idle is let go as a whole: its
 * slabs are freed only when none of their slices is left.
 */
final class SpareSlices {
  private static final int SIZES = Integer.SIZE;

  private static final class Line {
    private final Queue<ByteBuffer> slices = new ConcurrentLinkedQueue<>();
    private volatile long touched;
    private volatile boolean used; // since the last round
  }

  private final Line[] lines = new Line[SIZES];

  SpareSlices() {
    for (int i = 0; i < SIZES; i++) {
      lines[i] = new Line();
    }
  }

  /** A slice of a capacity, or null. */
  ByteBuffer take(int capacity) {
    Line line = lineOf(capacity);
    ByteBuffer slice = capacity > DirectPool.LARGEST ? null : line.slices.poll();
    if (slice != null) {
      touch(line);
    }
    return slice;
  }

  /** Keeps a slice, unless it is larger than the largest size: then it is a slab of its own. */
  boolean add(ByteBuffer slice) {
    if (slice.capacity() > DirectPool.LARGEST) {
      return false;
    }
    Line line = lineOf(slice.capacity());
    line.slices.add(slice);
    touch(line);
    return true;
  }

  /** A capacity up to the largest size is a power of two; above it there is nothing. */
  private Line lineOf(int capacity) {
    return lines[Integer.numberOfLeadingZeros(capacity)];
  }

  private static void touch(Line line) {
    line.touched = System.nanoTime();
    if (!line.used) {
      line.used = true;
    }
  }

  boolean isEmpty() {
    for (Line line : lines) {
      if (!line.slices.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** One maintenance round; bytes let go. */
  long trim(Pressure level) {
    long idle = Shelving.idleNanos(level, Shelving.UNPRESSED_NANOS);
    long now = System.nanoTime();
    long bytes = 0;
    for (Line line : lines) {
      boolean goes =
          switch (level) {
            case NONE, LOW, MEDIUM -> now - line.touched >= idle;
            case HIGH -> !line.used;
            case CRITICAL -> true;
          };
      line.used = false;
      ByteBuffer slice = goes ? line.slices.poll() : null;
      for (; slice != null; slice = line.slices.poll()) {
        bytes += slice.capacity();
      }
    }
    return bytes;
  }
}
