package dev.tidepool.pools.internal;

import java.lang.reflect.Array;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * All shelves of one budget: the threads' own, and the stripes that everybody shares.
 *
 * <p>Taking and giving never block. What looks at all shelves (trim, counts, close) does so under
 * one lock, for which a thread that takes or gives never waits.
 */
public final class ArrayShelves {
  private static final long IDLE_WHEN_STARVED_NANOS = 1_000_000_000L;
  private static final int FADING = 32; // ticks
  private static final int AGES = 64; // that are told apart where the limit falls; in ticks

  /** A meter for giving: the one of the size, where {@link Tally#countBySize} was called. */
  public static final int BY_SIZE = -1;

  /** What is lent out and never comes back is to die as soon as its holder lets go of it. */
  private static final long LONGEST_LOAN_NANOS = 1_000_000_000L;

  private final RegistryLock lock = new RegistryLock();
  private final Meters meters = new Meters();
  private final AtomicLong trimmedBytes = new AtomicLong();
  private final Clock clock;
  private final Budget budget;
  private final Demand demand = new Demand();
  private final ThreadShelves threads;
  final Stripes stripes;
  private volatile boolean closed;

  private final boolean choosy;
  private final Runnable needed;
  private final Consumer<Object> discarded;
  private final Tally tally;
  private final Dropped dropped =
      new Dropped() {
        @Override
        public void waiting(long key, Object thing) {
          tally.trimmed(key);
          discarded.accept(thing);
        }

        @Override
        public void lent(long key) {
          tally.trimmed(key);
          if (choosy) {
            demand.owed(key);
          }
        }
      };

  /**
   * Shelves for arrays as they come: of many kinds, of which some come but once and others are
   * given more often than taken.
   */
  public static ArrayShelves choosy(long budgetBytes, Runnable needed) {
    return new ArrayShelves(budgetBytes, Shape.ARRAYS, needed, thing -> {}, true);
  }

  /** Shelves for arrays that are all wanted. */
  public ArrayShelves(long budgetBytes, Runnable needed) {
    this(budgetBytes, Shape.ARRAYS, needed, thing -> {});
  }

  /**
   * Shelves of any shape.
   *
   * @param needed run, by whoever happens to, after something new is held: something may need
   *     trimming later
   * @param discarded told of each waiting thing that is dropped, under a shelf's lock; must not
   *     throw
   */
  public ArrayShelves(long budgetBytes, Shape shape, Runnable needed, Consumer<Object> discarded) {
    this(budgetBytes, shape, needed, discarded, false);
  }

  ArrayShelves(
      long budgetBytes, Shape shape, Runnable needed, Consumer<Object> discarded, boolean choosy) {
    this.needed = needed;
    this.choosy = choosy;
    this.discarded = discarded;
    clock = new Clock(System.nanoTime());
    budget = new Budget(budgetBytes, shape.parts());
    threads = new ThreadShelves(clock, budget, meters, lock, shape, dropped);
    stripes = new Stripes(clock, budget, meters, shape);
    tally = new Tally(lock, meters, threads, stripes);
  }

  /** An array with any content from the calling thread's own shelf, the stripes, or null. */
  public Object take(int type, int length, int meter) {
    long key = Shelf.key(type, length);
    long bytes = Primitives.bytes(type, length);
    Thread thread = Thread.currentThread();
    Shelf own = threads.of(thread);
    if (own != null) {
      Object array = own.take(key);
      if (array != null) {
        own.hit(meter, bytes);
        return array;
      }
    }
    Object array = takeElsewhere(thread, own, key, bytes, meter);
    if (array == null && choosy) {
      demand.missed(key);
    }
    return array;
  }

  private Object takeElsewhere(Thread thread, Shelf own, long key, long bytes, int meter) {
    if (own == null) {
      threads.visit(thread);
    } else if (bytes <= budget.large()) {
      Object array = handedOver(own, key, bytes, meter);
      if (array != null) {
        return array;
      }
      array = stripes.take(own.near(), key, bytes, meter, own);
      if (array == null) {
        own.near(
            own.near() + Stripes.PROBES); // others may give elsewhere: look there the next time
      }
      return array;
    }
    int home = home(thread, key, bytes);
    return bytes > budget.large()
        ? stripes.takeLarge(home, key, bytes, meter)
        : stripes.take(home, key, bytes, meter);
  }

  /** What other threads have given back, where the calling one goes on taking it; or null. */
  private Object handedOver(Shelf own, long key, long bytes, int meter) {
    own.missed();
    if (!own.takesMore()) {
      return null;
    }
    if (!stripes.refill(own, key)) {
      own.foundNothing();
      return null;
    }
    Object array = own.take(key);
    if (array != null) {
      own.hit(meter, bytes);
    }
    return array;
  }

