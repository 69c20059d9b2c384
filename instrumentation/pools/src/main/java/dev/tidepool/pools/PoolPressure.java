package dev.tidepool.pools;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Looks after pools: trims them once a period by how short memory is, and does in the background
 * what they ask for.
 *
 * <p>All pools of one {@code PoolPressure} share one daemon thread. It is started when a pool first
 * holds something and ends when none does any more. With {@link #driven()} there is no thread:
 * somebody with a clock of their own calls {@link #tick()}. Pools are known weakly: one that is
 * forgotten is not kept alive by being looked after.
 *
 * <p>What a factory, a handler or a pool throws during a round goes to the uncaught-exception
 * handler of the thread that makes the round, and the round goes on with the next.
 *
 * <pre>{@code
 * PoolPressure pressure = PoolPressure.every(Duration.ofSeconds(1));
 * ArrayPool<byte[]> pool = ArrayPool.ofBytes().pressure(pressure).build();
 *
 * pressure.level(usedHeap() > 0.9 ? Pressure.HIGH : Pressure.NONE); // from your own signal
 * }</pre>
 */
public final class PoolPressure implements AutoCloseable {
  private static final PoolPressure SHARED = new PoolPressure(Duration.ofSeconds(1), true);
  private static final int QUIET_ROUNDS = 3;

  /** After the system has refused a thread: each refusal is a line in the log. */
  private static final long PAUSE_NANOS = 1_000_000_000L;

  private final ReentrantLock lock = new ReentrantLock();
  private final List<WeakReference<Pool>> pools = new ArrayList<>();
  private final ConcurrentLinkedQueue<Runnable> errands = new ConcurrentLinkedQueue<>();
  private final long periodNanos;
  private final boolean threaded;

  private volatile Pressure level = Pressure.NONE;
  private volatile boolean urgent;
  private volatile boolean closed;
  private volatile long refusedAt;
  private volatile boolean refused;

  /**
   * The thread; null if there is none. Whoever adds something to hold reads it afterwards, and the
   * thread looks once more after it has put null here: so one of the two sees the other.
   */
  private final AtomicReference<Thread> keeper = new AtomicReference<>();

  private PoolPressure(Duration period, boolean threaded) {
    this.periodNanos = period.toNanos();
    this.threaded = threaded;
  }

  /** The one that pools use unless told otherwise: one round a second. */
  public static PoolPressure shared() {
    return SHARED;
  }

  /** One with a thread and a period of its own. */
  public static PoolPressure every(Duration period) {
    return new PoolPressure(period, true);
  }

  /** One without a thread: rounds are made by calling {@link #tick()}. */
  public static PoolPressure driven() {
    return new PoolPressure(Duration.ofDays(1), false);
  }

  /** Says how short memory is from now on. A rise to HIGH or above is acted upon at once. */
  public void level(Pressure level) {
    Pressure before = this.level;
    this.level = level;
    if (level.compareTo(before) > 0 && level.compareTo(Pressure.HIGH) >= 0) {
      urgent = true;
      needed();
      wake();
    }
  }

  public Pressure level() {
    return level;
  }

  /** Looks after a pool from now on. */
  public void register(Pool pool) {
    lock.lock();
    try {
      pools.add(new WeakReference<>(pool));
    } finally {
      lock.unlock();
    }
  }

  /** No longer looks after a pool. */
  public void unregister(Pool pool) {
    lock.lock();
    try {
      pools.removeIf(p -> p.refersTo(pool) || p.refersTo(null));
    } finally {
      lock.unlock();
    }
  }

  /** Statistics of each pool there is. */
  public List<PoolStats> stats() {
    List<PoolStats> stats = new ArrayList<>();
    for (Pool pool : alive()) {
      stats.add(pool.stats());
    }
    return stats;
  }

  /** Has work done in the background, in the next round at the latest. */
  void errand(Runnable work) {
    errands.add(work);
    needed();
    wake();
  }

  /** A pool holds something new: cheap enough to be called each time, after it is in. */
  void needed() {
    if (threaded && keeper.get() == null) {
      start();
    }
  }

  /**
   * One round: errands, then every pool is trimmed to the present level.
   *
   * @return bytes dropped
   */
  public long tick() {
    urgent = false;
    for (Runnable work = errands.poll(); work != null; work = errands.poll()) {
      try {
        work.run();
      } catch (Throwable e) {
        report(e);
      }
    }
    long dropped = 0;
    for (Pool pool : alive()) {
      try {
        dropped += pool.trim(level);
      } catch (Throwable e) {
        report(e);
      }
    }
    return dropped;
  }

  /** Tells whoever wants to know what escapes a thread; the thread itself goes on. */
  static void report(Throwable e) {
    Thread thread = Thread.currentThread();
    try {
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    } catch (Throwable ignored) {
      // as the virtual machine does with what such a handler throws
    }
  }

  /** Ends the thread, if there is one; pools stay usable and are no longer looked after. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      pools.clear();
    } finally {
      lock.unlock();
    }
    wake();
  }

  private List<Pool> alive() {
    lock.lock();
    try {
      List<Pool> alive = new ArrayList<>(pools.size());
      for (Iterator<WeakReference<Pool>> it = pools.iterator(); it.hasNext(); ) {
        Pool pool = it.next().get();
        if (pool == null) {
          it.remove();
        } else {
          alive.add(pool);
        }
      }
      return alive;
    } finally {
      lock.unlock();
    }
  }

  private void start() {
    if (closed || (refused && System.nanoTime() - refusedAt < PAUSE_NANOS)) {
      return;
    }
    Thread thread = new Thread(null, this::run, "tidepool-pools", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    if (!keeper.compareAndSet(null, thread)) {
      return; // another was quicker
    }
    try {
      thread.start();
      refused = false;
    } catch (OutOfMemoryError e) { // no thread to be had now: no reason for a release to fail
      refusedAt = System.nanoTime();
      refused = true;
      keeper.set(null);
    }
  }

  private void wake() {
    LockSupport.unpark(keeper.get()); // which does nothing if there is none
  }

  private void run() {
    boolean interrupted = false;
    try {
      int quiet = 0;
      while (quiet < QUIET_ROUNDS && !closed && !interrupted) {
        if (errands.isEmpty() && !urgent) {
          LockSupport.parkNanos(this, periodNanos);
        }
        tick();
        quiet = hasWork() ? 0 : quiet + 1;
        interrupted = Thread.interrupted();
      }
    } finally {
      keeper.set(null);
    }
    if (!interrupted && hasWork()) { // came in while the thread was about to end
      needed();
    }
  }

  private boolean hasWork() {
    if (!errands.isEmpty()) {
      return true;
    }
    for (Pool pool : alive()) {
      try {
        if (!pool.isEmpty()) {
          return true;
        }
      } catch (Throwable e) {
        report(e);
      }
    }
    return false;
  }
}
