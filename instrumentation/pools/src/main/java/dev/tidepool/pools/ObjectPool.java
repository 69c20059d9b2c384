package dev.tidepool.pools;

import dev.tidepool.pools.internal.ArrayShelves;
import dev.tidepool.pools.internal.Primitives;
import dev.tidepool.pools.internal.Shape;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
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
 * {@link #leaked()} and reported with the stack that acquired it. In debug mode every one is. What
 * is collected unreleased frees its place in a bounded pool.
 *
 * @param <T> what is pooled
 */
public final class ObjectPool<T> implements Pool {
  private static final int ONE = 1;
  private static final int KIND = 0;

  /** What the shelves' budget has to say for the place of one object. */
  private static final long WEIGHT = Primitives.bytes(KIND, ONE);

  private static final long LONGEST_NAP = TimeUnit.MILLISECONDS.toNanos(1);

  private final String name;
  private final Supplier<? extends T> factory;
  private final Hooks<T> hooks;
  private final long idleNanos;
  private final PoolPressure pressure;
  private final ArrayShelves shelves;
  private final Ledger ledger;
  private final Sample sample;

  /** Of the objects a bounded pool may make; null if there is no bound. */
  private final Places places;

  private final Queue<Thread> waiting = new ConcurrentLinkedQueue<>();

  private ObjectPool(Builder<T> b) {
    name = b.name;
    factory = b.factory;
    idleNanos = b.idleExpiry.toNanos();
    pressure = b.pressure;
    ledger = b.debug ? new Ledger(name, b.leaks) : null;
    sample = b.debug ? null : new Sample(name, b.leaks);
    places = b.maxTotal > 0 ? new Places(b.maxTotal) : null;
    hooks = new Hooks<>(b.reset, b.valid, b.discard, places);
    boolean bounded = places != null;
    int most = bounded ? b.maxTotal : b.maxIdle;
    // What is counted or discarded must have one holder at any time. A trimmer and the owner of a
    // shelf may both have hold of a thing; then the trimmer is to forget it.
    Shape shape = bounded || b.discard != null ? Shape.allShared(most) : Shape.oneKind(most);
    // The places bound a bounded pool; that an object keeps a slot in more than one stripe is no
    // reason to let a good one go.
    shelves =
        new ArrayShelves(
            most * WEIGHT * (bounded ? shape.stripes() : 1),
            shape,
            pressure::needed,
            hooks::dropped);
  }

  /** A pool of what the factory makes. */
  public static <T> Builder<T> of(Supplier<? extends T> factory) {
    return new Builder<>(factory);
  }

  /**
   * An object that waits, or a new one; null if there are as many as there may be and all are out.
   * What the factory or a check throws is passed on, and takes no place of the bound.
   */
  public T acquire() {
    T object = valid(cast(shelves.take(KIND, ONE, 0)));
    if (object == null) {
      object = create();
      if (object == null) { // as many as there may be: unless one waits where we met a lock
        object = valid(cast(shelves.takeSurely(KIND, ONE, 0)));
        object = object == null ? create() : object;
      }
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

  /** The object, or the next that waits and is valid, or null. */
  private T valid(T object) {
    while (object != null && !hooks.isValid(object)) {
      hooks.discard(object);
      object = cast(shelves.take(KIND, ONE, 0));
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
    if (places == null) {
      return factory.get();
    }
    if (!places.take()) {
      return null;
    }
    try {
      T object = Objects.requireNonNull(factory.get(), "the factory made null");
      places.fill(object);
      return object;
    } catch (RuntimeException | Error e) {
      places.giveUp();
      throw e;
    }
  }

  /**
   * Gives an object back. The caller must not touch it again.
   *
   * @throws NullPointerException if there is none
   * @throws PoolMisuseException if it is watched and was released before
   */
  public void release(T object) {
    Objects.requireNonNull(object, "there is no object to release");
    if (sample != null) {
      sample.released(object);
    } else if (!ledger.released(object)) {
      throw ledger.foreign(object);
    }
    try {
      hooks.reset(object);
      if (!give(object)) {
        hooks.discard(object);
      }
    } finally {
      if (places != null) {
        LockSupport.unpark(waiting.peek());
      }
    }
  }

  private boolean give(T object) {
    return places == null
        ? shelves.give(KIND, object, ONE, 0)
        : shelves.giveSurely(KIND, object, ONE, 0);
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
              hooks.discard(object);
              return;
            }
          }
        });
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
    return Shelving.stats(name, shelves, key -> name, List.of(Shelving.size(shelves, 0, ONE)));
  }

  @Override
  public long trim(Pressure level) {
    if (sample != null) {
      sample.next();
    }
    try {
      return Shelving.trim(shelves, level, idleNanos);
    } finally {
      hooks.discardDropped();
    }
  }

  @Override
  public boolean isEmpty() {
    return shelves.budget().reserved() == 0;
  }

  @Override
  public void close() {
    pressure.unregister(this);
    try {
      shelves.close();
    } finally {
      hooks.discardDropped();
    }
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

    /**
     * Done to each object the pool lets go. What it throws during a maintenance round goes to the
     * thread's uncaught-exception handler.
     */
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

    /**
     * The most objects to keep, where their number is not bounded. One that is lent out counts as
     * long as its place is kept for it.
     */
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