  /**
   * What {@link #take} did not find because others were at it; null if there is none. For things
   * that are never kept by threads.
   */
  public Object takeSurely(int type, int length, int meter) {
    return closed
        ? null
        : stripes.takeSurely(Shelf.key(type, length), Primitives.bytes(type, length), meter);
  }

  /** Takes an array back; false if it was left to the collector. */
  public boolean give(int type, Object array, int meter) {
    Shelf own = threads.of(Thread.currentThread());
    return (own != null && own.restoreLast(array)) || giveElsewhere(own, type, array, meter);
  }

  /** As {@link #give(int, Object, int)}, for what is no array and has the length of its kind. */
  public boolean give(int type, Object thing, int length, int meter) {
    Shelf own = threads.of(Thread.currentThread());
    return (own != null && own.restoreLast(thing))
        || giveBack(Thread.currentThread(), own, type, thing, length, meter);
  }

  /** Takes such a thing back, whoever is at work: false only if there is no room. */
  public boolean giveSurely(int type, Object thing, int length, int meter) {
    long key = Shelf.key(type, length);
    long bytes = Primitives.bytes(type, length);
    int home = home(Thread.currentThread(), key, bytes);
    if (stripes.restore(home, key, thing)) {
      return true;
    }
    boolean kept = !closed && stripes.giveSurely(home, key, thing, bytes, meter);
    if (kept) {
      needed.run();
    }
    return kept;
  }

  private boolean giveElsewhere(Shelf own, int type, Object array, int meter) {
    return giveBack(Thread.currentThread(), own, type, array, Array.getLength(array), meter);
  }

  private boolean giveBack(
      Thread thread, Shelf own, int type, Object array, int length, int meter) {
    long key = Shelf.key(type, length);
    long bytes = Primitives.bytes(type, length);
    int home = home(thread, key, bytes);
    if (own != null && own.restore(key, array)) {
      return true;
    }
    boolean restored =
        bytes > budget.large()
            ? stripes.restoreLarge(home, key, array)
            : own == null && stripes.restore(home, key, array);
    return restored || giveNew(thread, own, type, key, array, length, meter);
  }

  /** As {@link #give(int, Object, int)}, but does nothing and is false about once in 1024 calls. */
  public boolean giveUnlessDue(int type, Object array, int meter) {
    Thread thread = Thread.currentThread();
    Shelf own = threads.of(thread);
    if ((own != null ? own : stripes.near(thread)).due()) {
      return false;
    }
    if (own == null || !own.restoreLast(array)) {
      giveElsewhere(own, type, array, meter);
    }
    return true;
  }

  /**
   * Takes in another array in the place of one that was taken, which its holder keeps.
   *
   * @return false if it was left to the collector
   */
  public boolean giveInstead(Object kept, int type, Object array, int length, int meter) {
    long key = Shelf.key(type, length);
    Thread thread = Thread.currentThread();
    Shelf own = threads.of(thread);
    return (own != null && Primitives.typeOf(array) == type && replace(own, key, kept, array))
        || giveNew(thread, own, type, key, array, length, meter);
  }

  private static boolean replace(Shelf own, long key, Object kept, Object array) {
    if (!own.tryLock()) {
      return false;
    }
    try {
      return own.replace(key, kept, array);
    } finally {
      own.unlock();
    }
  }

  private boolean giveNew(
      Thread thread, Shelf own, int type, long key, Object array, int length, int meter) {
    if (closed || length == 0 || (type != 0 && Primitives.typeOf(array) != type)) {
      return false;
    }
    int row = meter == BY_SIZE ? Sizes.of(length) : meter;
    boolean kept = putIn(thread, own, key, array, Primitives.bytes(type, length), row);
    if (kept) {
      needed.run();
    }
    return kept;
  }

  private boolean putIn(Thread thread, Shelf own, long key, Object array, long bytes, int meter) {
    int home = home(thread, key, bytes);
    boolean large = bytes > budget.large();
    if (choosy && budget.crowded() && !demand.repeated(key)) {
      return (own != null && !large && stripes.restoreNear(own.near(), key, array))
          || stripes.restoreNear(home, key, array)
          || turnedAway(own, meter);
    }
    if (own == null) {
      threads.visit(thread);
    } else if (!large && keep(thread, own, key, array, bytes)) {
      return true;
    }
    return stripes.give(home, key, array, bytes, meter, spare(key));
  }

  private boolean turnedAway(Shelf own, int meter) {
    if (own == null) {
      meters.contended(meter, Meters.DROPPED, 1);
    } else {
      own.count(meter, Meters.DROPPED, 1);
    }
    return false;
  }

  private int spare(long key) {
    return choosy ? demand.spare(key) : Integer.MAX_VALUE;
  }

