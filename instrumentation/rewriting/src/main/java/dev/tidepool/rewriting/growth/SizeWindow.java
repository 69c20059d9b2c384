package dev.tidepool.rewriting.growth;

/**
 * The sizes that a site's last objects reached. New ones push old ones out, so a distribution that
 * moves is forgotten by itself. One thread uses it.
 */
public final class SizeWindow {
  static final int LENGTH = 256;
  private static final double MOST_KEPT = 0.05;

  private final Growable growable;
  private final Growable.Start start;
  private final int[] sizes = new int[LENGTH];
  private final long[] today = new long[LENGTH];
  private final boolean[] kept = new boolean[LENGTH];
  private long added;
  private double observed;
  private double modelled;

  public SizeWindow(Growable growable, Growable.Start start) {
    this.growable = growable;
    this.start = start;
  }

  Growable growable() {
    return growable;
  }

  Growable.Start start() {
    return start;
  }

  /**
   * Adds an object that was started as the site does by itself.
   *
   * @param length of its array in the end: tells whether it grew step by step or to measure
   * @param lived whether it outlived its use by far
   */
  public void add(int size, int length, boolean lived) {
    int capacity = growable.rule().capacity(length);
    long model = growable.bytes(start, size);
    long bytes = model;
    if (capacity > start.capacity()
        && growable.rule().reached(start.capacity(), capacity) != capacity) {
      // it was told at once that much would come: few arrays, at least the last ones
      long last = growable.rule().bytesUpTo(capacity, start.capacity(), growable.elementBytes());
      bytes = Math.min(model, last);
    }
    observed += bytes;
    modelled += model;
    put(size, bytes, lived);
  }

  /** Adds an object that was started at a capacity that was learned. */
  public void addStarted(int size, boolean lived) {
    double thrift = modelled > 0 ? observed / modelled : 1;
    put(size, (long) (thrift * growable.bytes(start, size)), lived);
  }

  private void put(int size, long bytes, boolean lived) {
    int at = (int) (added % LENGTH);
    sizes[at] = size;
    today[at] = bytes;
    kept[at] = lived;
    added++;
  }

  /** Forgets every object; how they grow is kept. */
  public void clear() {
    added = 0;
  }

  /** Objects added so far, those pushed out included. */
  public long added() {
    return added;
  }

  int count() {
    return (int) Math.min(added, LENGTH);
  }

  int size(int i) {
    return sizes[i];
  }

  /** Bytes that an object allocates without any help. */
  long today(int i) {
    return today[i];
  }

  /** Mean of those, in bytes; of the arrays of an empty object before there is any. */
  public double meanToday() {
    if (added == 0) {
      return growable.bytes(start, 0);
    }
    double sum = 0;
    for (int i = 0; i < count(); i++) {
      sum += today[i];
    }
    return sum / count();
  }

  /** Mean bytes that an object allocates when it starts at this capacity. */
  public double mean(int capacity) {
    double sum = 0;
    for (int i = 0; i < count(); i++) {
      sum += growable.bytes(start, capacity, sizes[i]);
    }
    return count() == 0 ? 0 : sum / count();
  }

  /** Whether the newest objects allocate more from this capacity on than without any help. */
  public boolean hurts(int capacity, int newest) {
    double with = 0;
    double without = 0;
    int n = Math.min(newest, count());
    for (long i = added - n; i < added; i++) {
      int at = (int) (i % LENGTH);
      with += growable.bytes(start, capacity, sizes[at]);
      without += today[at];
    }
    return n == newest && with > without;
  }

  /** Whether enough objects live on for the length of their arrays to weigh in the live set. */
  boolean areKept() {
    int n = 0;
    for (int i = 0; i < count(); i++) {
      n += kept[i] ? 1 : 0;
    }
    return n > MOST_KEPT * count();
  }
}
