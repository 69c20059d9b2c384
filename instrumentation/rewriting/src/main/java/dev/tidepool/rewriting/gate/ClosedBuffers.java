package dev.tidepool.rewriting.gate;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;

/**
 * Gives back the array of the buffer in a field of an object that was just closed, under the
 * object's lock. The object gets an empty buffer in its place: whatever it may still do under its
 * lock finds nothing that could be somebody else's.
 */
final class ClosedBuffers implements BiConsumer<Object, Object> {
  /** JEP 500. */
  private static final int WARNS_OF_FINAL = 26;

  private final SiteRow row;
  private final FieldArrays arrays;
  private final WeakReference<Class<?>> type;
  private final MethodHandle getter;
  private final MethodHandle setter;

  private ClosedBuffers(SiteRow row, Class<?> type, MethodHandle getter, MethodHandle setter) {
    this.row = row;
    this.arrays = new FieldArrays(row, type);
    this.type = new WeakReference<>(type);
    this.getter = getter;
    this.setter = setter;
  }

  /**
   * Looks the field up.
   *
   * @param type in a package open to this module
   * @throws ReflectiveOperationException if there is no such field, or it cannot be written
   */
  static ClosedBuffers of(SiteRow row, Class<?> type, String name)
      throws ReflectiveOperationException {
    Field field = type.getDeclaredField(name);
    if (Modifier.isFinal(field.getModifiers()) && Runtime.version().feature() >= WARNS_OF_FINAL) {
      throw new NoSuchFieldException("a final field, whose change this JDK speaks of on stderr");
    }
    field.setAccessible(true); // it may be final: the object's own code writes it once
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    return new ClosedBuffers(
        row,
        type,
        lookup.unreflectGetter(field).asType(MethodType.methodType(ByteBuffer.class, Object.class)),
        lookup
            .unreflectSetter(field)
            .asType(MethodType.methodType(void.class, Object.class, ByteBuffer.class)));
  }

  /** What knows the arrays made for such buffers. */
  FieldArrays arrays() {
    return arrays;
  }

  @Override
  @SuppressWarnings("ByteBufferBackingArray") // made by wrap, around all of the array
  public void accept(Object closed, Object none) {
    if (row.isTried() || !type.refersTo(closed.getClass())) {
      return;
    }
    try {
      ByteBuffer buffer = (ByteBuffer) getter.invokeExact(closed);
      if (buffer != null && buffer.hasArray() && arrays.end(buffer.array())) {
        setter.invokeExact(closed, ByteBuffer.allocate(0));
        row.release(buffer.array());
      }
    } catch (RuntimeException | Error thrown) {
      throw thrown;
    } catch (Throwable undeclared) {
      throw new IllegalStateException(undeclared);
    }
  }
}
