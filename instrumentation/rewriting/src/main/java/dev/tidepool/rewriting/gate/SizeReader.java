package dev.tidepool.rewriting.gate;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.util.Collection;

/**
 * Reads how much is in a growing object and how long its array is, with no regard for locks: what
 * is read may be a mix of two moments, which is good enough for statistics.
 */
public final class SizeReader {
  private final MethodHandle path;
  private final MethodHandle array;
  private final MethodHandle size;
  private final MethodHandle coder;

  private SizeReader(MethodHandle path, MethodHandle array, MethodHandle size, MethodHandle coder) {
    this.path = path;
    this.array = array;
    this.size = size;
    this.coder = coder;
  }

  /**
   * Looks the fields up.
   *
   * @param type in a package open to this module, as its superclasses are
   * @param path field of the object that has the array, or null for the object itself
   * @param size null for a collection that tells its size without a lock
   * @param coder field of the power of two of bytes an element takes, or null for one element each
   * @throws ReflectiveOperationException if there is no such field or its package is not open
   */
  public static SizeReader of(Class<?> type, String path, String array, String size, String coder)
      throws ReflectiveOperationException {
    MethodHandle first = null;
    Class<?> holder = type;
    if (path != null) {
      Field leads = field(type, path);
      first = getter(leads, Object.class);
      holder = leads.getType();
    }
    return new SizeReader(
        first,
        getter(field(holder, array), Object.class),
        size == null ? null : getter(field(holder, size), int.class),
        coder == null ? null : getter(field(holder, coder), int.class));
  }

  private static Field field(Class<?> type, String name) throws NoSuchFieldException {
    for (Class<?> t = type; t != null; t = t.getSuperclass()) {
      for (Field field : t.getDeclaredFields()) {
        if (field.getName().equals(name)) {
          return field;
        }
      }
    }
    throw new NoSuchFieldException(type.getName() + "." + name);
  }

  private static MethodHandle getter(Field field, Class<?> as) throws IllegalAccessException {
    return MethodHandles.privateLookupIn(field.getDeclaringClass(), MethodHandles.lookup())
        .unreflectGetter(field)
        .asType(MethodType.methodType(as, Object.class));
  }

  /**
   * How much is in the object and how much its array holds, or null where it has none.
   *
   * @param object of the type this reader was made for
   */
  Reading read(Object object) {
    try {
      Object holder = path == null ? object : (Object) path.invokeExact(object);
      Object elements = holder == null ? null : (Object) array.invokeExact(holder);
      if (elements == null) {
        return null;
      }
      int filled = size == null ? ((Collection<?>) holder).size() : (int) size.invokeExact(holder);
      int shift = coder == null ? 0 : (int) coder.invokeExact(holder);
      return new Reading(filled, Array.getLength(elements) >> shift);
    } catch (RuntimeException | Error thrown) {
      throw thrown;
    } catch (Throwable undeclared) {
      throw new IllegalStateException(undeclared);
    }
  }

  /** In elements. */
  record Reading(int size, int capacity) {}
}
