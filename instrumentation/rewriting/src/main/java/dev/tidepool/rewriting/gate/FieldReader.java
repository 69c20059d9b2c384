package dev.tidepool.rewriting.gate;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.WeakReference;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Reads a field of a class that may be unloaded: a method handle keeps the class of its field, and
 * with it the class's loader and all that this has loaded. So a handle is kept by that class, not
 * by who reads with it.
 */
final class FieldReader {
  private static final MethodType READS = MethodType.methodType(Object.class, Object.class);

  /** Handles alone, so that the classes keep nothing of the agent. */
  private static final ClassValue<Queue<MethodHandle>> KEPT =
      new ClassValue<>() {
        @Override
        protected Queue<MethodHandle> computeValue(Class<?> type) {
          return new ConcurrentLinkedQueue<>();
        }
      };

  private final MethodHandle lasting; // of a class that stays; else null
  private final WeakReference<Class<?>> declaring;
  private final WeakReference<MethodHandle> passing;

  private FieldReader(Class<?> declaring, MethodHandle handle) {
    boolean stays = declaring.getClassLoader() == null;
    this.lasting = stays ? handle : null;
    this.declaring = new WeakReference<>(declaring);
    this.passing = new WeakReference<>(handle);
    if (!stays) {
      KEPT.get(declaring).add(handle);
    }
  }

  /**
   * Looks a field up; makes no class load.
   *
   * @param declaring in a package open to this module
   * @throws ReflectiveOperationException if there is no such field or its package is not open
   */
  static FieldReader of(Class<?> declaring, String name, Class<?> type)
      throws ReflectiveOperationException {
    return new FieldReader(
        declaring,
        MethodHandles.privateLookupIn(declaring, MethodHandles.lookup())
            .findGetter(declaring, name, type)
            .asType(READS));
  }

  /** What is in the field of the object. */
  Object read(Object object) {
    MethodHandle handle = lasting == null ? passing.get() : lasting;
    if (handle == null) {
      return null; // it was closed
    }
    try {
      return (Object) handle.invokeExact(object);
    } catch (RuntimeException | Error thrown) {
      throw thrown;
    } catch (Throwable undeclared) {
      throw new IllegalStateException(undeclared);
    }
  }

  /** Leaves nothing with the class. */
  void close() {
    Class<?> type = declaring.get();
    MethodHandle handle = passing.get();
    if (lasting == null && type != null && handle != null) {
      KEPT.get(type).remove(handle);
    }
  }
}
