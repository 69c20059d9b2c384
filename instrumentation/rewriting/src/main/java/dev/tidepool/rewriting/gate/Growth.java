package dev.tidepool.rewriting.gate;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Looks at some of the growing objects that a site makes and says where new ones start.
 *
 * <p>An object that is looked at is held weakly. It can be read until the next collection after its
 * use, so the last reading of most objects is that of their final size, and none lives longer for
 * having been looked at.
 */
public final class Growth {
  private static final int WATCHED = 8;

  /** Younger objects may still be filling. */
  private static final long FILLING_NANOS = 2_000_000;

  /** Older objects are there to stay. */
  private static final long STAYING_NANOS = 2_000_000_000;

  private final SizeReader reader;
  private final Cells cells;
  private final AtomicReferenceArray<Watched> watched = new AtomicReferenceArray<>(WATCHED);
  private volatile int wanted;
  private volatile int start;
  private volatile long bytes;
  private volatile long saved;

  Growth(SizeReader reader, Cells cells) {
    this.reader = reader;
    this.cells = cells;
  }

  /** Told what became of an object. */
  public interface Finals {
    /**
     * An object reached its final size.
     *
     * @param size in elements
     * @param capacity length of its array
     * @param started whether it started where it was told to, not where the code says
     * @param lived whether it is still there, long after it was filled
     */
    void became(int size, int capacity, boolean started, boolean lived);
  }

  /** Where new objects start; 0 for as the code says. */
  int start() {
    return start;
  }

  /** Whether new objects start elsewhere than the code says. */
  public boolean starts() {
    return start != 0;
  }

  /**
   * Sets where new objects start.
   *
   * @param capacity 0 for as the code says
   */
  public void start(int capacity) {
    start = capacity;
  }

  /**
   * Sets what each object counts for from now on.
   *
   * @param meanBytes that an object allocates without any help
   * @param meanSaved bytes of those that it does not allocate
   */
  public void worth(long meanBytes, long meanSaved) {
    bytes = meanBytes;
    saved = meanSaved;
  }

  /** Any thread of the application. */
  void made(Object object, boolean acting) {
    cells.allocated(bytes);
    if (acting && saved > 0) {
      cells.add(Cells.REUSED_BYTES, saved);
    }
    if (wanted > 0) {
      watch(object, acting && start > 0);
    }
  }

  private void watch(Object object, boolean started) {
    // a race may take one object more or less, nothing else
    int left = wanted - 1;
    wanted = left;
    for (int i = 0; i < WATCHED; i++) {
      if (watched.get(i) == null) {
        if (watched.compareAndSet(i, null, new Watched(object, System.nanoTime(), started))) {
          return;
        }
      }
    }
  }

  /** Reads the objects looked at and makes room for others; a thread of the agent's. */
  public void poll(Finals finals) {
    long now = System.nanoTime();
    int free = 0;
    for (int i = 0; i < WATCHED; i++) {
      Watched one = watched.get(i);
      if (one == null || settled(one, now, finals)) {
        watched.set(i, null);
        free++;
      }
    }
    wanted = free;
  }

  private boolean settled(Watched one, long now, Finals finals) {
    Object object = one.get();
    if (object == null) {
      SizeReader.Reading last = one.last;
      if (last != null) {
        finals.became(last.size(), last.capacity(), one.started, false);
      }
      return true;
    }
    SizeReader.Reading reading = reader.read(object);
    if (reading == null || now - one.since < FILLING_NANOS) {
      return reading == null;
    }
    boolean grown = one.last == null || reading.size() > one.last.size();
    if (grown) {
      one.last = reading;
      one.grownAt = now;
      return false;
    }
    if (now - one.grownAt < STAYING_NANOS) {
      return false;
    }
    finals.became(one.last.size(), one.last.capacity(), one.started, true);
    return true;
  }

  private static final class Watched extends WeakReference<Object> {
    final long since;
    final boolean started;
    SizeReader.Reading last;
    long grownAt;

    Watched(Object object, long since, boolean started) {
      super(object);
      this.since = since;
      this.started = started;
    }
  }
}
