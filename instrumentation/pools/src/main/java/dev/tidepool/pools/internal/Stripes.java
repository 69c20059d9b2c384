package dev.tidepool.pools.internal;

/**
 * Shelves that any thread may use while it holds their lock: for virtual threads, for what a thread
 * cannot keep itself, and for hand-over between threads. Nobody waits for a lock: a stripe in use
 * is passed over, and after a few of them the answer is no. Only for a large array its one stripe
 * is tried for as long as making another would take.
 */
final class Stripes {
  static final int PROBES = 4;

  private final Shelf[] shelves;
  private final Meters meters;

  Stripes(Clock clock, Budget budget, Meters meters, Shape shape) {
    this.meters = meters;
    shelves = new Shelf[shape.stripes()];
    for (int i = 0; i < shelves.length; i++) {
      shelves[i] = new Shelf(clock, budget, shape.sets(), shape.ways(), null);
    }
  }

  /** Where to begin, for a seed whose neighbours are to begin elsewhere. */
  static int home(long seed) {
    return (int) ((seed * 0x9E3779B97F4A7C15L) >>> 40); // multiplicative hashing, as in Shelf
  }

  Shelf[] shelves() {
    return shelves;
  }

  /** The stripe of a thread that has no shelf of its own. */
  Shelf near(Thread thread) {
    return shelves[(int) thread.getId() & (shelves.length - 1)];
  }

  /** Takes an array of the key from the home stripe or a near one; counts the hit or the miss. */
  Object take(int home, long key, long bytes, int meter) {
    return take(home, key, bytes, meter, null);
  }

  /**
   * The same, for a thread with a shelf of its own.
   *
   * @param own where to note in which stripe it was found, for the next time; or null
   */
  Object take(int home, long key, long bytes, int meter, Shelf own) {
    Shelf shelf = shelves[home & (shelves.length - 1)];
    if (shelf.tryLock()) {
      Object array;
      try { // against a stack that overflows inside: nobody would get at this stripe again
        array = shelf.take(key);
        if (array != null && own == null) {
          shelf.hit(meter, bytes);
        }
      } finally {
        shelf.unlock();
      }
      if (array != null) {
        if (own != null) { // counted there, where no other core writes
          own.hit(meter, bytes);
        }
        return array;
      }
    }
    return takeNear(home, key, bytes, meter, own);
  }

  private Object takeNear(int home, long key, long bytes, int meter, Shelf own) {
    Shelf[] shelves = this.shelves;
    int probes = Math.min(PROBES, shelves.length);
    boolean missed = false;
    for (int i = 0; i <= probes; i++) { // and home once more: it may have been busy, not empty
      int at = i < probes ? home + i : home;
      Shelf shelf = shelves[at & (shelves.length - 1)];
      if (shelf.tryLock()) {
        try {
          Object array = shelf.take(key);
          if (array != null) {
            shelf.hit(meter, bytes);
            if (missed) {
              shelf.count(meter, Meters.MISSES, -1);
            }
            if (own != null) {
              own.near(at);
            }
            return array;
          }
          if (!missed) { // counted where we are; taken back where it turns out to be a hit
            missed = true;
            shelf.count(meter, Meters.MISSES, 1);
          }
        } finally {
          shelf.unlock();
        }
      }
    }
    if (!missed) {
      meters.contended(meter, Meters.MISSES, 1);
    }
    return null;
  }

  /**
   * Brings what waits in a near stripe to the shelf of a thread that takes what others give: a lock
   * for some arrays, where each would need its own.
   *
   * @return whether anything was brought
   */
  boolean refill(Shelf own, long key) {
    return exchange(own, own.near(), key, true);
  }

  /**
   * Brings what waits in the shelf of a thread that gives what others take to a near stripe, unless
   * nobody has taken what is there.
   */
  boolean flush(Shelf own, int home, long key) {
    return exchange(own, home, key, false);
  }

  private boolean exchange(Shelf own, int home, long key, boolean in) {
    if (!own.tryLock()) {
      return false;
    }
    try {
      int probes = Math.min(PROBES, shelves.length);
      for (int at = home; at < home + probes; at++) {
        Shelf shelf = shelves[at & (shelves.length - 1)];
        if (shelf.tryLock()) {
          int moved = 0;
          try {
            if (in) {
              moved = Shelf.move(key, shelf, own);
            } else if (shelf.surplus(key) <= 0) {
              moved = Shelf.move(key, own, shelf);
            }
          } finally {
            shelf.unlock();
          }
          if (moved > 0) {
            own.near(in ? at : own.near());
            return true;
          }
        }
      }
      return false;
    } finally {
      own.unlock();
    }
  }

