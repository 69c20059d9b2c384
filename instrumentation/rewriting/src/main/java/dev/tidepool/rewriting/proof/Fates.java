package dev.tidepool.rewriting.proof;

import java.util.function.IntFunction;

/**
 * What becomes of the followed values of one method, by the bits of {@link Origins}: let out, kept
 * in an argument, held by another, returned. Only ever grows.
 */
final class Fates {
  private final Escape[] escapes = new Escape[Long.SIZE];
  private final int[] storedInto = new int[Long.SIZE];
  private final Escape[] storedHow = new Escape[Long.SIZE];
  private final long[] holds = new long[Long.SIZE];
  private long returned;
  private long keptOnThrow;

  /** Each of these is let out; the first way seen is kept. */
  void escape(long origins, Escape how) {
    for (long out = origins; out != 0; out &= out - 1) {
      int bit = Long.numberOfTrailingZeros(out);
      if (escapes[bit] == null) {
        escapes[bit] = how;
      }
    }
  }

  /** As {@link #escape}, whatever was known before. */
  void escapeAnew(long origin, Escape how) {
    escapes[bit(origin)] = how;
  }

  void keptIn(long stored, int argument, Escape how) {
    for (long out = stored; out != 0; out &= out - 1) {
      int bit = Long.numberOfTrailingZeros(out);
      storedInto[bit] |= 1 << argument;
      storedHow[bit] = storedHow[bit] == null ? how : storedHow[bit];
    }
  }

  /** The holder leads to these from now on. */
  void heldBy(long holder, long held) {
    holds[bit(holder)] |= held & ~holder;
  }

  void returned(long origins) {
    returned |= origins;
  }

  void keptOnThrow(long origins) {
    keptOnThrow |= origins;
  }

  boolean isReturned(long origin) {
    return (returned & origin) != 0;
  }

  /** How it is let out, or null. */
  Escape escape(long origin) {
    return escapes[bit(origin)];
  }

  boolean isKept(long origin) {
    return storedInto[bit(origin)] != 0;
  }

  /** Everything that may lead to the origin, itself included. */
  long leadingTo(long origin) {
    long leads = origin;
    for (long before = 0; before != leads; ) {
      before = leads;
      for (int o = 0; o < holds.length; o++) {
        if ((holds[o] & leads) != 0) {
          leads |= 1L << o;
        }
      }
    }
    return leads;
  }

  /** Everything that these may lead to, themselves included. */
  long reachedFrom(long origins) {
    long reached = origins;
    for (long before = 0; before != reached; ) {
      before = reached;
      for (int o = 0; o < holds.length; o++) {
        boolean holder = (reached & 1L << o) != 0;
        reached |= holder ? holds[o] : 0;
        for (int into = storedInto[o]; into != 0; into &= into - 1) {
          long argument = Origins.argument(Integer.numberOfTrailingZeros(into));
          reached |= (reached & argument) != 0 ? 1L << o : 0;
        }
      }
    }
    return reached;
  }

  /**
   * What lets a carrier out lets out what it holds, and an array of an owner lets out the owner.
   *
   * @param describe names the carrier of a bit, for people
   */
  void spread(OwnedArrays arrays, IntFunction<String> describe) {
    boolean changed = true;
    while (changed) {
      changed = spreadFromArrays(arrays);
      for (int o = 0; o < holds.length; o++) {
        for (long held = holds[o]; held != 0; held &= held - 1) {
          changed |= spread(o, Long.numberOfTrailingZeros(held), describe);
        }
      }
    }
  }

  private boolean spread(int o, int x, IntFunction<String> describe) {
    boolean changed = false;
    if (escapes[o] != null && escapes[x] == null) {
      escapes[x] = escapes[o].through("held by " + describe.apply(o));
      changed = true;
    }
    if ((storedInto[x] | storedInto[o]) != storedInto[x]) {
      storedInto[x] |= storedInto[o];
      storedHow[x] = storedHow[x] == null ? storedHow[o] : storedHow[x];
      changed = true;
    }
    if ((returned & 1L << o) != 0 && (returned & 1L << x) == 0) {
      returned |= 1L << x;
      changed = true;
    }
    if ((keptOnThrow & 1L << o) != 0 && (keptOnThrow & 1L << x) == 0) {
      keptOnThrow |= 1L << x;
      changed = true;
    }
    return changed;
  }

  private boolean spreadFromArrays(OwnedArrays arrays) {
    boolean changed = false;
    for (long left = arrays.all(); left != 0; left &= left - 1) {
      long array = Long.lowestOneBit(left);
      for (long of = arrays.ownersOf(array); of != 0; of &= of - 1) {
        changed |= spreadToOwner(array, Long.lowestOneBit(of));
      }
    }
    return changed;
  }

  private boolean spreadToOwner(long array, long owner) {
    boolean changed = false;
    int a = bit(array);
    int o = bit(owner);
    int argument = Origins.argumentIndex(owner);
    int elsewhere = storedInto[a] & ~(argument < 0 ? 0 : 1 << argument) & ~storedInto[o];
    if (escapes[a] != null && escapes[o] == null) {
      escapes[o] = escapes[a].through("an array of its own");
      changed = true;
    }
    if ((returned & array) != 0 && (returned & owner) == 0) {
      returned |= owner;
      changed = true;
    }
    if ((keptOnThrow & array) != 0 && (keptOnThrow & owner) == 0) {
      keptOnThrow |= owner;
      changed = true;
    }
    if (elsewhere != 0) {
      storedInto[o] |= elsewhere;
      storedHow[o] = storedHow[o] == null ? storedHow[a] : storedHow[o];
      changed = true;
    }
    return changed;
  }

  /** Says of the arguments what is known of them. */
  void tell(Summary summary) {
    for (int k = 0; k < Math.min(summary.escapes.length, Origins.MAX_ARGUMENTS); k++) {
      int bit = bit(Origins.argument(k));
      summary.escapes[k] = escapes[bit];
      summary.storedInto[k] = storedInto[bit];
      summary.storedHow[k] = storedHow[bit];
      if ((returned & 1L << bit) != 0) {
        summary.returned |= 1 << k;
      }
      if ((keptOnThrow & 1L << bit) != 0) {
        summary.keptOnThrow |= 1 << k;
      }
    }
  }

  private static int bit(long origin) {
    return Long.numberOfTrailingZeros(origin);
  }
}
