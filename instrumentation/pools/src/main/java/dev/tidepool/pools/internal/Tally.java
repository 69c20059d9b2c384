package dev.tidepool.pools.internal;

/** What shelves counted, and what is on them: added up when somebody asks. */
public final class Tally {
  private final RegistryLock lock; // of the registry of shelves
  private final Meters meters;
  private final ThreadShelves threads;
  private final Stripes stripes;
  private final long[] trimmed = new long[Sizes.COUNT]; // with the lock

  Tally(RegistryLock lock, Meters meters, ThreadShelves threads, Stripes stripes) {
    this.lock = lock;
    this.meters = meters;
    this.threads = threads;
    this.stripes = stripes;
  }

  /** Notes that something of a kind was let go. With the lock. */
  void trimmed(long key) {
    trimmed[Sizes.of(Shelf.lengthOf(key))]++;
  }

  /** Corrects the count of a take that found nothing: its owner had one in another place. */
  public void foundElsewhere(int type, int length, int meter) {
    meters.contended(meter, Meters.MISSES, -1);
    meters.contended(meter, Meters.HITS, 1);
    meters.contended(meter, Meters.REUSED, Primitives.bytes(type, length));
  }

  /** Corrects the count of a give that found no room: its owner has another place. */
  public void keptElsewhere(int meter) {
    meters.contended(meter, Meters.DROPPED, -1);
  }

  /** Has meters, before any is opened, whose numbers are {@link Sizes}. */
  public void countBySize() {
    for (int size = 1; size < Sizes.COUNT; size++) {
      openMeter();
    }
  }

  /** How many of each size were let go so far because they idled or memory was short. */
  public long[] trimmedBySize() {
    lock.lock();
    try {
      return trimmed.clone();
    } finally {
      lock.unlock();
    }
  }

  public int openMeter() {
    lock.lock();
    try {
      int meter = meters.open();
      meters.rebase(meter, standing(meter));
      return meter;
    } finally {
      lock.unlock();
    }
  }

  public void closeMeter(int meter) {
    lock.lock();
    try {
      meters.close(meter);
    } finally {
      lock.unlock();
    }
  }

  /** Hits, bytes reused, misses, dropped of a meter since it was opened. */
  public long[] counts(int meter) {
    lock.lock();
    try {
      if (meter < 0 || meter >= meters.size()) {
        return new long[Meters.COLUMNS];
      }
      long[] counts = standing(meter);
      for (int i = 0; i < counts.length; i++) {
        counts[i] = Math.max(0, counts[i] - meters.base(meter, i));
      }
      return counts;
    } finally {
      lock.unlock();
    }
  }

  /** The sum over all meters there ever were. */
  public long[] totals() {
    lock.lock();
    try {
      long[] sum = new long[Meters.COLUMNS];
      for (int meter = 0; meter < meters.size(); meter++) {
        long[] row = standing(meter);
        for (int i = 0; i < sum.length; i++) {
          sum[i] += row[i];
        }
      }
      return sum;
    } finally {
      lock.unlock();
    }
  }

  private long[] standing(int meter) {
    long[] sum = new long[Meters.COLUMNS];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = meters.retired(meter, i);
    }
    for (Shelf shelf : threads.shelves()) {
      add(shelf.counts(), meter, sum);
    }
    for (Shelf shelf : stripes.shelves()) {
      add(shelf.counts(), meter, sum);
    }
    return sum;
  }

  private static void add(long[] counts, int meter, long[] sum) {
    int row = meter * Meters.COLUMNS;
    for (int i = 0; i < sum.length && row + i < counts.length; i++) {
      sum[i] += counts[row + i];
    }
  }

  public Holdings holdings() {
    Holdings holdings = new Holdings();
    lock.lock();
    try {
      for (Shelf shelf : threads.shelves()) {
        shelf.addTo(holdings);
      }
      for (Shelf shelf : stripes.shelves()) {
        shelf.addTo(holdings);
      }
      return holdings;
    } finally {
      lock.unlock();
    }
  }
}
