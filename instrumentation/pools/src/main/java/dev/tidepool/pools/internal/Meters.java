package dev.tidepool.pools.internal;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Numbers of the meters in use, what they stood at when they were opened, and the counts of shelves
 * that are gone. All but {@link #contended} under the registry's lock.
 */
final class Meters {
  static final int HITS = 0;
  static final int REUSED = 1;
  static final int MISSES = 2;
  static final int DROPPED = 3;
  static final int COLUMNS = 4;

  private long[] retired = new long[16 * COLUMNS];
  private long[] base = new long[16 * COLUMNS];
  private boolean[] open = new boolean[16];
  private volatile AtomicLongArray contended = new AtomicLongArray(16 * COLUMNS);

  Meters() {
    open[0] = true; // row 0 counts what has no meter
  }

  /** The lowest free number. Its base is yet to be set by {@link #rebase}. */
  int open() {
    int meter = 1;
    while (meter < open.length && open[meter]) {
      meter++;
    }
    if (meter == open.length) {
      grow(2 * meter);
    }
    open[meter] = true;
    return meter;
  }

  void close(int meter) {
    if (meter > 0 && meter < open.length) {
      open[meter] = false;
    }
  }

  int size() {
    return open.length;
  }

  void rebase(int meter, long[] standing) {
    System.arraycopy(standing, 0, base, meter * COLUMNS, COLUMNS);
  }

  long base(int meter, int column) {
    return base[meter * COLUMNS + column];
  }

  void retire(long[] counts) {
    if (counts.length > retired.length) {
      grow(counts.length / COLUMNS);
    }
    for (int i = 0; i < counts.length; i++) {
      retired[i] += counts[i];
    }
  }

  long retired(int meter, int column) {
    return retired[meter * COLUMNS + column] + contended.get(meter * COLUMNS + column);
  }

  /** Counts for a thread that found no shelf to count in. From any thread. */
  void contended(int meter, int column, long amount) {
    AtomicLongArray c = contended;
    int at = meter * COLUMNS + column;
    if (at >= 0 && at < c.length()) {
      c.getAndAdd(at, amount);
    }
  }

  private void grow(int meters) {
    open = Arrays.copyOf(open, meters);
    base = Arrays.copyOf(base, meters * COLUMNS);
    retired = Arrays.copyOf(retired, meters * COLUMNS);
    AtomicLongArray wider = new AtomicLongArray(meters * COLUMNS);
    for (int i = 0; i < contended.length(); i++) {
      wider.set(i, contended.get(i));
    }
    contended = wider; // what is added to the old one meanwhile is lost: a handful of counts
  }
}
