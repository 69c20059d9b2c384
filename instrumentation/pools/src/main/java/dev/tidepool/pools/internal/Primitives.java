package dev.tidepool.pools.internal;

import java.lang.reflect.Array;
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

  private static final String[] NAMES = {
    "boolean", "char", "float", "double", "byte", "short", "int", "long"
  };

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

  /** Sets the first elements of an array of the given type to zero. */
  public static void clear(int type, Object array, int elements) {
    switch (type) {
      case BYTE -> Arrays.fill((byte[]) array, 0, elements, (byte) 0);
      case CHAR -> Arrays.fill((char[]) array, 0, elements, (char) 0);
      case INT -> Arrays.fill((int[]) array, 0, elements, 0);
      case LONG -> Arrays.fill((long[]) array, 0, elements, 0L);
      case SHORT -> Arrays.fill((short[]) array, 0, elements, (short) 0);
      case FLOAT -> Arrays.fill((float[]) array, 0, elements, 0f);
      case DOUBLE -> Arrays.fill((double[]) array, 0, elements, 0d);
      case BOOLEAN -> Arrays.fill((boolean[]) array, 0, elements, false);
      default -> throw new IllegalArgumentException("newarray operand " + type);
    }
  }

  /** Fills an array with a pattern that a write is not likely to leave as it is. */
  public static void poison(int type, Object array) {
    switch (type) {
      case BYTE -> Arrays.fill((byte[]) array, (byte) 0xA5);
      case CHAR -> Arrays.fill((char[]) array, '\uA5A5');
      case INT -> Arrays.fill((int[]) array, 0xA5A5A5A5);
      case LONG -> Arrays.fill((long[]) array, 0xA5A5A5A5A5A5A5A5L);
      case SHORT -> Arrays.fill((short[]) array, (short) 0xA5A5);
      case FLOAT -> Arrays.fill((float[]) array, -2.8736e-16f);
      case DOUBLE -> Arrays.fill((double[]) array, -1.1945305291614955e-103);
      case BOOLEAN -> Arrays.fill((boolean[]) array, true);
      default -> throw new IllegalArgumentException("newarray operand " + type);
    }
  }

  /** Whether the pattern is still there, all of it. */
  public static boolean isPoisoned(int type, Object array) {
    Object pattern = create(type, Array.getLength(array));
    poison(type, pattern);
    return switch (type) {
      case BYTE -> Arrays.equals((byte[]) array, (byte[]) pattern);
      case CHAR -> Arrays.equals((char[]) array, (char[]) pattern);
      case INT -> Arrays.equals((int[]) array, (int[]) pattern);
      case LONG -> Arrays.equals((long[]) array, (long[]) pattern);
      case SHORT -> Arrays.equals((short[]) array, (short[]) pattern);
      case FLOAT -> Arrays.equals((float[]) array, (float[]) pattern);
      case DOUBLE -> Arrays.equals((double[]) array, (double[]) pattern);
      case BOOLEAN -> Arrays.equals((boolean[]) array, (boolean[]) pattern);
      default -> false;
    };
  }

  /** The element type's name in the language. */
  public static String name(int type) {
    return NAMES[type - BOOLEAN];
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
