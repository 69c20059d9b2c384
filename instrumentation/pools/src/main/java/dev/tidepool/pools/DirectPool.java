package dev.tidepool.pools;

import dev.tidepool.pools.internal.ArrayShelves;
import dev.tidepool.pools.internal.Sizes;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A pool of native memory: slabs cut into buffers whose capacity is a power of two, at least 256.
 *
 * <p>A slab belongs to the JDK: it is freed when none of its buffers, nor any view of one, can be
 * reached, and not before. A buffer that is forgotten is never handed out a second time and goes
 * with its slab. One that is given back is handed out again, at once: {@link #release} is the
 * caller's word that nothing views its memory any more, since a view holds on to its slab and not
 * to the buffer it was made from, so that nobody can see it. A {@link #checked} pool finds those
 * who break their word. No more than the bound is kept; beyond it, buffers are allocated one by one
 * and are the collector's when they are released.
 *
 * <p>Buffers that idle are let go one size at a time, all that the shelves have no place for
 * together: as long as one of a slab can be reached, none of it is freed.
 *
 * <pre>{@code
 * DirectPool pool = DirectPool.of("network", 1 << 20, 64 << 20, PoolPressure.shared());
 * ByteBuffer buffer = pool.acquire(16 << 10);
 * channel.read(buffer);
 * ...
 * pool.release(buffer);
 * }</pre>
 */
public final class DirectPool extends ShelvedPool {
  private static final int KIND = 0;
  private static final int SMALLEST = 256;
  static final int LARGEST = 1 << 30;
  private static final int OVERHEAD = 23; // what the shelves' budget adds to a capacity

  private static final class Slab extends PhantomReference<ByteBuffer> {
    private final int bytes;

    Slab(ByteBuffer memory, ReferenceQueue<ByteBuffer> queue) {
      super(memory, queue);
      bytes = memory.capacity();
    }
  }

  private final int slabBytes;
  private final long bound;
  private volatile boolean closed;
  private final DirectGuard guard;
  private final ReentrantLock cutting = new ReentrantLock();
  private final ReferenceQueue<ByteBuffer> freed = new ReferenceQueue<>();
  private final Set<Slab> slabs = new HashSet<>();
  private long slabsTotal;
  private final SpareSlices spare = new SpareSlices();

  /** Of buffers that have no slab, those that are out. */
  private final WeakThings alone = new WeakThings();

  private DirectPool(
      String name, int slabBytes, long bound, PoolPressure pressure, boolean checked) {
    super(name, pressure, new ArrayShelves(bound + bound / SMALLEST * OVERHEAD, pressure::needed));
    this.slabBytes = slabBytes;
    this.bound = bound;
    this.guard = checked ? new DirectGuard(name) : null;
  }

  /**
   * A pool of direct buffers; a checked one where the system property {@code tidepool.pools.debug}
   * is set.
   *
   * @param slabBytes native memory to take at a time, larger where one buffer is larger
   * @param bound the most bytes of slabs
   */
  public static DirectPool of(String name, int slabBytes, long bound, PoolPressure pressure) {
    return of(name, slabBytes, bound, pressure, Boolean.getBoolean("tidepool.pools.debug"));
  }

  /**
   * As {@link #of}, but watched, which is slow. A buffer that is released twice, or that never came
   * from here, is refused; memory that somebody wrote to after its release, by whatever view, is
   * found when it is acquired again: each time a {@link PoolMisuseException} with the stacks. Who
   * reads after the release reads 0xA5.
   */
  public static DirectPool checked(String name, int slabBytes, long bound, PoolPressure pressure) {
    return of(name, slabBytes, bound, pressure, true);
  }

  private static DirectPool of(
      String name, int slabBytes, long bound, PoolPressure pressure, boolean checked) {
    if (slabBytes < SMALLEST || bound < slabBytes) {
      throw new IllegalArgumentException(
          "slabs of " + slabBytes + " bytes within " + bound + ": want 256 <= slab <= bound");
    }
    DirectPool pool = new DirectPool(name, slabBytes, bound, pressure, checked);
    pressure.register(pool);
    return pool;
  }

  /**
   * A direct buffer, big-endian, its position 0 and its limit as asked for; the content is
   * arbitrary.
   *
   * @throws IllegalArgumentException if the number of bytes is negative
   */
  public ByteBuffer acquire(int bytes) {
    int capacity = capacityFor(bytes);
    ByteBuffer memory = (ByteBuffer) shelves.take(KIND, capacity, Sizes.of(capacity));
    if (memory == null) {
      memory = spare.take(capacity);
      if (memory != null) {
        shelves.tally().foundElsewhere(KIND, capacity, Sizes.of(capacity));
      } else {
        memory = cut(capacity);
      }
    }
    boolean single = memory == null;
    if (single) {
      memory = ByteBuffer.allocateDirect(capacity);
    }
    ByteBuffer lent = guard == null ? memory : guard.acquired(memory);
    if (single) {
      alone.removeCollected();
      alone.add(lent);
    }
    lent.clear().limit(bytes).order(ByteOrder.BIG_ENDIAN);
    return lent;
  }

  /**
   * Gives a buffer back. Neither it nor a view of it must be touched again.
   *
   * @throws PoolMisuseException if it can be seen not to come from {@link #acquire}, or, in a
   *     checked pool, was released before
   */
  public void release(ByteBuffer buffer) {
    int capacity = buffer.capacity();
    if (!buffer.isDirect() || buffer.isReadOnly() || capacity != capacityFor(capacity)) {
      throw new PoolMisuseException(
          name + ": released here, but not from this pool: " + buffer, null);
    }
    ByteBuffer memory = guard == null ? buffer : guard.released(buffer);
    if (!alone.remove(buffer)
        && !shelves.give(KIND, memory, capacity, ArrayShelves.BY_SIZE)
        && !closed
        && spare.add(memory)) { // to drop it would not free its slab: it may as well be used
      shelves.tally().keptElsewhere(Sizes.of(capacity));
    }
  }

  private static int capacityFor(int bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("a buffer of " + bytes + " bytes");
    }
    return bytes <= SMALLEST
        ? SMALLEST
        : bytes > LARGEST ? bytes : 1 << -Integer.numberOfLeadingZeros(bytes - 1);
  }

  /** One buffer of a fresh slab, whose others wait for the next; null where there is no room. */
  private ByteBuffer cut(int capacity) {
    if (capacity <= bound && cutting.tryLock()) {
      try {
        forgetFreed();
        int size = Math.max(slabBytes / capacity, 1) * capacity;
        if (slabsTotal + size <= bound) {
          ByteBuffer slab = ByteBuffer.allocateDirect(size);
          slabs.add(new Slab(slab, freed));
          slabsTotal += size;
          for (int at = capacity; at < size; at += capacity) {
            spare.add(slab.slice(at, capacity));
          }
          pressure.needed();
          return slab.slice(0, capacity);
        }
      } finally {
        cutting.unlock();
      }
    }
    return null;
  }

  private void forgetFreed() {
    for (Object slab = freed.poll(); slab != null; slab = freed.poll()) {
      if (slabs.remove(slab)) {
        slabsTotal -= ((Slab) slab).bytes;
      }
    }
  }

  /** Bytes of slabs that are not known to be freed: never above the bound. */
  public long slabBytes() {
    cutting.lock();
    try {
      forgetFreed();
      return slabsTotal;
    } finally {
      cutting.unlock();
    }
  }

  /** {@inheritDoc} A slab goes with the last of its buffers, so the bytes are not freed at once. */
  @Override
  public long trim(Pressure level) {
    return super.trim(level) + spare.trim(level);
  }

  @Override
  public boolean isEmpty() {
    return super.isEmpty() && spare.isEmpty();
  }

  @Override
  public void close() {
    closed = true;
    super.close();
    spare.trim(Pressure.CRITICAL);
  }

  @Override
  String kind(long key) {
    return "direct[" + (key >>> 4) + "]";
  }
}
