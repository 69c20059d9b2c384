package dev.tidepool.pools.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The lock of what looks at all shelves. A program's threads come here, deep in its stack: the
 * thread that has it may run out of stack or be stopped at any call. So it is let go by one store,
 * which calls nothing, and one that a thread took to its grave goes to the next who wants it. A
 * {@code java.util.concurrent} lock stays locked for ever then, and all who look wait for ever.
 */
final class RegistryLock {
  private static final int SPINS = 100;
  private static final long PAUSE_NANOS = 100_000;
  private static final VarHandle HOLDER;

  static {
    try {
      HOLDER = MethodHandles.lookup().findVarHandle(RegistryLock.class, "holder", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile Thread holder;
  private int again; // by the holder

  /** For a thread that does not wait; what it does may {@link #lock} within. */
  void ifFree(Thread thread, Consumer<Thread> work) {
    if (holder != null) {
      return;
    }
    try {
      if (HOLDER.compareAndSet(this, null, thread)) {
        work.accept(thread);
      }
    } finally {
      // asked, not noted: it may have ended with the lock just taken
      if (holder == thread) {
        holder = null;
      }
    }
  }

  /** Waits its turn. The holder may take it again, as where a pool's hook asks for statistics. */
  void lock() {
    Thread thread = Thread.currentThread();
    if (holder == thread) {
      again++;
      return;
    }
    for (int i = 0; !take(thread); i++) {
      if (i < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(this, PAUSE_NANOS);
      }
    }
    again = 0; // the last one may have been cut short in between
  }

  private boolean take(Thread thread) {
    Thread now = holder;
    return (now == null || !now.isAlive()) && HOLDER.compareAndSet(this, now, thread);
  }

  void unlock() {
    if (again > 0) {
      again--;
    } else {
      holder = null;
    }
  }
}
