package dev.tidepool.rewriting.gate;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.util.List;

/** Where the owners of a site have arrays of one type. */
public final class OwnedFields {
  private static final MethodType READER = MethodType.methodType(Object.class, Object.class);

  private final MethodHandle[] readers;

  private OwnedFields(MethodHandle[] readers) {
    this.readers = readers;
  }

  /**
   * Looks the fields up.
   *
   * @param fields of primitive array types, in packages open to this module
   * @throws IllegalAccessException if a package is not open
   */
  public static OwnedFields of(List<Field> fields) throws IllegalAccessException {
    MethodHandle[] readers = new MethodHandle[fields.size()];
    for (int i = 0; i < readers.length; i++) {
      Field field = fields.get(i);
      readers[i] =
          MethodHandles.privateLookupIn(field.getDeclaringClass(), MethodHandles.lookup())
              .unreflectGetter(field)
              .asType(READER);
    }
    return new OwnedFields(readers);
  }

  void each(Object owner, SiteRow row) {
    for (MethodHandle reader : readers) {
      Object array;
      try {
        array = (Object) reader.invokeExact(owner);
      } catch (Throwable impossible) {
        throw new IllegalStateException(impossible);
      }
      if (array != null) {
        row.release(array);
      }
    }
  }
}
