package dev.tidepool.rewriting.gate;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Reaches the array behind a {@link StringBuilder}. */
public final class BuilderText {
  private static final int TRIED = 24;

  private final MethodHandle array;
  private final MethodHandle size;
  private final MethodHandle put;

  private BuilderText(MethodHandle array, MethodHandle size, MethodHandle put) {
    this.array = array;
    this.size = size;
    this.put = put;
  }

  /**
   * Looks the fields up.
   *
   * @param builder {@code java.lang.AbstractStringBuilder}, in a package open to this module
   * @return null where one byte a character is not what texts are made of here
   * @throws ReflectiveOperationException if this JDK has other fields, or the package is not open
   */
  public static BuilderText of(Class<?> builder) throws ReflectiveOperationException {
    MethodHandles.Lookup inside = MethodHandles.privateLookupIn(builder, MethodHandles.lookup());
    BuilderText text =
        new BuilderText(
            inside
                .findGetter(builder, "value", byte[].class)
                .asType(MethodType.methodType(byte[].class, Object.class)),
            inside
                .findGetter(builder, "count", int.class)
                .asType(MethodType.methodType(int.class, Object.class)),
            inside
                .findSetter(builder, "value", byte[].class)
                .asType(MethodType.methodType(void.class, Object.class, byte[].class)));
    StringBuilder tried = new StringBuilder();
    tried.ensureCapacity(TRIED);
    return text.array(tried).length == tried.capacity() ? text : null;
  }

  byte[] array(Object builder) {
    try {
      return (byte[]) array.invokeExact(builder);
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
  }

  /** Characters in it. */
  int size(Object builder) {
    try {
      return (int) size.invokeExact(builder);
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
  }

  void put(Object builder, byte[] fresh) {
    try {
      put.invokeExact(builder, fresh);
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
  }

  /** A field access throws nothing that has to be declared. */
  private static RuntimeException unchecked(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return thrown instanceof RuntimeException runtime ? runtime : new IllegalStateException(thrown);
  }
}
