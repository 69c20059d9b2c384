package dev.tidepool.rewriting.proof;

/**
 * Where references come from, one bit each: anything not followed, the arguments that are followed,
 * the site, and what is made in the method itself.
 */
final class Origins {
  static final long UNKNOWN = 1;
  static final int MAX_ARGUMENTS = 24;
  static final long SITE = 1L << (MAX_ARGUMENTS + 1);

  /** A primitive array just made, one of those that cannot be told apart here. */
  static final long FRESH = 1L << (MAX_ARGUMENTS + 2);

  private static final int FIRST_OBJECT = MAX_ARGUMENTS + 3;

  private Origins() {}

  static long argument(int index) {
    return 1L << (index + 1);
  }

  /** Index of the argument this single origin stands for, or -1. */
  static int argumentIndex(long origin) {
    int bit = Long.numberOfTrailingZeros(origin);
    return bit >= 1 && bit <= MAX_ARGUMENTS ? bit - 1 : -1;
  }

  /** The n-th object made in the method; past the last bit it is one of the unknown. */
  static long object(int n) {
    return object(n, UNKNOWN);
  }

  /** The n-th object made in the method if there is a bit left for it, else {@code otherwise}. */
  static long object(int n, long otherwise) {
    return FIRST_OBJECT + n < Long.SIZE ? 1L << (FIRST_OBJECT + n) : otherwise;
  }

  static boolean isObject(long origin) {
    return Long.numberOfTrailingZeros(origin) >= FIRST_OBJECT;
  }
}
