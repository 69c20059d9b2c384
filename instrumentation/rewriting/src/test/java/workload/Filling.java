package workload;

import java.util.Arrays;

/** A local buffer, and what may cut short the method that has it. */
public final class Filling {
  private static final int LENGTH = 16384;

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("not so: " + what);
    }
  }

  /** The site: a new array, which nobody else has until the method leaves. */
  public int fill(byte with) {
    byte[] buffer = new byte[LENGTH];
    int seen = 0;
    for (int i = 0; i < LENGTH; i++) {
      seen |= buffer[i];
    }
    check(seen == 0, "a new array is zero");
    Arrays.fill(buffer, with);
    int other = 0;
    for (int i = 0; i < LENGTH; i++) {
      other |= buffer[i] ^ with;
    }
    check(other == 0, "nobody else has written there");
    return buffer[LENGTH - 1];
  }

  /** Fills where the stack ends, and at every depth on the way back to where there is room. */
  @SuppressWarnings("InfiniteRecursion") // that is what it is for
  public int deep(int near, byte with) {
    int left;
    try {
      left = deep(near, with);
    } catch (StackOverflowError end) {
      left = near;
    }
    if (left > 0) {
      try {
        check(fill(with) == with, "the result is right");
      } catch (StackOverflowError noRoom) {
        return left;
      }
    }
    return left - 1;
  }
}
