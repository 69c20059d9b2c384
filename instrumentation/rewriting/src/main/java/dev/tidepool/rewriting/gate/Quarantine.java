package dev.tidepool.rewriting.gate;

import java.lang.reflect.Array;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Arrays of one site that were released not long ago, filled with poison. Nobody may touch them any
 * more, so one that has changed when it leaves was written after its release.
 */
final class Quarantine {
  private static final int CAPACITY = 8;

  private final int type;
  private final AtomicLong heldBytes;
  private final Object[] held = new Object[CAPACITY];
  private int oldest;
  private int size;
  private boolean closed;

  /**
   * An empty quarantine.
   *
   * @param heldBytes what all quarantines hold together
   */
  Quarantine(int type, AtomicLong heldBytes) {
    this.type = type;
    this.heldBytes = heldBytes;
  }

  /**
   * Poisons an array and holds it, unless it was closed.
   *
   * @return the oldest one, yet to be checked, where it had to make room, or null
   */
  synchronized Object put(Object array) {
    Primitive.poison(type, array);
    if (closed) {
      return null;
    }
    Object left = size == CAPACITY ? take(0) : null;
    held[(oldest + size) % CAPACITY] = array;
    size++;
    heldBytes.addAndGet(bytes(array));
    return left;
  }

  /** The oldest array of this length that half a quarantine has passed over, or null. */
  synchronized Object takeSettled(int length) {
    for (int i = 0; i <= size - CAPACITY / 2; i++) {
      if (i < size && Array.getLength(held[(oldest + i) % CAPACITY]) == length) {
        return take(i);
      }
    }
    return null;
  }

  /** Index of the first element written since, or -1. */
  int check(Object array) {
    return Primitive.firstUnpoisoned(type, array, Array.getLength(array));
  }

  /** Checks and lets go of all. */
  synchronized int drain() {
    int written = -1;
    while (size > 0) {
      written = Math.max(written, check(take(0)));
    }
    return written;
  }

  /** Lets go of all and holds nothing any more. */
  synchronized void close() {
    closed = true;
    drain();
  }

  private long bytes(Object array) {
    return (long) Array.getLength(array) << Primitive.shift(type);
  }

  private Object take(int index) {
    Object array = held[(oldest + index) % CAPACITY];
    for (int i = index; i > 0; i--) {
      held[(oldest + i) % CAPACITY] = held[(oldest + i - 1) % CAPACITY];
    }
    held[oldest] = null;
    oldest = (oldest + 1) % CAPACITY;
    size--;
    heldBytes.addAndGet(-bytes(array));
    return array;
  }
}
