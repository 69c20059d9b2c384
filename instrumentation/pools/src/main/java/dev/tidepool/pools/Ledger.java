package dev.tidepool.pools;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
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
  }

  private static final class Key extends WeakReference<Object> {
    private final int hash;

    Key(Object thing, ReferenceQueue<Object> queue) {
      super(thing, queue);
      hash = System.identityHashCode(thing);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      if (this == other) {
        return true;
      }
      Object thing = get();
      return other instanceof Key key && thing != null && key.refersTo(thing);
    }
  }

  private static final class Entry {
    private Trace acquired;
    private Trace released;
  }

  private final Map<Key, Entry> entries = new HashMap<>();
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
  }

  synchronized boolean knows(Object thing) {
    return entries.containsKey(new Key(thing, null));
  }

  synchronized void acquired(Object thing) {
    reportLeaks();
    Entry entry = entries.computeIfAbsent(new Key(thing, collected), k -> new Entry());
    entry.acquired = new Trace("acquired");
    entry.released = null;
  }

  /** Whether the thing is known; a known one is now released. */
  synchronized boolean released(Object thing) {
    Entry entry = entries.get(new Key(thing, null));
    if (entry == null) {
      return false;
    }
    if (entry.released != null) {
      throw new PoolMisuseException(
          pool + ": released twice (here, and before as in the cause)", entry.released);
    }
    entry.released = new Trace("released");
    return true;
  }

  /** Has a thing stand for another that was released: with the same stacks. */
  synchronized void follows(Object thing, Object released) {
    entries.put(new Key(thing, collected), entries.get(new Key(released, null)));
  }

  PoolMisuseException foreign(Object thing) {
    return new PoolMisuseException(
        pool + ": released here, but never acquired from this pool: " + thing.getClass().getName(),
        null);
  }

  /** What to throw when content changed after release, as found by the next to acquire. */
  synchronized PoolMisuseException usedAfterRelease(Object thing) {
    Entry entry = entries.get(new Key(thing, null));
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
      Entry entry = entries.remove((Key) key);
      if (entry != null && entry.released == null) {
        leaked++;
        leaks.accept(entry.acquired);
      }
    }
  }
}
