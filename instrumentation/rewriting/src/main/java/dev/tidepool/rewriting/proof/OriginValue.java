package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.site.TypeRef;
import java.util.List;
import java.util.Objects;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.analysis.Value;

/**
 * What a local or stack slot may hold.
 *
 * @param size stack words, 1 or 2
 * @param origins bit set of {@link Origins}; zero for primitives, null and arrays without elements
 * @param type descriptor of the best-known static type; null where it is not known
 * @param exact the class the object certainly has unless it is null, or null
 * @param path where the value was read from, or null
 * @param whole whether it certainly is one of its origins itself, not something read from it
 */
record OriginValue(
    int size, long origins, String type, TypeRef exact, AccessPath path, boolean whole)
    implements Value {
  /** No descriptor: the type of null, which is of every type. */
  private static final String NULL_TYPE = "null";

  static final OriginValue NULL = new OriginValue(1, 0, NULL_TYPE, null, null);
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

  /**
   * Whether it is a method of null that would be called: nothing runs then, and nothing returns.
   */
  static boolean isOnNull(AbstractInsnNode call, List<OriginValue> operands) {
    int opcode = call.getOpcode();
    return opcode != Opcodes.INVOKESTATIC
        && opcode != Opcodes.INVOKEDYNAMIC
        && operands.get(0).isNull();
  }

  /** The same value, read along this path. */
  OriginValue readFrom(AccessPath where) {
    return new OriginValue(size, origins, type, exact, where, whole);
  }

  /** The same value, certainly of this class where it is not null. */
  OriginValue ofClass(TypeRef certain) {
    return certain == null ? this : new OriginValue(size, origins, type, certain, path, whole);
  }

  boolean primitiveArray() {
    return isPrimitiveArray(type);
  }

  static boolean isPrimitiveArray(String descriptor) {
    return descriptor != null && descriptor.length() == 2 && descriptor.charAt(0) == '[';
  }

  /** Whether it refers to nothing: a primitive, null, or an array that has nothing to share. */
  boolean isNothing() {
    return origins == 0 && (type == null || isNull());
  }

  /** Whether it is null and nothing else. */
  boolean isNull() {
    return NULL_TYPE.equals(type);
  }

  OriginValue merge(OriginValue other) {
    if (equals(other)) {
      return this;
    }
    return new OriginValue(
        Math.min(size, other.size),
        origins | other.origins,
        common(type, other.type, other),
        common(exact, other.exact, other),
        Objects.equals(path, other.path) ? path : null,
        (whole || origins == 0) && (other.whole || other.origins == 0));
  }

  /** Null has every type: it adds nothing, and takes nothing from what is known of the other. */
  private <T> T common(T mine, T others, OriginValue other) {
    if (isNull()) {
      return others;
    }
    return other.isNull() || Objects.equals(mine, others) ? mine : null;
  }
}
