package dev.tidepool.pools.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** The line before the lock's, so that no neighbour on the heap shares it. */
class LockPadding {
  @SuppressWarnings("unused") // there for its size
  private long a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p;
}

/** A lock that is only ever tried, alone on its cache lines. */
class Lock extends LockPadding {
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

  final boolean tryLock() {
    return TAKEN.compareAndSet(this, 0, 1);
  }

  final void unlock() {
    TAKEN.setRelease(this, 0); // what was done under the lock is seen by the next to take it
  }
}
