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

    @Override
    long previous(long capacity) {
      return capacity % 2 == 0 ? (capacity - 2) / 2 : -1;
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

  /**
   * The capacity that grew to this one, or -1 where none did. Told only where a length that
   * somebody asked for, a power of two say, does not look like one that grew.
   */
  long previous(long capacity) {
    return -1;
  }

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

  /**
   * Bytes of the arrays that led to the last one, as far back as its length tells, that one
   * included: where something long was put in at once, growth went on from there. Of lengths that
   * never grew one in two looks like one that grew once, so fewer than three steps tell nothing.
   *
   * @param start the first array is not shorter
   */
  long bytesUpTo(long last, long start, int elementBytes) {
    long bytes = 0;
    int arrays = 0;
    for (long capacity = last; capacity >= start; capacity = previous(capacity)) {
      bytes += HEADER + capacity * elementBytes;
      arrays++;
    }
    return arrays > 3 ? bytes : HEADER + last * elementBytes;
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
