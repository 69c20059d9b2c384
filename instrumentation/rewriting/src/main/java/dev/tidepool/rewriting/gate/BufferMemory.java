package dev.tidepool.rewriting.gate;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;

/**
 * Ends the memory of a direct buffer before the collector finds that the buffer is dead.
 *
 * <p>What is done is what the JDK's cleaner does, in the same two steps: the cleaner is taken out
 * of its list, which only one taker can do, and what it was to run is run. {@code Cleaner.clean()}
 * itself is not called, for it ends the process when anything goes wrong.
 */
public final class BufferMemory {
  private static final int PROBED = 24;

  private final MethodHandle cleaner;
  private final MethodHandle remove;
  private final MethodHandle next;
  private final MethodHandle thunk;

  private BufferMemory(
      MethodHandle cleaner, MethodHandle remove, MethodHandle next, MethodHandle thunk) {
    this.cleaner = cleaner;
    this.remove = remove;
    this.next = next;
    this.thunk = thunk;
  }

  /**
   * Looks up how the JDK ends such memory.
   *
   * @param buffer {@code java.nio.DirectByteBuffer}, in a package open to this module
   * @param cleaner {@code jdk.internal.ref.Cleaner}, likewise
   * @throws ReflectiveOperationException where this JDK is another
   */
  public static BufferMemory of(Class<?> buffer, Class<?> cleaner)
      throws ReflectiveOperationException {
    MethodHandles.Lookup ofBuffer = MethodHandles.privateLookupIn(buffer, MethodHandles.lookup());
    MethodHandles.Lookup ofCleaner = MethodHandles.privateLookupIn(cleaner, MethodHandles.lookup());
    MethodType getter = MethodType.methodType(Object.class, Object.class);
    BufferMemory memory =
        new BufferMemory(
            ofBuffer.findGetter(buffer, "cleaner", cleaner).asType(getter),
            ofCleaner
                .findStatic(cleaner, "remove", MethodType.methodType(boolean.class, cleaner))
                .asType(MethodType.methodType(boolean.class, Object.class)),
            ofCleaner.findGetter(cleaner, "next", cleaner).asType(getter),
            ofCleaner
                .findGetter(cleaner, "thunk", Runnable.class)
                .asType(MethodType.methodType(Runnable.class, Object.class)));
    // leaves nothing to be linked in the application's threads
    ByteBuffer rehearsal = ByteBuffer.allocateDirect(1);
    if (!memory.isAlive(rehearsal) || !memory.end(rehearsal) || memory.isAlive(rehearsal)) {
      throw new NoSuchMethodException("cleaners of another kind");
    }
    return memory;
  }

  /** Whether nobody has ended it yet. */
  boolean isAlive(Object buffer) {
    try {
      Object ofBuffer = (Object) cleaner.invokeExact(buffer);
      // one that is out of the list has itself for a neighbour
      return ofBuffer != null && (Object) next.invokeExact(ofBuffer) != ofBuffer;
    } catch (RuntimeException | Error thrown) {
      throw thrown;
    } catch (Throwable undeclared) {
      throw new IllegalStateException(undeclared);
    }
  }

  /**
   * Ends it, unless that was done.
   *
   * @return whether it was done now
   */
  boolean end(Object buffer) {
    // once the cleaner is out of its list the memory must be freed: no stack may end in between
    probe(PROBED, 0, 0);
    try {
      Object ofBuffer = (Object) cleaner.invokeExact(buffer);
      Runnable ending = ofBuffer == null ? null : (Runnable) thunk.invokeExact(ofBuffer);
      if (ending == null || !(boolean) remove.invokeExact(ofBuffer)) {
        return false;
      }
      ending.run();
      return true;
    } catch (RuntimeException | Error thrown) {
      throw thrown;
    } catch (Throwable undeclared) {
      throw new IllegalStateException(undeclared);
    }
  }

  /** Ends with a stack overflow here if there is little left. */
  private static long probe(int depth, long a, long b) {
    return depth == 0 ? a : probe(depth - 1, b + depth, a) + b;
  }
}
