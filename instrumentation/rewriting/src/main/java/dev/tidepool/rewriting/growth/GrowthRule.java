package dev.tidepool.rewriting.growth;

/** How an array that is full is replaced by a larger one, an element at a time. */
public enum GrowthRule {
  /** Twice as long (ByteArrayOutputStream, CharArrayWriter). */
  DOUBLE {
    @Override
    long next(long capacity) {
      return 2 * Math.max(1, capacity);
    }
  },
  /** Twice as long and two (StringBuilder, StringBuffer). */
  DOUBLE_PLUS_TWO {
    @Override
    long next(long capacity) {
      return 2 * capacity + 2;
    }
  },
  /** Half as long again (ArrayList). */
  HALF {
    @Override
    long next(long capacity) {
      return Math.max(capacity + 1, capacity + (capacity >> 1));
    }
  },
  /** Doubled while short, then half as long again (PriorityQueue). */
  DOUBLE_THEN_HALF {
    @Override
    long next(long capacity) {
      return capacity < 64 ? 2 * capacity + 2 : capacity + (capacity >> 1);
    }
  },
  /** As before, with an element that stays free (ArrayDeque). */
  DEQUE {
    @Override
    long next(long capacity) {
      return DOUBLE_THEN_HALF.next(capacity + 1) - 1;
    }

    @Override
    int capacity(int length) {
      return length - 1;
    }
  };

  /** Bytes of an array beside its elements, as HotSpot lays it out with compressed class words. */
  private static final int HEADER = 16;

  abstract long next(long capacity);

  /** How many elements an array of this length holds. */
  int capacity(int length) {
    return length;
  }

  /** The capacity reached by growing from {@code start} until {@code size} elements fit. */
  public long reached(long start, long size) {
    long capacity = start;
    while (capacity < size) {
      capacity = next(capacity);
    }
    return capacity;
  }

  /** Bytes of all arrays of that growth, the first one included. */
  public long bytes(long start, long size, int elementBytes) {
    long bytes = HEADER + start * elementBytes;
    long capacity = start;
    while (capacity < size) {
      capacity = next(capacity);
      bytes += HEADER + capacity * elementBytes;
    }
    return bytes;
  }
}