  /** Gives an array back to the home stripe or a near one, if that is where it was taken. */
  boolean restoreNear(int home, long key, Object array) {
    boolean restored = false;
    int probes = Math.min(PROBES, shelves.length);
    for (int at = home; at < home + probes && !restored; at++) {
      restored = restore(at, key, array);
    }
    return restored;
  }

  /** Gives an array back to the home stripe, if that is where it was taken. */
  boolean restore(int home, long key, Object array) {
    Shelf shelf = shelves[home & (shelves.length - 1)];
    return shelf.tryLock() && restoreIn(shelf, key, array);
  }

  /** As {@link #restore}, for an array that is worth a short wait. */
  boolean restoreLarge(int home, long key, Object array) {
    Shelf shelf = shelves[home & (shelves.length - 1)];
    return shelf.lockShortly() && restoreIn(shelf, key, array);
  }

  private static boolean restoreIn(Shelf locked, long key, Object array) {
    try {
      return locked.restore(key, array);
    } finally {
      locked.unlock();
    }
  }

  /** As {@link #take}, for an array that is worth a short wait. */
  Object takeLarge(int home, long key, long bytes, int meter) {
    Shelf shelf = shelves[home & (shelves.length - 1)];
    if (shelf.lockShortly()) {
      try {
        Object array = shelf.take(key);
        if (array != null) {
          shelf.hit(meter, bytes);
          return array;
        }
      } finally {
        shelf.unlock();
      }
    }
    return takeNear(home, key, bytes, meter, null);
  }

  /**
   * Takes an array back, to where it came from if that is near, else to where there is room.
   *
   * @param spare as for {@link Shelf#insert}
   */
  boolean give(int home, long key, Object array, long bytes, int meter, int spare) {
    if (restoreNear(home, key, array)) { // before it gets a second place
      return true;
    }
    Shelf[] shelves = this.shelves;
    int probes = Math.min(PROBES, shelves.length);
    boolean counted = false;
    for (int i = 0; i <= probes; i++) { // and home once more, as in takeNear
      Shelf shelf = shelves[(i < probes ? home + i : home) & (shelves.length - 1)];
      if (shelf.tryLock()) {
        try {
          if (shelf.restore(key, array) || shelf.insert(key, array, bytes, spare)) {
            if (counted) {
              shelf.count(meter, Meters.DROPPED, -1);
            }
            return true;
          }
          if (!counted) {
            counted = true;
            shelf.count(meter, Meters.DROPPED, 1);
          }
        } finally {
          shelf.unlock();
        }
      }
    }
    if (!counted) {
      meters.contended(meter, Meters.DROPPED, 1);
    }
    return false;
  }

  /**
   * Takes from whatever stripe has one, after a miss. With all stripes locked at a time: what moves
   * from one to another meanwhile would not be seen in either. In order, so that two who do so wait
   * for one another in turn; nobody else waits for a stripe who has another.
   */
  Object takeSurely(long key, long bytes, int meter) {
    int locked = 0;
    try {
      while (locked < shelves.length && shelves[locked].lockSoon()) {
        locked++;
      }
      for (int i = 0; i < locked; i++) {
        Object array = shelves[i].take(key);
        if (array != null) {
          shelves[i].hit(meter, bytes);
          shelves[i].count(meter, Meters.MISSES, -1);
          return array;
        }
      }
      return null;
    } finally {
      while (locked > 0) {
        shelves[--locked].unlock();
      }
    }
  }

  /** As {@link #give}, but waits a little for each stripe that is in use. */
  boolean giveSurely(int home, long key, Object array, long bytes, int meter) {
    for (int i = 0; i < shelves.length; i++) {
      if (put(home + i, key, array, 0)) {
        return true;
      }
    }
    for (int i = 0; i < shelves.length; i++) {
      if (put(home + i, key, array, bytes)) {
        return true;
      }
    }
    meters.contended(meter, Meters.DROPPED, 1);
    return false;
  }

  /**
   * @param bytes 0 to put it nowhere but where it came from
   */
  private boolean put(int at, long key, Object array, long bytes) {
    Shelf shelf = shelves[at & (shelves.length - 1)];
    if (!shelf.lockSoon()) {
      return false;
    }
    try {
      return shelf.restore(key, array)
          || (bytes > 0 && shelf.insert(key, array, bytes, Integer.MAX_VALUE));
    } finally {
      shelf.unlock();
    }
  }
}
