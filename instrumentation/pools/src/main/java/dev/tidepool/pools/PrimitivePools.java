package dev.tidepool.pools;

import dev.tidepool.pools.internal.ArrayShelves;
import dev.tidepool.pools.internal.Holdings;
import dev.tidepool.pools.internal.Primitives;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Array;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Exact-length pools of the eight primitive array types under one byte budget.
 *
 * <p>Types are named by the operand of the {@code newarray} instruction (JVMS 6.5): 4 boolean, 5
 * char, 6 float, 7 double, 8 byte, 9 short, 10 int, 11 long. {@link #acquire} and {@link #release}
 * may be called from any thread, never block, allocate nothing on a hit, and throw nothing except
 * what {@code new} itself throws. An array that was taken and is never given back costs nothing but
 * its reuse.
 *
 * <p>The other methods are for whoever looks after the pools: a {@link PoolPressure}, or somebody
 * who calls {@link #trim} about once a second, and more often when memory is short; then no thread
 * is needed.
 *
 * <pre>{@code
 * PrimitivePools pools = new PrimitivePools(64 << 20, PoolPressure.shared());
 * int[] table = (int[]) pools.acquire(10, 4096, 0, true);
 * ...
 * pools.release(table, 10, 0);
 * }</pre>
 */
public final class PrimitivePools implements Pool {
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final ArrayShelves shelves;
  private final PoolPressure keeper;
  private volatile Pressure pressure = Pressure.NONE;

  /**
   * Pools that are looked after by whoever calls {@link #trim}.
   *
   * @param budgetBytes the most bytes to hold; an array larger than that is never kept
   */
  public PrimitivePools(long budgetBytes) {
    this(budgetBytes, PoolPressure.driven());
  }

  /**
   * Pools that are looked after as all others of a {@link PoolPressure}.
   *
   * @param budgetBytes the most bytes to hold; an array larger than that is never kept
   */
  public PrimitivePools(long budgetBytes, PoolPressure keeper) {
    this.keeper = keeper;
    shelves = ArrayShelves.choosy(budgetBytes, keeper::needed);
    keeper.register(this);
  }

  /**
   * An array of exactly {@code length} elements, from the pool or new.
   *
   * @param type the {@code newarray} operand
   * @param meter row of counters from {@link #openMeter()}, 0 for none
   * @param zeroed whether every element must read as zero; otherwise the content is arbitrary
   * @throws NegativeArraySizeException as {@code new} would
   */
  public Object acquire(int type, int length, int meter, boolean zeroed) {
    Object array = take(type, length, meter, zeroed);
    return array == null ? create(type, length) : array;
  }

  /** As {@link #acquire}, but null where the pool has none of this length. */
  public Object take(int type, int length, int meter, boolean zeroed) {
    Object array = shelves.take(type, length, meter);
    if (array != null && zeroed) {
      Primitives.clear(type, array);
      // as after an allocation: whoever is handed the array by a data race finds zeros, not the
      // past
      VarHandle.storeStoreFence();
    }
    return array;
  }

  /** A new array; where memory is short the pools are emptied first. */
  public Object create(int type, int length) {
    try {
      return Primitives.create(type, length);
    } catch (OutOfMemoryError e) {
      shelves.trimAll(); // what we hold may be what is missing
      return Primitives.create(type, length);
    }
  }

  /**
   * Gives an array back. The caller must be its only holder.
   *
   * @return whether the pool kept it; false means it was left to the collector
   */
  public boolean release(Object array, int type, int meter) {
    return array != null && shelves.give(type, array, meter);
  }

  /**
   * As {@link #release(Object, int, int)}, but about one call in 1024 does nothing and answers
   * false: a turn to look at the array more closely. To do so for longer than until the release,
   * keep the array and give another of its length with {@link #releaseInstead}.
   */
  public boolean releaseUnlessDue(Object array, int type, int meter) {
    return shelves.giveUnlessDue(type, array, meter);
  }

  /**
   * Gives an array back in the place of one that was acquired and is kept by its holder.
   *
   * @param kept an array of the same type and length, from {@link #acquire} or {@link #take}
   * @return whether the pool kept the other; false means it was left to the collector
   */
  public boolean releaseInstead(Object kept, Object array, int type, int meter) {
    return shelves.giveInstead(kept, type, array, Array.getLength(array), meter);
  }

  /** A fresh row of counters, at least 1. */
  public int openMeter() {
    return shelves.tally().openMeter();
  }

  /** Frees a row of counters for another {@link #openMeter()}. */
  public void closeMeter(int meter) {
    shelves.tally().closeMeter(meter);
  }

  /** The counters of a row since it was opened. */
  public MeterCounts counts(int meter) {
    long[] c = shelves.tally().counts(meter);
    return new MeterCounts(c[0], c[2], c[1], c[3]);
  }

  /** Sets the most bytes to hold, and drops what is above it. */
  public void setBudget(long bytes) {
    shelves.limit(bytes);
  }

  /**
   * Drops what idles, the sooner the shorter memory is: after 5 seconds, or for arrays of half a
   * megabyte and more after a minute without pressure and 30 and 10 seconds at LOW and MEDIUM; at
   * HIGH what was not touched since the last call; at CRITICAL everything. Arrays of threads that
   * have ended go in any case.
   *
   * <p>What waits is copied by each young collection until it is old, a dozen times where the
   * collector has its way, and to copy an array costs many times what it costs to make one. So what
   * nobody takes between two collections is better made anew; large ones are not copied.
   *
   * @return bytes dropped
   */
  @Override
  public long trim(Pressure level) {
    pressure = level;
    return switch (level) {
      case NONE, LOW, MEDIUM ->
          shelves.trimIdle(IDLE_NANOS, Shelving.idleNanos(level, Shelving.UNPRESSED_NANOS));
      case HIGH, CRITICAL -> Shelving.trim(shelves, level);
    };
  }

  /** How short memory was at the last {@link #trim}. */
  public Pressure pressure() {
    return pressure;
  }

  @Override
  public String name() {
    return "primitive arrays";
  }

  @Override
  public boolean isEmpty() {
    return shelves.budget().reserved() == 0;
  }

  /** Bytes the pools keep alive, waiting or lent: never above the budget. */
  public long reservedBytes() {
    return shelves.budget().reserved();
  }

  Holdings holdings() {
    return shelves.tally().holdings();
  }

  @Override
  public PoolStats stats() {
    return Shelving.stats(name(), shelves, Shelving::arrayKind, List.of());
  }

  /** Drops everything for good; arrays still lent out stay good, and are not taken back. */
  @Override
  public void close() {
    keeper.unregister(this);
    shelves.close();
  }
}
