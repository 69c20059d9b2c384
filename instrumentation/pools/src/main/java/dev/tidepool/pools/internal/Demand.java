package dev.tidepool.pools.internal;

/**
 * Which kinds of arrays are asked for again and again, and not found; in bounded room.
 *
 * <p>The frequent items of Misra and Gries (Finding repeated elements, 1982), a counter to a place:
 * a kind that meets another in its place takes one from its count, and the place where that is 0.
 * So of many kinds that come once none stays, and one that comes often does. Threads write without
 * asking one another: a count may be lost, and is a hint anyway.
 */
final class Demand {
  /** A kind asked for once may never be again. */
  private static final int REPEATED = 2;

  private static final int SPARED = 8;
  private static final int PLACES = 4096;
  private static final int BITS = 8;
  private static final int MOST = (1 << BITS) - 1;

  /** {@code kind << BITS | count}; made when first needed. */
  private long[] places = {};

  /** Notes a request that found nothing. */
  void missed(long key) {
    long[] places = places();
    int at = at(key);
    long place = places[at];
    int count = (int) place & MOST;
    if (place >>> BITS == key) {
      if (count < MOST) { // others read the line too
        places[at] = place + 1;
      }
    } else {
      places[at] = count == 0 ? (key << BITS) | 1 : place - 1;
    }
  }

  /** How often it was asked for in vain of late: never more than it was. */
  int of(long key) {
    long[] places = this.places;
    long place = places.length == 0 ? 0 : places[at(key)];
    return place >>> BITS == key ? (int) place & MOST : 0;
  }

  /** How many may wait that nobody has asked for yet: misses tell how many are wanted at a time. */
  int spare(long key) {
    return Math.max(1, of(key) / SPARED);
  }

  boolean repeated(long key) {
    return of(key) >= REPEATED;
  }

  /** Halves all counts: what was long ago weighs less. By one thread at a time. */
  void fade() {
    long[] places = this.places;
    for (int i = 0; i < places.length; i++) {
      long place = places[i];
      places[i] = (place & ~MOST) | ((place & MOST) >>> 1);
    }
  }

  private long[] places() {
    long[] places = this.places;
    if (places.length == 0) {
      this.places = places = new long[PLACES];
    }
    return places;
  }

  private static int at(long key) {
    // multiplicative hashing (Knuth 6.4): the upper bits of the product are the mixed ones
    return (int) ((key * 0x9E3779B97F4A7C15L) >>> 44) & (PLACES - 1);
  }
}
