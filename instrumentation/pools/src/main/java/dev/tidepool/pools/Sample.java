package dev.tidepool.pools;

import java.lang.ref.WeakReference;
import java.util.function.Consumer;

/**
 * One borrowed object at a time, watched from its acquisition: cheap enough to be always on. It
 * catches the second of two releases, and an object that is collected without having been released.
 */
final class Sample {
  private static final WeakReference<Object> NOTHING = new WeakReference<>(null);

  private final String pool;
  private final Consumer<Throwable> leaks;
  private WeakReference<Object> watched = NOTHING; // written with the monitor; a stale read misses
  private boolean armed = true;
  private Ledger.Trace acquired;
  private Ledger.Trace released;
  private long leaked;

  Sample(String pool, Consumer<Throwable> leaks) {
    this.pool = pool;
    this.leaks = leaks;
  }

  void acquired(Object thing) {
    if (armed) {
      watch(thing);
    } else if (watched.refersTo(thing)) {
      forget(thing); // it was given back and is lent again: its next holder is not watched
    }
  }

  void released(Object thing) {
    if (watched.refersTo(thing)) {
      end(thing);
    }
  }

  private synchronized void watch(Object thing) {
    if (armed) {
      armed = false;
      watched = new WeakReference<>(thing);
      acquired = new Ledger.Trace("acquired");
      released = null;
    }
  }

  private synchronized void forget(Object thing) {
    if (watched.refersTo(thing)) {
      watched = NOTHING;
      acquired = null;
    }
  }

  private synchronized void end(Object thing) {
    if (!watched.refersTo(thing)) {
      return;
    }
    if (released != null) {
      throw Ledger.releasedTwice(pool, acquired, released);
    }
    released = new Ledger.Trace("released");
  }

  /** Once a maintenance round: reports a leak, and has the next acquisition watched. */
  synchronized void next() {
    if (acquired != null && released == null && watched.refersTo(null)) {
      leaked++;
      Ledger.Trace stack = acquired;
      acquired = null; // before what may throw: a leak is told once
      Ledger.report(leaks, stack);
    }
    if (acquired == null || released != null) {
      acquired = null;
      watched = NOTHING;
      armed = true;
    }
  }

  synchronized long leaked() {
    return leaked;
  }
}
