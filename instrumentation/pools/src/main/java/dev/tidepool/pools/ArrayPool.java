package dev.tidepool.pools;

import dev.tidepool.pools.internal.ArrayShelves;
import dev.tidepool.pools.internal.Primitives;
import dev.tidepool.pools.internal.Sizes;
import java.lang.reflect.Array;
import java.util.Arrays;

/**
 * A pool of arrays of one primitive type.
 *
 * <p>Arrays come in classes of length: exactly as asked for, powers of two, or tiers. A class is
 * there once it is used and goes when it idles. Any thread may acquire and release; nothing blocks;
 * a hit allocates nothing. What is not given back is merely not reused.
 *
 * <pre>{@code
 * ArrayPool<byte[]> pool = ArrayPool.ofBytes().powersOfTwo().budget(64 << 20).build();
 *
 * try (var lease = pool.lease(8192)) {
 *   int n = in.read(lease.array());
 *   ...
 * }
 *
 * byte[] buffer = pool.acquire(8192); // in hot code
 * ...
 * pool.release(buffer);
 * }</pre>
 *
 * @param <A> the array type, as {@code byte[]}
 */
public final class ArrayPool<A> extends ShelvedPool {
  /** 1 KB, 256 KB, 2.5 MB, 5 MB and 10 MB: from a line of text to an image. In elements. */
  private static final int[] FIVE_TIERS = {1 << 10, 256 << 10, 2560 << 10, 5 << 20, 10 << 20};

  private static final int SMALLEST_POWER = 16;
  private static final int LARGEST_POWER = 1 << 30;
  private static final int EXACT = 0;
  private static final int POWERS = 1;
  private static final int TIERS = 2;

  private final int type;
  private final int classes;
  private final int[] tiers;
  private final ClearPolicy clearing;
  private final ArrayGuard guard;

  /**
   * Whether an array is lent and taken back just as it is: asked once instead of setting by
   * setting.
   */
  private final boolean plain;

  private ArrayPool(Builder<A> b) {
    super(b.name, b.pressure, ArrayShelves.choosy(b.budget, b.pressure::needed));
    type = b.type;
    classes = b.classes;
    tiers = b.tiers.clone();
    clearing = b.clearing;
    guard = b.debug ? new ArrayGuard(name, clearing) : null;
    plain = classes == EXACT && guard == null && clearing == ClearPolicy.NEVER;
  }

  public static Builder<byte[]> ofBytes() {
    return new Builder<>(Primitives.BYTE);
  }

  public static Builder<char[]> ofChars() {
    return new Builder<>(Primitives.CHAR);
  }

  public static Builder<short[]> ofShorts() {
    return new Builder<>(Primitives.SHORT);
  }

  public static Builder<int[]> ofInts() {
    return new Builder<>(Primitives.INT);
  }

  public static Builder<long[]> ofLongs() {
    return new Builder<>(Primitives.LONG);
  }

  public static Builder<float[]> ofFloats() {
    return new Builder<>(Primitives.FLOAT);
  }

  public static Builder<double[]> ofDoubles() {
    return new Builder<>(Primitives.DOUBLE);
  }

  public static Builder<boolean[]> ofBooleans() {
    return new Builder<>(Primitives.BOOLEAN);
  }

  /**
   * An array of at least {@code length} elements: exactly as many if the classes are exact.
   *
   * @throws NegativeArraySizeException if the length is negative
   */
  public A acquire(int length) {
    if (plain) {
      Object array = shelves.take(type, length, Sizes.of(length));
      return cast(array != null ? array : create(length));
    }
    int size = sizeOf(length);
    Object array = shelves.take(type, size, Sizes.of(size));
    if (array == null) {
      array = create(size);
    }
    if (guard != null) {
      guard.acquired(array);
    }
    return cast(array);
  }

  /** Gives an array back; all of it counts as used. The caller must not touch it again. */
  public void release(A array) {
    if (plain && array != null) {
      shelves.give(type, array, ArrayShelves.BY_SIZE);
    } else {
      release(array, Integer.MAX_VALUE);
    }
  }

  /**
   * Gives an array back. The caller must not touch it again.
   *
   * @param used how many elements from the first may differ from zero, for {@link
   *     ClearPolicy#DIRTY}
   */
  public void release(A array, int used) {
    int length = Array.getLength(array);
    if (guard != null) {
      guard.released(array); // before anything is written: it may be somebody else's by now
    } else if (clearing != ClearPolicy.NEVER) {
      clear(array, clearing == ClearPolicy.FULL ? length : Math.min(used, length));
    }
    if (classes == EXACT || length == sizeOf(length)) {
      shelves.give(type, array, ArrayShelves.BY_SIZE);
    }
  }

  /** Acquires an array for a block of code. */
  public Lease<A> lease(int length) {
    return new Lease<>(this, acquire(length));
  }

