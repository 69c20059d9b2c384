package dev.tidepool.pools;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
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
 */
public final class PoolPressure implements AutoCloseable {
  private static final PoolPressure SHARED = new PoolPressure(Duration.ofSeconds(1), true);
  private static final int QUIET_ROUNDS = 3;

  private final ReentrantLock lock = new ReentrantLock();
  private final List<WeakReference<Pool>> pools = new ArrayList<>();
  private final ConcurrentLinkedQueue<Runnable> errands = new ConcurrentLinkedQueue<>();
  private final long periodNanos;
  private final boolean threaded;

  private volatile Pressure level = Pressure.NONE;
  private volatile boolean awake;
  private volatile Thread thread;
  private volatile boolean closed;

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

  /** A pool holds something: cheap enough to be called with every new thing it holds. */
  void needed() {
    if (!awake) {
      start();
    }
  }

  /**
   * One round: errands, then every pool is trimmed to the present level.
   *
   * @return bytes dropped
   */
  public long tick() {
    for (Runnable work = errands.poll(); work != null; work = errands.poll()) {
      work.run();
    }
    long dropped = 0;
    for (Pool pool : alive()) {
      dropped += pool.trim(level);
    }
    return dropped;
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
    // Tried, not waited for: who releases a buffer must not wait for whoever reads statistics.
    if (!threaded || !lock.tryLock()) {
      return;
    }
    try {
      if (!closed && thread == null) {
        thread = new Thread(this::run, "tidepool-pools");
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        thread.start();
        awake = true;
      }
    } finally {
      lock.unlock();
    }
  }

  private void wake() {
    LockSupport.unpark(thread); // which does nothing if there is none
  }

  private void run() {
    int quiet = 0;
    while (quiet < QUIET_ROUNDS && !closed && !Thread.interrupted()) {
      if (errands.isEmpty()) {
        LockSupport.parkNanos(this, periodNanos);
      }
      tick();
      quiet = alive().stream().allMatch(Pool::isEmpty) ? quiet + 1 : 0;
    }
    thread = null;
    awake = false; // whoever needs it from here on starts another
  }
}
