package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.site.TypeRef;
import java.util.Objects;
import org.objectweb.asm.tree.analysis.Value;

/**
 * What a local or stack slot may hold.
 *
 * @param size stack words, 1 or 2
 * @param origins bit set of {@link Origins}; zero for primitives, null and arrays without elements
 * @param type descriptor of the best-known static type, or null
 * @param exact the class the object certainly has, or null
 * @param path where the value was read from, or null
 * @param whole whether it certainly is one of its origins itself, not something read from it
 */
record OriginValue(
    int size, long origins, String type, TypeRef exact, AccessPath path, boolean whole)
    implements Value {
  static final OriginValue WORD = new OriginValue(1, 0, null, null, null);
  static final OriginValue TWO_WORDS = new OriginValue(2, 0, null, null, null);

  OriginValue(int size, long origins, String type, TypeRef exact, AccessPath path) {
    this(size, origins, type, exact, path, false);
  }

  static OriginValue unknown(String type) {
    return new OriginValue(1, Origins.UNKNOWN, type, null, null);
  }

  @Override
  public int getSize() {
    return size;
  }

  /** The same value, read along this path. */
  OriginValue readFrom(AccessPath where) {
    return new OriginValue(size, origins, type, exact, where, whole);
  }

  boolean primitiveArray() {
    return isPrimitiveArray(type);
  }

  static boolean isPrimitiveArray(String descriptor) {
    return descriptor != null && descriptor.length() == 2 && descriptor.charAt(0) == '[';
  }

  /** Whether it is null and nothing else. */
  boolean isNull() {
    return origins == 0 && type == null;
  }

  OriginValue merge(OriginValue other) {
    if (equals(other)) {
      return this;
    }
    return new OriginValue(
        Math.min(size, other.size),
        origins | other.origins,
        Objects.equals(type, other.type) ? type : null,
        Objects.equals(exact, other.exact) ? exact : null,
        Objects.equals(path, other.path) ? path : null,
        (whole || origins == 0) && (other.whole || other.origins == 0));
  }
}
