package dev.tidepool.pools;

import dev.tidepool.pools.internal.ArrayShelves;
import dev.tidepool.pools.internal.Shape;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A pool of objects of one kind.
 *
 * <p>Without a bound, {@link #acquire()} makes a new object when none waits, threads keep a few to
 * themselves, and nothing ever blocks. With {@link Builder#maxTotal} there are never more objects
 * than that: {@link #acquire(Duration)} waits for one, {@link #acquire()} answers null.
 *
 * <pre>{@code
 * ObjectPool<StringBuilder> pool =
 *     ObjectPool.of(StringBuilder::new).reset(b -> b.setLength(0)).build();
 * try (var lease = pool.lease()) {
 *   lease.get().append("...");
 * }
 * }</pre>
 *
 * <p>One acquisition a maintenance round is watched: an object released twice meanwhile throws a
 * {@link PoolMisuseException} with both stacks, and one that is collected unreleased is counted in
 * {@link #leaked()} and reported with the stack that acquired it. In debug mode every one is.
 *
 * @param <T> what is pooled
 */
public final class ObjectPool<T> implements Pool {
  private static final int ONE = 1;
  private static final int KIND = 0;

  /**
   * What the shelves' budget has to say for one object: its weight there, twice, because an object
   * that is given back by another thread may have two places for a while.
   */
  private static final long WEIGHT = 48;

  private static final long LONGEST_NAP = TimeUnit.MILLISECONDS.toNanos(1);

  private final String name;
  private final Supplier<? extends T> factory;
  private final Consumer<? super T> reset;
  private final Predicate<? super T> valid;
  private final Consumer<? super T> discard;
  private final int maxTotal;
  private final Duration idleExpiry;
  private final PoolPressure pressure;
  private final ArrayShelves shelves;
  private final Ledger ledger;
  private final Sample sample;

  private final AtomicInteger total = new AtomicInteger();
  private final Queue<Thread> waiting = new ConcurrentLinkedQueue<>();

  private ObjectPool(Builder<T> b) {
    name = b.name;
    factory = b.factory;
    reset = b.reset;
    valid = b.valid;
    discard = b.discard;
    maxTotal = b.maxTotal;
    idleExpiry = b.idleExpiry;
    pressure = b.pressure;
    ledger = b.debug ? new Ledger(name, b.leaks) : null;
    sample = b.debug ? null : new Sample(name, b.leaks);
    int most = maxTotal > 0 ? maxTotal : b.maxIdle;
    shelves =
        new ArrayShelves(
            most * WEIGHT,
            // What is counted or discarded must have one holder at any time. A trimmer and the
            // owner of a shelf may both have hold of a thing; then the trimmer is to forget it.
            maxTotal > 0 || discard != null ? Shape.allShared(most) : Shape.oneKind(most),
            pressure::needed,
            this::discarded);
  }

  /** A pool of what the factory makes. */
  public static <T> Builder<T> of(Supplier<? extends T> factory) {
    return new Builder<>(factory);
  }

  /**
   * An object that waits, or a new one; null if there are as many as there may be and all are out.
   */
  public T acquire() {
    T object = cast(shelves.take(KIND, ONE, 0));
    while (object != null && valid != null && !valid.test(object)) {
      discarded(object);
      object = cast(shelves.take(KIND, ONE, 0));
    }
    if (object == null) {
      object = create();
    }
    if (object == null) {
      return null;
    }
    if (sample != null) {
      sample.acquired(object);
    } else {
      ledger.acquired(object);
    }
    return object;
  }

  /**
   * Like {@link #acquire()}, but waits for an object if there are as many as there may be.
   *
   * @return null if none came back in time
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public T acquire(Duration timeout) throws InterruptedException {
    T object = acquire();
    return object != null ? object : await(System.nanoTime() + timeout.toNanos());
  }

  private T await(long deadline) throws InterruptedException {
    Thread thread = Thread.currentThread();
    waiting.add(thread);
    try {
      for (; ; ) {
        T object = acquire();
        long left = deadline - System.nanoTime();
        if (object != null || left <= 0) {
          return object;
        }
        // A release wakes us. A stripe that was busy when we looked is why naps are short.
        LockSupport.parkNanos(this, Math.min(left, LONGEST_NAP));
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
    } finally {
      waiting.remove(thread);
    }
  }

  private T create() {
    if (maxTotal > 0) {
      int now = total.get();
      while (now < maxTotal && !total.compareAndSet(now, now + 1)) {
        now = total.get();
      }
      if (now >= maxTotal) {
        return null;
      }
    }
    try {
      return factory.get();
    } catch (RuntimeException | Error e) {
      if (maxTotal > 0) {
        total.decrementAndGet();
      }
      throw e;
    }
  }

  /** Gives an object back. The caller must not touch it again. */
  public void release(T object) {
    if (sample != null) {
      sample.released(object);
    } else if (!ledger.released(object)) {
      throw ledger.foreign(object);
    }
    if (reset != null) {
      reset.accept(object);
    }
    if (!shelves.give(KIND, object, ONE, 0)) {
      discarded(object);
    }
    if (maxTotal > 0) {
      LockSupport.unpark(waiting.peek());
    }
  }

  /** Acquires an object for a block of code. Null from {@link Lease#get} as from acquire. */
  public Lease<T> lease() {
    return new Lease<>(this, acquire());
  }

  /** Objects that were collected without having been released, among those watched. */
  public long leaked() {
    return sample != null ? sample.leaked() : ledger.leaked();
  }

  private void prefill(int count) {
    pressure.errand(
        () -> {
          for (int i = 0; i < count; i++) {
            T object = create();
            if (object == null) {
              return;
            }
            if (!shelves.stock(KIND, ONE, i, object)) {
              discarded(object);
              return;
            }
          }
        });
  }

  private void discarded(Object object) {
    if (maxTotal > 0) {
      total.decrementAndGet();
    }
    if (discard != null) {
      discard.accept(cast(object));
    }
  }

  @SuppressWarnings("unchecked") // only Ts go in
  private T cast(Object object) {
    return (T) object;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public PoolStats stats() {
    return Shelving.stats(name, shelves, key -> name);
  }

  @Override
  public long trim(Pressure level) {
    if (sample != null) {
      sample.next();
    }
    return level == Pressure.NONE
        ? shelves.trimIdle(idleExpiry.toNanos())
        : Shelving.trim(shelves, level);
  }

  @Override
  public boolean isEmpty() {
    return shelves.budget().reserved() == 0;
  }

  @Override
  public void close() {
    pressure.unregister(this);
    shelves.close();
  }

  /**
   * An object on loan until the lease is closed.
   *
   * @param <T> what is pooled
   */
  public static final class Lease<T> implements AutoCloseable {
    private final ObjectPool<T> pool;
    private T object;

    private Lease(ObjectPool<T> pool, T object) {
      this.pool = pool;
      this.object = object;
    }

    /** The object; null once the lease is closed, or if there was none to be had. */
    public T get() {
      return object;
    }

    /** Gives the object back; a second time does nothing. */
    @Override
    public void close() {
      T lent = object;
      if (lent != null) {
        object = null;
        pool.release(lent);
      }
    }
  }

  /**
   * Settings of an object pool: unbounded, at most 64 waiting, a minute of idling.
   *
   * @param <T> what is pooled
   */
  public static final class Builder<T> {
    private final Supplier<? extends T> factory;
    private String name = "objects";
    private Consumer<? super T> reset;
    private Predicate<? super T> valid;
    private Consumer<? super T> discard;
    private Consumer<Throwable> leaks = stack -> {};
    private int maxTotal;
    private int maxIdle = 64;
    private int prefill;
    private Duration idleExpiry = Duration.ofMinutes(1);
    private PoolPressure pressure = PoolPressure.shared();
    private boolean debug = Boolean.getBoolean("tidepool.pools.debug");

    private Builder(Supplier<? extends T> factory) {
      this.factory = factory;
    }

    public Builder<T> name(String name) {
      this.name = name;
      return this;
    }

    /** Done to each object that is given back. */
    public Builder<T> reset(Consumer<? super T> reset) {
      this.reset = reset;
      return this;
    }

    /** Asked of each object before it is handed out again; one that fails is discarded. */
    public Builder<T> valid(Predicate<? super T> valid) {
      this.valid = valid;
      return this;
    }

    /** Done to each object the pool lets go; must be quick and must not call the pool. */
    public Builder<T> discard(Consumer<? super T> discard) {
      this.discard = discard;
      return this;
    }

    /** Told of leaks, by the stack that acquired what leaked. */
    public Builder<T> leaks(Consumer<Throwable> leaks) {
      this.leaks = leaks;
      return this;
    }

    /** The most objects there may be, lent ones counted; 0 for no bound. */
    public Builder<T> maxTotal(int objects) {
      maxTotal = objects;
      return this;
    }

    /** The most objects to keep, without a bound. */
    public Builder<T> maxIdle(int objects) {
      maxIdle = objects;
      return this;
    }

    /** Objects to make in the background to begin with. */
    public Builder<T> prefill(int objects) {
      prefill = objects;
      return this;
    }

    /** How long an object may idle while memory is not short. */
    public Builder<T> idleExpiry(Duration expiry) {
      idleExpiry = expiry;
      return this;
    }

    /** Who trims it; {@link PoolPressure#shared()} by default. */
    public Builder<T> pressure(PoolPressure pressure) {
      this.pressure = pressure;
      return this;
    }

    /** Whether every object is tracked; slow. */
    public Builder<T> debug(boolean on) {
      debug = on;
      return this;
    }

    public ObjectPool<T> build() {
      ObjectPool<T> pool = new ObjectPool<>(this);
      pressure.register(pool);
      if (prefill > 0) {
        pool.prefill(prefill);
      }
      return pool;
    }
  }
}
