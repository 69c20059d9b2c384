package dev.tidepool.pools.internal;

/**
 * Lengths by the power of two they are rounded up to: few enough sizes to count each apart, and a
 * size is told from a length by one instruction.
 */
public final class Sizes {
  public static final int COUNT = 34;

  private Sizes() {}

  /** From 1, for a length of 1, to 32; 33 for 0. The meter of that size. */
  public static int of(int length) {
    return 33 - Integer.numberOfLeadingZeros(length - 1);
  }

  /** The longest of a size. */
  public static int longest(int size) {
    return size == 33 ? 0 : size == 32 ? Integer.MAX_VALUE : 1 << (size - 1);
  }
}
