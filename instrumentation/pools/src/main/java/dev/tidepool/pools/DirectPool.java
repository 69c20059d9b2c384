package dev.tidepool.pools;

import dev.tidepool.pools.internal.ArrayShelves;
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
 * who break their word. No more than the bound is taken from the system; beyond it, buffers are
 * allocated one by one and not kept.
 */
public final class DirectPool extends ShelvedPool {
  private static final int KIND = 0;
  private static final int SMALLEST = 256;
  private static final int LARGEST = 1 << 30;
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
  private final DirectGuard guard;
  private final ReentrantLock cutting = new ReentrantLock();
  private final ReferenceQueue<ByteBuffer> freed = new ReferenceQueue<>();
  private final Set<Slab> slabs = new HashSet<>();
  private long slabsTotal;

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
    Object buffer = shelves.take(KIND, capacity, 0);
    if (buffer == null) {
      buffer = cut(capacity);
    }
    ByteBuffer memory = (ByteBuffer) buffer;
    ByteBuffer lent = guard == null ? memory : guard.acquired(memory);
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
    shelves.give(KIND, guard == null ? buffer : guard.released(buffer), capacity, 0);
  }

  private static int capacityFor(int bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("a buffer of " + bytes + " bytes");
    }
    return bytes <= SMALLEST
        ? SMALLEST
        : bytes > LARGEST ? bytes : 1 << -Integer.numberOfLeadingZeros(bytes - 1);
  }

  /** One buffer of a fresh slab, whose others go to the shelves; alone where there is no room. */
  private ByteBuffer cut(int capacity) {
    if (capacity <= bound && cutting.tryLock()) {
      try {
        forgetFreed();
        int size = Math.max(slabBytes / capacity, 1) * capacity;
        if (slabsTotal + size <= bound) {
          ByteBuffer slab = ByteBuffer.allocateDirect(size);
          slabs.add(new Slab(slab, freed));
          slabsTotal += size;
          for (int at = capacity, turn = 0; at < size; at += capacity, turn++) {
            shelves.stock(KIND, capacity, turn, slab.slice(at, capacity));
          }
          return slab.slice(0, capacity);
        }
      } finally {
        cutting.unlock();
      }
    }
    return ByteBuffer.allocateDirect(capacity);
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

  @Override
  String kind(long key) {
    return "direct[" + (key >>> 4) + "]";
  }
}
