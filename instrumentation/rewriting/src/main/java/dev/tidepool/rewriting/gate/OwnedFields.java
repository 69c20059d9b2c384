package dev.tidepool.rewriting.gate;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;

/** Where the owners of a site have arrays of one type. */
public final class OwnedFields {
  private final FieldReader[] readers;

  private OwnedFields(FieldReader[] readers) {
    this.readers = readers;
  }

  /**
   * A field of an owner.
   *
   * @param declaring in a package open to this module
   * @param type a primitive array type
   */
  public record Field(Class<?> declaring, String name, Class<?> type) {}

  /**
   * Looks the fields up; makes no class load.
   *
   * @throws ReflectiveOperationException if there is no such field or its package is not open
   */
  public static OwnedFields of(List<Field> fields) throws ReflectiveOperationException {
    FieldReader[] readers = new FieldReader[fields.size()];
    for (int i = 0; i < readers.length; i++) {
      Field field = fields.get(i);
      readers[i] = FieldReader.of(field.declaring, field.name, field.type);
    }
    return new OwnedFields(readers);
  }

  Reader of(SiteRow row) {
    return new Reader(readers, row);
  }

  /** Reads the fields of one site's owners. */
  static final class Reader implements BiConsumer<Object, Object>, BinaryOperator<Object> {
    private final FieldReader[] readers;
    private final SiteRow row;

    /** Whether somebody else gives back what the owner had before it was closed. */
    private volatile boolean currentOnly;

    private Reader(FieldReader[] readers, SiteRow row) {
      this.readers = readers;
      this.row = row;
    }

    void currentOnly() {
      currentOnly = true;
    }

    /** Releases what the owner has, and what it had before. */
    @Override
    public void accept(Object owner, Object before) {
      boolean both = before != null && !currentOnly;
      if (both) {
        row.release(before);
      }
      for (FieldReader reader : readers) {
        Object array = reader.read(owner);
        if (array != null && (!both || array != before)) {
          row.release(array);
        }
      }
    }

    /** An array the owner has, or where it has none the one it had before. */
    @Override
    public Object apply(Object owner, Object before) {
      Object array = readers[0].read(owner);
      return array != null ? array : before;
    }

    /** Nothing is read any more. */
    void close() {
      for (FieldReader reader : readers) {
        reader.close();
      }
    }
  }
}
