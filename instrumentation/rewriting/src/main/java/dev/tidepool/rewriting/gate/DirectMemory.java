package dev.tidepool.rewriting.gate;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory of direct buffers; its kind is its size in bytes.
 *
 * <p>It is kept below the buffer object. The JDK decides when a buffer is dead, clears the memory
 * when it makes the next buffer of it, and counts as always: a size is reserved before it asks for
 * memory and unreserved after it has given it back. What is kept is no part of those counts, so it
 * is bounded by them: reserved and kept bytes together do not exceed the most that was reserved in
 * the last seconds, and that never exceeds {@code MaxDirectMemorySize}. Whoever reserves memory in
 * another way than by a buffer, as memory segments do, is not seen as it happens: after that both
 * together may be above the maximum by what is kept, until the next second's {@link #trim}.
 */
public final class DirectMemory implements NativeMemory {
  private final AtomicLong reserved;
  private final MethodHandle free;
  private final Peak peak = new Peak();
  private final BufferMakers makers = new BufferMakers();

  private DirectMemory(AtomicLong reserved, MethodHandle free) {
    this.reserved = reserved;
    this.free = free;
  }

  /**
   * Looks up the JDK's count of reserved bytes and what frees memory.
   *
   * @param bits {@code java.nio.Bits}, in a package open to this module
   * @param unsafe {@code jdk.internal.misc.Unsafe}, likewise
   * @throws ReflectiveOperationException where this JDK is another
   */
  public static DirectMemory of(Class<?> bits, Class<?> unsafe)
      throws ReflectiveOperationException {
    Field count = bits.getDeclaredField("RESERVED_MEMORY");
    count.setAccessible(true);
    MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(unsafe, MethodHandles.lookup());
    Field instance = unsafe.getDeclaredField("theUnsafe");
    instance.setAccessible(true);
    MethodHandle free =
        lookup
            .findVirtual(unsafe, "freeMemory", MethodType.methodType(void.class, long.class))
            .bindTo(instance.get(null));
    DirectMemory memory = new DirectMemory((AtomicLong) count.get(null), free);
    memory.free(0); // which does nothing, and leaves nothing to be linked later
    return memory;
  }

  /** Which methods make the buffers. */
  public BufferMakers makers() {
    return makers;
  }

  @Override
  public long bytes(long kind) {
    return kind;
  }

  @Override
  public void becomes(long address, long kind) {
    // its size is all that matters, and it knows that itself
  }

  @Override
  public long prepare(long address, long kind) {
    return kind;
  }

  @Override
  public void taken(long kind, boolean kept) {
    peak.see(reserved.get());
    makers.making();
  }

  @Override
  public long room(long returning) {
    return Math.max(0, peak.get() - reserved.get() + returning);
  }

  @Override
  public void forget(long address) {
    // nothing is known of single pieces
  }

  @Override
  public void trim(long now) {
    peak.tick(now, reserved.get());
  }

  @Override
  public void free(long address) {
    try {
      free.invokeExact(address);
    } catch (RuntimeException | Error thrown) {
      throw thrown;
    } catch (Throwable undeclared) {
      throw new IllegalStateException(undeclared);
    }
  }
}
