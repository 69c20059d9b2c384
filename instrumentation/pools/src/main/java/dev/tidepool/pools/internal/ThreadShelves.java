package dev.tidepool.pools.internal;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A shelf for each platform thread that comes often enough.
 *
 * <p>A thread's map holds only JDK objects: first a count of visits, then a weak reference to its
 * shelf, which the {@link #residents} list keeps alive. So neither a pool that is closed nor one
 * that is forgotten stays reachable through the threads that used it, and its class loader can go.
 */
final class ThreadShelves {
  private static final int SETS = 16;
  private static final int WAYS = 4;
  private static final int VISITS = 16; // a thread that does one request and ends gets no shelf

  /** The common superclass of virtual threads; null where there are none. */
  private static final Class<?> VIRTUAL = virtualThreadClass();

  private record Resident(WeakReference<Thread> thread, Shelf shelf) {
    boolean alive() {
      Thread t = thread.get();
      return t != null && t.isAlive();
    }
  }

  @SuppressWarnings("ThreadLocalUsage") // each pool has shelves of its own
  private final ThreadLocal<Object> local = new ThreadLocal<>();

  private final Clock clock;
  private final Budget budget;
  private final Meters meters;
  private final ReentrantLock lock;

  private Resident[] residents = new Resident[16];
  private int count;
  private int sweepAt = 64;
  private boolean closed;

  ThreadShelves(Clock clock, Budget budget, Meters meters, ReentrantLock lock) {
    this.clock = clock;
    this.budget = budget;
    this.meters = meters;
    this.lock = lock;
  }

  /** The calling thread's shelf, or null if it has none (yet). */
  Shelf own() {
    if (VIRTUAL != null && VIRTUAL.isInstance(Thread.currentThread())) {
      return null;
    }
    return local.get() instanceof WeakReference<?> shelf ? (Shelf) shelf.get() : null;
  }

  /** Notes a visit of a thread without a shelf; a frequent visitor gets one from now on. */
  void visit() {
    Thread thread = Thread.currentThread();
    if (VIRTUAL != null && VIRTUAL.isInstance(thread)) {
      return;
    }
    Object seen = local.get();
    int visits = seen instanceof Integer n ? n : 0;
    if (visits < VISITS) {
      local.set(visits + 1); // a cached Integer
    } else if (lock.tryLock()) {
      try {
        if (!closed) {
          local.set(new WeakReference<>(shelfOf(thread)));
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private Shelf shelfOf(Thread thread) {
    if (count >= sweepAt) {
      sweep();
      sweepAt = Math.max(64, 2 * count);
    }
    for (int i = 0; i < count; i++) { // some executors wipe their threads' locals
      if (residents[i].thread.get() == thread) {
        return residents[i].shelf;
      }
    }
    if (count == residents.length) {
      residents = Arrays.copyOf(residents, 2 * count);
    }
    Shelf shelf = new Shelf(clock, budget, SETS, WAYS);
    residents[count++] = new Resident(new WeakReference<>(thread), shelf);
    return shelf;
  }

  /** Empties and forgets the shelves of threads that have ended. With the registry's lock. */
  long sweep() {
    long dropped = 0;
    int kept = 0;
    for (int i = 0; i < count; i++) {
      Resident resident = residents[i];
      if (resident.alive() || !resident.shelf.tryLock()) {
        residents[kept++] = resident;
      } else {
        dropped += resident.shelf.dropBefore(Integer.MAX_VALUE);
        meters.retire(resident.shelf.counts()); // and the lock stays taken: nothing comes in again
      }
    }
    Arrays.fill(residents, kept, count, null);
    count = kept;
    return dropped;
  }

  int count() {
    return count;
  }

  Shelf shelf(int i) {
    return residents[i].shelf;
  }

  /** Lets go of every shelf. With the registry's lock. */
  void close() {
    closed = true;
    for (int i = 0; i < count; i++) {
      meters.retire(residents[i].shelf.counts());
      residents[i] = null;
    }
    count = 0;
  }

  private static Class<?> virtualThreadClass() {
    try {
      return Class.forName("java.lang.BaseVirtualThread", false, null);
    } catch (ClassNotFoundException e) {
      return null; // before JDK 21
    }
  }
}
