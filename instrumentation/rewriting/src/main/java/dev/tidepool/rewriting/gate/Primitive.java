package dev.tidepool.rewriting.gate;

import java.util.Arrays;

/** Arrays by {@code newarray} operand (JVMS 6.5), where the runtime must look into them. */
final class Primitive {
  /** A byte no application writes for long, as a signed value. */
  private static final byte POISON = (byte) 0xD9;

  private static final long POISON_LONG = 0xD9D9D9D9D9D9D9D9L;

  private Primitive() {}

  /** log2 of the element's size. */
  static int shift(int type) {
    return switch (type) {
      case 4, 8 -> 0;
      case 5, 9 -> 1;
      case 6, 10 -> 2;
      case 7, 11 -> 3;
      default -> throw new IllegalArgumentException("newarray operand " + type);
    };
  }

  static Object create(int type, int length) {
    return switch (type) {
      case 4 -> new boolean[length];
      case 5 -> new char[length];
      case 6 -> new float[length];
      case 7 -> new double[length];
      case 8 -> new byte[length];
      case 9 -> new short[length];
      case 10 -> new int[length];
      default -> new long[length];
    };
  }

  static void clear(int type, Object array) {
    switch (type) {
      case 4 -> Arrays.fill((boolean[]) array, false);
      case 5 -> Arrays.fill((char[]) array, '\0');
      case 6 -> Arrays.fill((float[]) array, 0);
      case 7 -> Arrays.fill((double[]) array, 0);
      case 8 -> Arrays.fill((byte[]) array, (byte) 0);
      case 9 -> Arrays.fill((short[]) array, (short) 0);
      case 10 -> Arrays.fill((int[]) array, 0);
      default -> Arrays.fill((long[]) array, 0);
    }
  }

  static void poison(int type, Object array) {
    switch (type) {
      case 4 -> Arrays.fill((boolean[]) array, true);
      case 5 -> Arrays.fill((char[]) array, (char) POISON_LONG);
      case 6 -> Arrays.fill((float[]) array, Float.intBitsToFloat((int) POISON_LONG));
      case 7 -> Arrays.fill((double[]) array, Double.longBitsToDouble(POISON_LONG));
      case 8 -> Arrays.fill((byte[]) array, POISON);
      case 9 -> Arrays.fill((short[]) array, (short) POISON_LONG);
      case 10 -> Arrays.fill((int[]) array, (int) POISON_LONG);
      default -> Arrays.fill((long[]) array, POISON_LONG);
    }
  }

  /** Index of the first element that is no longer poison, or -1. */
  static int firstUnpoisoned(int type, Object array, int length) {
    if (length == 0) {
      return -1;
    }
    Object one = create(type, 1);
    poison(type, one);
    // the first is poison and each is like the one before: no second array to compare with
    if (mismatch(type, array, 0, one, 0, 1) >= 0) {
      return 0;
    }
    int unlike = mismatch(type, array, 1, array, 0, length - 1);
    return unlike < 0 ? -1 : unlike + 1;
  }

  private static int mismatch(int type, Object a, int i, Object b, int j, int n) {
    return switch (type) {
      case 4 -> Arrays.mismatch((boolean[]) a, i, i + n, (boolean[]) b, j, j + n);
      case 5 -> Arrays.mismatch((char[]) a, i, i + n, (char[]) b, j, j + n);
      case 6 -> Arrays.mismatch((float[]) a, i, i + n, (float[]) b, j, j + n);
      case 7 -> Arrays.mismatch((double[]) a, i, i + n, (double[]) b, j, j + n);
      case 8 -> Arrays.mismatch((byte[]) a, i, i + n, (byte[]) b, j, j + n);
      case 9 -> Arrays.mismatch((short[]) a, i, i + n, (short[]) b, j, j + n);
      case 10 -> Arrays.mismatch((int[]) a, i, i + n, (int[]) b, j, j + n);
      default -> Arrays.mismatch((long[]) a, i, i + n, (long[]) b, j, j + n);
    };
  }
}
