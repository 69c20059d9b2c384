package dev.tidepool.rewriting.gate;

/**
 * A few counters in stripes, one cache line each, chosen by thread. Increments are plain: two
 * threads of one stripe may lose a count now and then, which costs a rank nothing and spares every
 * allocation a locked instruction.
 */
final class Cells {
  static final int ALLOCATIONS = 0;
  static final int BYTES = 1;
  static final int DROPPED = 2;
  static final int REUSED = 3;
  static final int REUSED_BYTES = 4;
  static final int MISSED = 5;
  static final int LENT = 6;
  static final int SMALL_BYTES = 7;

  private static final int LINE = 8;
  private static final int STRIPES =
      Math.min(64, Integer.highestOneBit(4 * Runtime.getRuntime().availableProcessors() - 1));

  private final long[] cells = new long[(STRIPES + 1) * LINE];

  /** Where the current thread's counters begin. */
  private static int home() {
    // the first line holds the array's header; ids are handed out one by one
    return (((int) Thread.currentThread().getId() & (STRIPES - 1)) + 1) * LINE;
  }

  void add(int counter, long amount) {
    cells[home() + counter] += amount;
  }

  void allocated(long bytes) {
    int home = home();
    cells[home + ALLOCATIONS]++;
    cells[home + BYTES] += bytes;
  }

  /** One that is too small for the pool. */
  void allocatedSmall(long bytes) {
    int home = home();
    cells[home + ALLOCATIONS]++;
    cells[home + BYTES] += bytes;
    cells[home + SMALL_BYTES] += bytes;
  }

  void reused(long bytes) {
    int home = home();
    cells[home + REUSED]++;
    cells[home + REUSED_BYTES] += bytes;
  }

  long sum(int counter) {
    long sum = 0;
    for (int at = LINE + counter; at < cells.length; at += LINE) {
      sum += cells[at];
    }
    return sum;
  }
}