  /** Puts a new array where every thread can find it; false if there is no room. */
  public boolean stock(int type, int length, int turn, Object array) {
    long key = Shelf.key(type, length);
    long bytes = Primitives.bytes(type, length);
    int home = bytes > budget.large() ? home(Thread.currentThread(), key, bytes) : turn;
    boolean kept = !closed && stripes.give(home, key, array, bytes, 0, Integer.MAX_VALUE);
    if (kept) {
      needed.run();
    }
    return kept;
  }

  private boolean keep(Thread thread, Shelf own, long key, Object array, long bytes) {
    own.received();
    boolean handsOver = own.givesMore();
    // what is to be handed over together waits here for it
    int spare = handsOver ? Integer.MAX_VALUE : spare(key);
    return insert(own, key, array, bytes, handsOver, spare)
        || (handsOver
            && stripes.flush(own, home(thread, key, bytes), key)
            && insert(own, key, array, bytes, true, spare));
  }

  private static boolean insert(
      Shelf own, long key, Object array, long bytes, boolean over, int spare) {
    if (!own.tryLock()) {
      return false;
    }
    try {
      return (over && own.insertOver(key, array)) || own.insert(key, array, bytes, spare);
    } finally {
      own.unlock();
    }
  }

  /**
   * The stripe to begin with: near the thread for most arrays, one and the same for all threads for
   * large ones, of which there are few to find.
   */
  private int home(Thread thread, long key, long bytes) {
    return Stripes.home(bytes > budget.large() ? key : thread.getId());
  }

  /** Begins a new tick and drops what has idled longer than the given time. */
  public long trimIdle(long nanos) {
    return trim(nanos, nanos, false);
  }

  /** The same, where arrays that no collector moves may idle for another time. */
  public long trimIdle(long nanos, long largeNanos) {
    return trim(nanos, largeNanos, false);
  }

  /** Begins a new tick and drops everything. */
  public long trimAll() {
    return trim(0, 0, true);
  }

  /**
   * Begins a new tick and drops what was not touched during the one that ends: what is in use
   * survives, what is not is gone by the second call.
   */
  public long trimUntouched() {
    return trim(0, 0, false);
  }

  private long trim(long nanos, long largeNanos, boolean all) {
    lock.lock();
    try {
      if (closed) {
        return 0;
      }
      long now = System.nanoTime();
      Cutoff idle = cutoff(nanos, largeNanos, now);
      clock.advance(now);
      stamp(clock.stamp());
      if (clock.tick() % FADING == 0) {
        demand.fade();
      }
      long bytes = threads.sweep() + drop(all ? Cutoff.ALL : idle);
      trimmedBytes.addAndGet(bytes);
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  private Cutoff cutoff(long nanos, long largeNanos, long now) {
    // room is wanted: of arrays that grow each length may come once, and no other gets in
    boolean wanted = budget.takeStarved();
    long idle = wanted ? Math.min(nanos / 4, IDLE_WHEN_STARVED_NANOS) : nanos;
    long large = wanted ? Math.min(largeNanos / 4, IDLE_WHEN_STARVED_NANOS) : largeNanos;
    return new Cutoff(
        clock.firstTickYoungerThan(idle, now),
        clock.firstTickYoungerThan(large, now),
        clock.firstTickYoungerThan(Math.min(idle, LONGEST_LOAN_NANOS), now));
  }

  private void stamp(long stamp) {
    for (Shelf shelf : threads.shelves()) {
      shelf.stamp(stamp);
    }
    for (Shelf shelf : stripes.shelves()) {
      shelf.stamp(stamp);
    }
  }

  private long drop(Cutoff cutoff) {
    long bytes = 0;
    for (Shelf shelf : threads.shelves()) {
      bytes += shelf.tryDrop(cutoff, dropped);
    }
    for (Shelf shelf : stripes.shelves()) {
      bytes += shelf.tryDrop(cutoff, dropped);
    }
    return bytes;
  }

  /** Sets the most bytes to hold; drops as much as it takes to get there, the oldest first. */
  public void limit(long bytes) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      budget.limit(bytes);
      int now = clock.tick();
      for (int tick = Math.max(1, now - AGES);
          budget.reserved() > budget.limit() && tick <= now + 1;
          tick++) {
        trimmedBytes.addAndGet(drop(Cutoff.before(tick)));
      }
    } finally {
      lock.unlock();
    }
  }

  /** What was counted, and what is there. */
  public Tally tally() {
    return tally;
  }

  public Budget budget() {
    return budget;
  }

  public long trimmedBytes() {
    return trimmedBytes.get();
  }

  /** Drops everything for good: from now on taking finds nothing and giving keeps nothing. */
  public void close() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        budget.limit(0);
        threads.close();
        for (Shelf shelf : stripes.shelves()) {
          shelf.close(dropped);
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
