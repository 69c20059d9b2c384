package dev.tidepool.pools.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.concurrent.locks.LockSupport;

/**
 * The line before the lock's, so that no neighbour on the heap shares it. What is locked is itself
 * the weak reference to the thread it belongs to: one step less on the way to the question whose it
 * is, which is asked with every use.
 */
class LockPadding extends WeakReference<Thread> {
  @SuppressWarnings("unused") // there for its size
  private long a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p;

  LockPadding(Thread owner) {
    super(owner);
  }
}

/** A lock that is only ever tried, alone on its cache lines. */
class Lock extends LockPadding {
  private static final int SPINS = 100;
  private static final int MORE_SPINS = 1_000; // some tens of microseconds
  private static final int YIELDS = 10_000;
  private static final int PAUSES = 1_000;
  private static final long PAUSE_NANOS = 1_000_000;
  private static final VarHandle TAKEN;

  static {
    try {
      TAKEN = MethodHandles.lookup().findVarHandle(Lock.class, "taken", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // through TAKEN
  private int taken;

  @SuppressWarnings("unused") // the padding after
  private int q, r, s, t, u, v, w, x, y, z, aa, bb, cc, dd, ee, ff, gg, hh, ii, jj, kk, ll, mm, nn;

  Lock(Thread owner) {
    super(owner);
  }

  final boolean tryLock() {
    return TAKEN.compareAndSet(this, 0, 1);
  }

  /**
   * Tries for about as long as it takes to clear a large array. Its holder may be in code that is
   * still interpreted.
   */
  final boolean lockShortly() {
    return spin(MORE_SPINS);
  }

  /**
   * Tries for long. Its holder is inside for some tens of instructions, unless it has lost its core
   * there: then yielding gives it one.
   */
  @SuppressWarnings("ThreadPriorityCheck") // nothing rests on when the scheduler gives a core
  final boolean lockSoon() {
    boolean locked = spin(SPINS);
    for (int i = 0; i < YIELDS && !locked; i++) {
      Thread.yield();
      locked = tryLock();
    }
    return locked;
  }

  private boolean spin(int times) {
    boolean locked = tryLock();
    for (int i = 0; i < times && !locked; i++) {
      Thread.onSpinWait();
      locked = tryLock();
    }
    return locked;
  }

  /**
   * Tries until its holder must be gone for good: one that has lost its core to another process may
   * be away for longer than yielding lasts.
   */
  final boolean lockAtLast() {
    boolean locked = lockSoon();
    for (int i = 0; i < PAUSES && !locked; i++) {
      LockSupport.parkNanos(PAUSE_NANOS); // a second in all: many may have been left locked
      locked = tryLock();
    }
    return locked;
  }

  final void unlock() {
    TAKEN.setRelease(this, 0); // what was done under the lock is seen by the next to take it
  }
}