  /** Has arrays made in the background, for a burst that is to come. */
  public void prewarm(int length, int count) {
    int size = sizeOf(length);
    pressure.errand(
        () -> {
          for (int i = 0; i < count && shelves.stock(type, size, i, create(size)); i++) {}
        });
  }

  private Object create(int size) {
    try {
      return Primitives.create(type, size);
    } catch (OutOfMemoryError e) {
      shelves.trimAll(); // what we hold may be what is missing
      return Primitives.create(type, size);
    }
  }

  private int sizeOf(int length) {
    return switch (classes) {
      case POWERS ->
          length <= SMALLEST_POWER
              ? Math.max(length, length < 0 ? length : SMALLEST_POWER)
              : length > LARGEST_POWER ? length : 1 << -Integer.numberOfLeadingZeros(length - 1);
      case TIERS -> tier(length);
      default -> length;
    };
  }

  private int tier(int length) {
    if (length >= 0) {
      for (int tier : tiers) {
        if (length <= tier) {
          return tier;
        }
      }
    }
    return length;
  }

  private void clear(Object array, int used) {
    if (type == Primitives.BYTE) {
      Arrays.fill((byte[]) array, 0, used, (byte) 0);
    } else {
      Primitives.clear(type, array, used);
    }
  }

  @SuppressWarnings("unchecked") // the type operand and A were bound together in the builder
  private A cast(Object array) {
    return (A) array;
  }

  @Override
  String kind(long key) {
    return Shelving.arrayKind(key);
  }

  /** Sets the most bytes to hold, and drops what is above it. */
  public void budget(long bytes) {
    shelves.limit(bytes);
  }

  /**
   * An array on loan until the lease is closed.
   *
   * @param <A> the array type
   */
  public static final class Lease<A> implements AutoCloseable {
    private final ArrayPool<A> pool;
    private A array;
    private int used = Integer.MAX_VALUE;

    private Lease(ArrayPool<A> pool, A array) {
      this.pool = pool;
      this.array = array;
    }

    /**
     * What is on loan.
     *
     * @throws IllegalStateException if the lease is closed
     */
    public A array() {
      A lent = array;
      if (lent == null) {
        throw new IllegalStateException(pool.name + ": the lease is closed");
      }
      return lent;
    }

    /** Says that only the first elements were written, so that no more need be cleared. */
    public void used(int elements) {
      used = elements;
    }

    /** Gives the array back; a second time does nothing. */
    @Override
    public void close() {
      A lent = array;
      if (lent != null) {
        array = null;
        pool.release(lent, used);
      }
    }
  }

  /**
   * Settings of an array pool: exact lengths, no clearing and a sixteenth of the heap unless told
   * otherwise.
   *
   * @param <A> the array type
   */
  public static final class Builder<A> {
    private final int type;
    private String name;
    private int classes = EXACT;
    private int[] tiers = {};
    private ClearPolicy clearing = ClearPolicy.NEVER;
    private long budget = Runtime.getRuntime().maxMemory() / 16;
    private PoolPressure pressure = PoolPressure.shared();
    private boolean debug = Boolean.getBoolean("tidepool.pools.debug");

    private Builder(int type) {
      this.type = type;
      this.name = Primitives.name(type) + " arrays";
    }

    public Builder<A> name(String name) {
      this.name = name;
      return this;
    }

    /** Arrays exactly as long as asked for. */
    public Builder<A> exact() {
      classes = EXACT;
      return this;
    }

    /** Arrays of the next power of two, at least 16. */
    public Builder<A> powersOfTwo() {
      classes = POWERS;
      return this;
    }

    /** Arrays of the first tier that is long enough; longer ones are not pooled across lengths. */
    public Builder<A> tiers(int... lengths) {
      classes = TIERS;
      tiers = lengths.clone();
      Arrays.sort(tiers);
      return this;
    }

    /** The tiers 1 K, 256 K, 2.5 M, 5 M and 10 M elements. */
    public Builder<A> fiveTiers() {
      return tiers(FIVE_TIERS);
    }

    public Builder<A> clear(ClearPolicy policy) {
      clearing = policy;
      return this;
    }

    /** The most bytes to hold. */
    public Builder<A> budget(long bytes) {
      budget = bytes;
      return this;
    }

    /** Who trims it; {@link PoolPressure#shared()} by default. */
    public Builder<A> pressure(PoolPressure pressure) {
      this.pressure = pressure;
      return this;
    }

    /**
     * Whether every array is tracked, and misuse throws a {@link PoolMisuseException}; slow. By
     * default what the system property {@code tidepool.pools.debug} says.
     */
    public Builder<A> debug(boolean on) {
      debug = on;
      return this;
    }

    public ArrayPool<A> build() {
      ArrayPool<A> pool = new ArrayPool<>(this);
      pressure.register(pool);
      return pool;
    }
  }
}
