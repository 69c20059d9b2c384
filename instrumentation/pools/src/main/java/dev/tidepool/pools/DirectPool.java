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
 * reached, and not before. The pool reuses a buffer only when it has been given back; one that is
 * forgotten, or whose views live on, is never handed out a second time and goes with its slab. No
 * more than the bound is taken from the system; beyond it, buffers are allocated one by one and not
 * kept.
 */
public final class DirectPool implements Pool {
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

  private final String name;
  private final int slabBytes;
  private final long bound;
  private final PoolPressure pressure;
  private final ArrayShelves shelves;
  private final ReentrantLock cutting = new ReentrantLock();
  private final ReferenceQueue<ByteBuffer> freed = new ReferenceQueue<>();
  private final Set<Slab> slabs = new HashSet<>();
  private long slabsTotal;

  private DirectPool(String name, int slabBytes, long bound, PoolPressure pressure) {
    this.name = name;
    this.slabBytes = slabBytes;
    this.bound = bound;
    this.pressure = pressure;
    this.shelves = new ArrayShelves(bound + bound / SMALLEST * OVERHEAD, pressure::needed);
  }

  /**
   * A pool of direct buffers.
   *
   * @param slabBytes native memory to take at a time, larger where one buffer is larger
   * @param bound the most bytes of slabs
   */
  public static DirectPool of(String name, int slabBytes, long bound, PoolPressure pressure) {
    if (slabBytes < SMALLEST || bound < slabBytes) {
      throw new IllegalArgumentException(
          "slabs of " + slabBytes + " bytes within " + bound + ": want 256 <= slab <= bound");
    }
    DirectPool pool = new DirectPool(name, slabBytes, bound, pressure);
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
    ByteBuffer lent = (ByteBuffer) buffer;
    lent.clear().limit(bytes).order(ByteOrder.BIG_ENDIAN);
    return lent;
  }

  /**
   * Gives a buffer back. Neither it nor a view of it must be touched again.
   *
   * @throws PoolMisuseException if it can be seen not to come from {@link #acquire}
   */
  public void release(ByteBuffer buffer) {
    int capacity = buffer.capacity();
    if (!buffer.isDirect() || buffer.isReadOnly() || capacity != capacityFor(capacity)) {
      throw new PoolMisuseException(
          name + ": released here, but not from this pool: " + buffer, null);
    }
    shelves.give(KIND, buffer, capacity, 0);
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
  public String name() {
    return name;
  }

  @Override
  public PoolStats stats() {
    return Shelving.stats(name, shelves, key -> "direct[" + (key >>> 4) + "]");
  }

  @Override
  public long trim(Pressure level) {
    return Shelving.trim(shelves, level);
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
}
