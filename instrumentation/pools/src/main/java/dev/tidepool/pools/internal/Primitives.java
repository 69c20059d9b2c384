package dev.tidepool.pools.internal;

import java.util.Arrays;

/** The eight primitive array types by the operand of {@code newarray} (JVMS 6.5). */
public final class Primitives {
  public static final int BOOLEAN = 4;
  public static final int CHAR = 5;
  public static final int FLOAT = 6;
  public static final int DOUBLE = 7;
  public static final int BYTE = 8;
  public static final int SHORT = 9;
  public static final int INT = 10;
  public static final int LONG = 11;

  private Primitives() {}

  /** Bytes on the heap: header and elements, rounded up to the object alignment. */
  public static long bytes(int type, int length) {
    return (23 + ((long) length << shift(type))) & ~7L;
  }

  /** log2 of the element size. The operands were given out in such an order that it is this. */
  public static int shift(int type) {
    return type & 3;
  }

  /** A new array, zeroed. */
  public static Object create(int type, int length) {
    return switch (type) {
      case BYTE -> new byte[length];
      case CHAR -> new char[length];
      case INT -> new int[length];
      case LONG -> new long[length];
      case SHORT -> new short[length];
      case FLOAT -> new float[length];
      case DOUBLE -> new double[length];
      case BOOLEAN -> new boolean[length];
      default -> throw new IllegalArgumentException("newarray operand " + type);
    };
  }

  /** Sets every element of an array of the given type to zero. */
  public static void clear(int type, Object array) {
    switch (type) {
      case BYTE -> Arrays.fill((byte[]) array, (byte) 0);
      case CHAR -> Arrays.fill((char[]) array, (char) 0);
      case INT -> Arrays.fill((int[]) array, 0);
      case LONG -> Arrays.fill((long[]) array, 0L);
      case SHORT -> Arrays.fill((short[]) array, (short) 0);
      case FLOAT -> Arrays.fill((float[]) array, 0f);
      case DOUBLE -> Arrays.fill((double[]) array, 0d);
      case BOOLEAN -> Arrays.fill((boolean[]) array, false);
      default -> throw new IllegalArgumentException("newarray operand " + type);
    }
  }

  /** The operand for an array's class, 0 for anything that is no primitive array. */
  public static int typeOf(Object array) {
    Class<?> c = array.getClass();
    return c == byte[].class
        ? BYTE
        : c == char[].class
            ? CHAR
            : c == int[].class
                ? INT
                : c == long[].class
                    ? LONG
                    : c == short[].class
                        ? SHORT
                        : c == float[].class
                            ? FLOAT
                            : c == double[].class ? DOUBLE : c == boolean[].class ? BOOLEAN : 0;
  }
}
