package dev.tidepool.pools.internal;

/**
 * Which kinds of arrays are asked for again and again, and not found; in bounded room.
 *
 * <p>The frequent items of Misra and Gries (Finding repeated elements, 1982), a counter to a place:
 * a kind that meets others in its places takes one from a count, and the place where that is 0. So
 * of many kinds that come once none stays, and one that comes often does. Each kind has two places
 * to choose from: two that take turns in one place would each keep the other from being counted.
 * Threads write without asking one another: a count may be lost, and is a hint anyway.
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
    add(key, 1);
  }

  /**
   * Notes that the place of an array that is lent out was given up. Its kind was asked for again,
   * and found; that it is missed no more is no reason to turn it away when it comes back.
   */
  void owed(long key) {
    add(key, SPARED);
  }

  private void add(long key, int amount) {
    long[] places = places();
    int at = at(key);
    if (places[at] >>> BITS != key) {
      int other = other(key);
      if (places[other] >>> BITS == key || count(places[other]) < count(places[at])) {
        at = other;
      }
    }
    long place = places[at];
    int count = count(place);
    if (place >>> BITS == key) {
      if (count < MOST) { // others read the line too
        places[at] = (key << BITS) | Math.min(MOST, count + amount);
      }
    } else {
      places[at] = count < amount ? (key << BITS) | amount : place - amount;
    }
  }

  /** How often it was asked for in vain of late: never more than it was, and what it is owed. */
  int of(long key) {
    long[] places = this.places;
    if (places.length == 0) {
      return 0;
    }
    long place = places[at(key)];
    if (place >>> BITS != key) {
      place = places[other(key)];
    }
    return place >>> BITS == key ? count(place) : 0;
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

  private static int count(long place) {
    return (int) place & MOST;
  }

  private static int at(long key) {
    return (int) (mixed(key) >>> 44) & (PLACES - 1);
  }

  private static int other(long key) {
    return (int) (mixed(key) >>> 32) & (PLACES - 1);
  }

  private static long mixed(long key) {
    return key
        * 0x9E3779B97F4A7C15L; // multiplicative hashing (Knuth 6.4): the upper bits are mixed
  }
}
