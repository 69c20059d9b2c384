package dev.tidepool.pools.internal;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A shelf for each platform thread that comes often enough, found by the thread's number.
 *
 * <p>The table is the pools' own, and threads are known to it weakly: nothing is left in a thread
 * when the pools go, and nothing of a thread stays when it ends. The number only says where to
 * look; whose shelf it is, the thread's identity says.
 */
final class ThreadShelves {
  private static final int VISITS = 16; // a thread that does one request and ends gets no shelf
  private static final int VIRTUAL_VISITS = 250; // of these most are such
  private static final int MOST_VIRTUAL = 16 * Runtime.getRuntime().availableProcessors();
  private static final int MOST = 1 << 14;

  /** The common superclass of virtual threads; null where there are none. */
  private static final Class<?> VIRTUAL = virtualThreadClass();

  private final Clock clock;
  private final Budget budget;
  private final Meters meters;
  private final RegistryLock lock;
  private final Shape shape;
  private final Dropped dropped;
  private final Shelf nobodys;
  private final Consumer<Thread> admission = this::admit; // not linked deep in somebody's stack

  /** Rough counts of the visits of threads without a shelf: {@code number << 8 | visits}. */
  private final long[] visits = new long[64];

  /** Written under the lock. A reader with an old one finds no shelf, and does without. */
  private Shelf[] table;

  private int virtuals; // of them, shelves of virtual threads
  private boolean closed;

  ThreadShelves(
      Clock clock, Budget budget, Meters meters, RegistryLock lock, Shape shape, Dropped dropped) {
    this.shape = shape;
    this.dropped = dropped;
    this.closed = shape.threadWays() == 0;
    this.clock = clock;
    this.budget = budget;
    this.meters = meters;
    this.lock = lock;
    this.nobodys = new Shelf(clock, budget, 1, 1, null);
    this.table = empty(64);
  }

  static boolean isVirtual(Thread thread) {
    return VIRTUAL != null && VIRTUAL.isInstance(thread);
  }

  /** A platform thread's own shelf, or null if it has none (yet). By that thread. */
  Shelf of(Thread thread) {
    Shelf[] table = this.table;
    int at = (int) thread.getId() & (table.length - 1);
    Shelf shelf = table[at];
    return shelf.belongsTo(thread) ? shelf : neighbour(table, at, thread);
  }

  private static Shelf neighbour(Shelf[] table, int at, Thread thread) {
    Shelf shelf = table[at ^ 1];
    return shelf.belongsTo(thread) ? shelf : null;
  }

  /**
   * Notes a visit of a platform thread without a shelf; a frequent visitor gets one from now on.
   */
  void visit(Thread thread) {
    if (closed) {
      return;
    }
    long number = thread.getId();
    int at = (int) number & (visits.length - 1);
    long seen = visits[at];
    if (seen >>> 8 != number) {
      visits[at] = number << 8;
    } else if ((seen & 0xff) < (isVirtual(thread) ? VIRTUAL_VISITS : VISITS)) {
      visits[at] = seen + 1;
    } else {
      lock.ifFree(thread, admission);
    }
  }

  private void admit(Thread thread) {
    boolean virtual = isVirtual(thread);
    if (closed || of(thread) != null || (virtual && virtuals >= MOST_VIRTUAL)) {
      return;
    }
    int at = place(thread);
    if (at < 0) {
      sweep();
      at = place(thread);
    }
    while (at < 0 && table.length < MOST) {
      grow();
      at = place(thread);
    }
    if (at >= 0) {
      Shelf shelf = new Shelf(clock, budget, shape.threadSets(), shape.threadWays(), thread);
      shelf.near(Stripes.home(thread.getId()));
      table[at] = shelf;
      virtuals += virtual ? 1 : 0;
    }
  }

  /** The free one of the two places of a thread, or -1. */
  private int place(Thread thread) {
    int at = (int) thread.getId() & (table.length - 1);
    return table[at] == nobodys ? at : table[at ^ 1] == nobodys ? at ^ 1 : -1;
  }

  private void grow() {
    Shelf[] old = table;
    Shelf[] wider = empty(2 * old.length);
    for (Shelf shelf : old) {
      Thread thread = shelf.owner();
      if (thread == null && shelf != nobodys) {
        forget(shelf); // collected since the sweep
      } else if (thread != null) {
        int at = (int) thread.getId() & (wider.length - 1);
        wider[wider[at] == nobodys ? at : at ^ 1] = shelf; // two shared a pair: so they do again
      }
    }
    table = wider;
  }

  private Shelf[] empty(int length) {
    Shelf[] empty = new Shelf[length];
    Arrays.fill(empty, nobodys);
    return empty;
  }

  /**
   * Empties and forgets the shelves of threads that have ended. With the registry's lock.
   *
   * @return bytes dropped
   */
  long sweep() {
    long bytes = 0;
    virtuals = 0;
    for (int i = 0; i < table.length; i++) {
      Shelf shelf = table[i];
      Thread owner = shelf.owner();
      virtuals += isVirtual(owner) ? 1 : 0;
      if (shelf != nobodys && !shelf.isInUse()) {
        bytes += forget(shelf);
        table[i] = nobodys;
      }
    }
    return bytes;
  }

  /** Empties a shelf for good. */
  private long forget(Shelf shelf) {
    meters.retire(shelf.counts());
    return shelf.close(dropped);
  }

  /** The shelves there are. With the registry's lock. */
  Shelf[] shelves() {
    // no count is kept beside the table: a thread that is stopped may have changed one of the two
    return Arrays.stream(table).filter(shelf -> shelf != nobodys).toArray(Shelf[]::new);
  }

  /** Empties every shelf and lets go of it. With the registry's lock. */
  void close() {
    closed = true;
    for (Shelf shelf : shelves()) {
      forget(shelf);
    }
    table = empty(2);
  }

  private static Class<?> virtualThreadClass() {
    try {
      return Class.forName("java.lang.BaseVirtualThread", false, null);
    } catch (ClassNotFoundException e) {
      return null; // before JDK 21
    }
  }
}
