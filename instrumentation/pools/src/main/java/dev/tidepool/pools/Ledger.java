package dev.tidepool.pools;

import java.lang.ref.ReferenceQueue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Consumer;

/**
 * Debug mode's memory of who holds what: every tracked thing with the stack that acquired it and
 * the one that released it last. Things are known by identity and weakly, so that one that is never
 * given back can be told from one still in use: its collection is the leak.
 */
final class Ledger {

  /** Carries a stack and says what happened there. */
  static final class Trace extends Throwable {
    private static final long serialVersionUID = 1;

    Trace(String what) {
      super(what + " in thread " + Thread.currentThread().getName());
    }

    Trace(String what, String pool) {
      this(what + " from " + pool);
    }
  }

  private static final class Entry {
    private Trace acquired;
    private Trace released;
  }

  /** All there are: what one does not know another may. */
  private static final Map<Ledger, Boolean> ALL = new WeakHashMap<>();

  private final Map<WeakIdentity, Entry> entries = new HashMap<>();
  private final ReferenceQueue<Object> collected = new ReferenceQueue<>();
  private final String pool;
  private final Consumer<Throwable> leaks;
  private long leaked;

  /**
   * @param leaks told of each leak, by the stack that acquired it
   */
  Ledger(String pool, Consumer<Throwable> leaks) {
    this.pool = pool;
    this.leaks = leaks;
    synchronized (ALL) {
      ALL.put(this, true);
    }
  }

  synchronized boolean knows(Object thing) {
    return entries.containsKey(new WeakIdentity(thing, null));
  }

  synchronized void acquired(Object thing) {
    reportLeaks();
    Entry entry = entries.computeIfAbsent(new WeakIdentity(thing, collected), k -> new Entry());
    entry.acquired = new Trace("acquired", pool);
    entry.released = null;
  }

  /** Whether the thing is known; a known one is now released. */
  synchronized boolean released(Object thing) {
    Entry entry = entries.get(new WeakIdentity(thing, null));
    if (entry == null) {
      return false;
    }
    if (entry.released != null) {
      throw releasedTwice(pool, entry.acquired, entry.released);
    }
    entry.released = new Trace("released");
    return true;
  }

  /** Has a thing stand for another that was released: with the same stacks. */
  synchronized void follows(Object thing, Object released) {
    entries.put(new WeakIdentity(thing, collected), entries.get(new WeakIdentity(released, null)));
  }

  static PoolMisuseException releasedTwice(String pool, Trace acquired, Trace released) {
    PoolMisuseException e =
        new PoolMisuseException(
            pool + ": released twice (here, and before as in the cause)", released);
    if (acquired != null) {
      e.addSuppressed(acquired);
    }
    return e;
  }

  /**
   * What to throw when something is released that was not acquired here. Its cause is where another
   * watched pool lent it, if one did.
   */
  PoolMisuseException foreign(Object thing) {
    Trace elsewhere = acquiredElsewhere(thing);
    String what = pool + ": released here, but never acquired from this pool: ";
    return elsewhere == null
        ? new PoolMisuseException(what + thing.getClass().getName(), new Trace("released"))
        : new PoolMisuseException(
            what + thing.getClass().getName() + " (acquired as in the cause)", elsewhere);
  }

  private Trace acquiredElsewhere(Object thing) {
    List<Ledger> others;
    synchronized (ALL) {
      others = List.copyOf(ALL.keySet());
    }
    for (Ledger other : others) { // not within one another's monitors
      Trace acquired = other == this ? null : other.acquisitionOf(thing);
      if (acquired != null) {
        return acquired;
      }
    }
    return null;
  }

  private synchronized Trace acquisitionOf(Object thing) {
    Entry entry = entries.get(new WeakIdentity(thing, null));
    return entry == null ? null : entry.acquired;
  }

  /** What to throw when content changed after release, as found by the next to acquire. */
  synchronized PoolMisuseException usedAfterRelease(Object thing) {
    Entry entry = entries.get(new WeakIdentity(thing, null));
    Trace released = entry == null ? null : entry.released;
    PoolMisuseException e =
        new PoolMisuseException(
            pool + ": written to after its release (as in the cause), found when acquired here",
            released);
    if (entry != null && entry.acquired != null) {
      e.addSuppressed(entry.acquired); // who may have written: it was theirs
    }
    return e;
  }

  /** Things collected without having been released, so far. */
  synchronized long leaked() {
    reportLeaks();
    return leaked;
  }

  private void reportLeaks() {
    for (Object key = collected.poll(); key != null; key = collected.poll()) {
      Entry entry = entries.remove((WeakIdentity) key);
      if (entry != null && entry.released == null) {
        leaked++;
        report(leaks, entry.acquired);
      }
    }
  }

  /** A handler that fails is not to fail the acquisition during which a leak was found. */
  static void report(Consumer<Throwable> leaks, Trace acquired) {
    try {
      leaks.accept(acquired);
    } catch (RuntimeException | Error e) {
      PoolPressure.report(e);
    }
  }
}
