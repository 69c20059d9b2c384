package dev.tidepool.pools.internal;

import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * A set-associative table of pooled arrays with one user at a time: the thread that owns it, or
 * whoever holds its lock.
 *
 * <p>Each slot has a reference and a word of {@code tick | USED | length | type | FREE}. The user
 * takes by clearing FREE and gives back by setting it where the reference is the same; the word is
 * written by the user alone, with plain stores. References change under the lock only, and so does
 * the shelf's part of the budget: what {@link #arrays} holds is reserved, always. A trimmer with
 * the lock may null references while the user works: the user then finds null where it hoped for an
 * array. A slot whose array is lent out and never comes back is reused after a while; an array that
 * comes back to find its slot reused is put in like a new one.
 */
public final class Shelf extends Lock {
  private static final long FREE = 1;
  private static final long KEY = Clock.USED - 2;
  private static final int HOT_ADMISSION = 7;
  private static final int LOPSIDED = 16;

  /** One call in this many is due; {@link #due} strays around it. */
  private static final int DUE = 1024;

  private final Budget budget;
  private final int ways;
  private final int firstMask;
  private final boolean owned;
  private final long[] words;
  private final Object[] arrays;
  private long[] counts = new long[4 * Meters.COLUMNS];
  private long stamp; // the clock's; plain, see there
  private int last; // the slot last taken from: where what is given back most often belongs
  private int admission;
  private int near;
  private int balance; // takes that found nothing here less gives that had no slot here
  private int untilDue = DUE;
  private int stray = System.identityHashCode(this) | 1;

  /**
   * @param sets a power of two
   * @param ways slots to a set; a power of two unless there is one set
   * @param owner the thread that uses it without the lock, known weakly; null if there is none
   */
  public Shelf(Clock clock, Budget budget, int sets, int ways, Thread owner) {
    super(owner);
    this.owned = owner != null;
    this.stamp = clock.stamp();
    this.budget = budget;
    this.ways = ways;
    this.firstMask = (sets - 1) * ways;
    this.words = new long[sets * ways];
    this.arrays = new Object[sets * ways];
  }

  /** What identifies arrays that can stand in for one another. */
  public static long key(int type, int length) {
    return (long) length << 5 | (long) type << 1;
  }

  static int lengthOf(long key) {
    return (int) (key >>> 5);
  }

  static long bytesOf(long word) {
    return Primitives.bytes((int) (word >>> 1) & 15, (int) ((word & KEY) >>> 5));
  }

  boolean belongsTo(Thread thread) {
    return refersTo(thread);
  }

  /** What to mark with what is touched from now on. With the registry's lock. */
  void stamp(long stamp) {
    this.stamp = stamp;
  }

  /** The stripe where the owner last found something: what one gives and another takes. */
  int near() {
    return near;
  }

  void near(int stripe) {
    near = stripe;
  }

  /** Notes a take that found nothing here. By the user. */
  void missed() {
    if (balance < 2 * LOPSIDED) {
      balance++;
    }
  }

  /** Notes that nobody has given anything: looking again has time. By the user. */
  void foundNothing() {
    balance = LOPSIDED - LOPSIDED / 4;
  }

  /** Notes a give of what was not taken here. By the user. */
  void received() {
    if (balance > -2 * LOPSIDED) {
      balance--;
    }
  }

  /** Whether the owner goes on taking what others give back. */
  boolean takesMore() {
    return balance >= LOPSIDED;
  }

  /** Whether the owner goes on giving back what others take. */
  boolean givesMore() {
    return balance <= -LOPSIDED;
  }

  /** Whether it has an owner that may still use it. */
  boolean isInUse() {
    Thread owner = get();
    return owner != null && owner.isAlive();
  }

  Thread owner() {
    return get();
  }

  /** Takes an array of the key, or null. By the user. */
  public Object take(long key) {
    int first = set(key);
    long[] words = this.words;
    if ((words[first] & (KEY | FREE)) == (key | FREE)) {
      // No call and no poll stands between this test and this store: nothing can take twice.
      words[first] = key | stamp;
      Object array = arrays[first];
      if (array != null) {
        last = first;
        return array;
      }
    }
    return takeFurther(key, first);
  }

  private Object takeFurther(long key, int first) {
    for (int i = first + 1; i < first + ways; i++) {
      if ((words[i] & (KEY | FREE)) == (key | FREE)) {
        words[i] = key | stamp;
        Object array = arrays[i];
        if (array != null) {
          last = i;
          return array;
        }
      }
    }
    return null;
  }

  /** Gives back what was taken last here, if this is it. By the user. */
  boolean restoreLast(Object array) {
    int i = last;
    if (arrays[i] == array) {
      words[i] = (words[i] & KEY) | FREE | stamp;
      return true;
    }
    return false;
  }

  /** Gives back an array that was taken here and whose slot still waits for it. By the user. */
  public boolean restore(long key, Object array) {
    int first = set(key);
    for (int i = first; i < first + ways; i++) {
      if (arrays[i] == array) {
        words[i] = (words[i] & KEY) | FREE | stamp;
        return true;
      }
    }
    return false;
  }

  /** Puts another array in the slot of one that was taken here. By the user, with the lock held. */
  boolean replace(long key, Object taken, Object array) {
    int first = set(key);
    for (int i = first; i < first + ways; i++) {
      if (arrays[i] == taken && (words[i] & (KEY | FREE)) == key) {
        arrays[i] = array;
        words[i] = key | FREE | stamp;
        return true;
      }
    }
    return false;
  }

  /**
   * Puts an array in the slot of one of the same key that was lent out; for a thread that has
   * handed that one on and will not see it again. By the user, with the lock held.
   */
  boolean insertOver(long key, Object array) {
    int first = set(key);
    for (int i = first; i < first + ways; i++) {
      if (arrays[i] != null && (words[i] & (KEY | FREE)) == key) {
        arrays[i] = array;
        words[i] = key | FREE | (stamp & ~Clock.USED);
        return true;
      }
    }
    return false;
  }

  /**
   * Moves what waits in one shelf to another, in exchange for what that has lent out or into its
   * empty slots: the two hold as many bytes as before. By the users of both, with both locks held.
   *
   * @return how many were moved
   */
  static int move(long key, Shelf from, Shelf to) {
    int moved = 0;
    int at = to.set(key);
    int end = at + to.ways;
    int first = from.set(key);
    for (int i = first; i < first + from.ways; i++) {
      Object array = from.arrays[i];
      if (array == null || (from.words[i] & (KEY | FREE)) != (key | FREE)) {
        continue;
      }
      while (at < end && !to.hasPlace(at, key)) {
        at++;
      }
      if (at == end) {
        break;
      }
      from.arrays[i] = to.arrays[at];
      from.words[i] = key | from.stamp;
      to.arrays[at] = array;
      to.words[at] = key | FREE | to.stamp;
      at++;
      moved++;
    }
    return moved;
  }

  /** Whether the slot is empty, or its array of this key lent out. */
  private boolean hasPlace(int slot, long key) {
    return arrays[slot] == null || (words[slot] & (KEY | FREE)) == key;
  }

  /**
   * True about once in {@link #DUE} calls, at no fixed distance: what takes turns with the same
   * period would otherwise be looked at always or never. Where threads share a shelf a turn may be
   * lost.
   */
  boolean due() {
    if (--untilDue > 0) {
      return false;
    }
    stray ^= stray << 13; // Marsaglia, Xorshift RNGs (2003)
    stray ^= stray >>> 17;
    stray ^= stray << 5;
    untilDue = DUE / 2 + (stray & (DUE - 1));
    return true;
  }

  /**
   * Puts an array in that has no slot here. By the user, with the lock held.
   *
   * @param spare how many more like it than are in use may wait untouched, itself among them
   */
  boolean insert(long key, Object array, long bytes, int spare) {
    // where more is given than taken each would take the place of an older one, for nothing
    int slot = surplus(key) >= spare ? -1 : slotFor(key);
    if (slot < 0) {
      return false;
    }
    long old = arrays[slot] == null ? 0 : bytesOf(words[slot]);
    if (bytes > old && !budget.reserve(bytes - old)) {
      // one that was not taken back here, while somebody else was inside, still has its bytes
      return insertOver(key, array);
    }
    arrays[slot] = array;
    words[slot] = key | FREE | (stamp & ~Clock.USED);
    if (bytes < old) {
      budget.giveBack(old - bytes);
    }
    return true;
  }

  /**
   * An empty slot; else one whose array nobody ever took again, or else the one longest untouched.
   * Where all have been used during this tick, one in eight comers gets a place: so a stream of odd
   * lengths does not wash out the hot ones, and a new hot one gets in soon. In a thread's own shelf
   * such a place is never that of an array that waits: there is more room in the stripes. Before an
   * array is turned away it takes the place of one like it that is lent out: that one may never
   * come back, and a site whose arrays do not would keep all others of its length out.
   */
  private int slotFor(long key) {
    int first = set(key);
    int now = Clock.tickOf(stamp);
    int victim = -1;
    int lent = -1;
    long age = Long.MAX_VALUE; // the tick it was touched; less than any tick if it was never used
    for (int i = first; i < first + ways; i++) {
      if (arrays[i] == null) {
        return i;
      }
      long word = words[i];
      if ((word & (KEY | FREE)) == key) {
        lent = i;
      }
      long touched = (word & Clock.USED) == 0 ? -1 : Clock.tickOf(word);
      boolean spare =
          (word & FREE) != 0 && ((word & KEY) == key || (owned && Clock.tickOf(word) == now));
      if (!spare && touched < age) {
        victim = i;
        age = touched;
      }
    }
    if (age < now) {
      return victim;
    }
    return lent >= 0 ? lent : (++admission & HOT_ADMISSION) == 0 ? victim : -1;
  }

  /** How many more wait untouched than are in use. By the user, with the lock held. */
  int surplus(long key) {
    int first = set(key);
    int now = Clock.tickOf(stamp);
    int surplus = 0;
    for (int i = first; i < first + ways; i++) {
      if (arrays[i] != null && (words[i] & KEY) == key) {
        surplus += isIdle(words[i], now) ? 1 : -1;
      }
    }
    return surplus;
  }

  /** Whether it waits, and nobody has taken it since it came, or during this tick and the last. */
  private static boolean isIdle(long word, int now) {
    return (word & FREE) != 0 && ((word & Clock.USED) == 0 || Clock.tickOf(word) < now - 1);
  }

  /**
   * Drops what is old enough. With the lock held.
   *
   * @return bytes dropped
   */
  long drop(Cutoff cutoff, Dropped told) {
    long dropped = 0;
    try {
      for (int i = 0; i < arrays.length; i++) {
        Object array = arrays[i];
        long word = words[i];
        if (array != null && cutoff.drops(Clock.tickOf(word), bytesOf(word), (word & FREE) == 0)) {
          arrays[i] = null;
          word = words[i]; // once more: its user may be taking it
          dropped += bytesOf(word);
          if ((word & FREE) != 0) {
            told.waiting(word & KEY, array);
          } else {
            told.lent(word & KEY);
          }
        }
      }
    } finally {
      if (dropped != 0) {
        budget.giveBack(dropped);
      }
    }
    return dropped;
  }

  /** The same where the lock can be had; 0 if its user lost its core inside. */
  long tryDrop(Cutoff cutoff, Dropped told) {
    if (!lockSoon()) {
      return 0;
    }
    try {
      return drop(cutoff, told);
    } finally {
      unlock();
    }
  }

  /**
   * Drops everything, and keeps the lock: nothing comes in any more. Where it cannot be had, a
   * thread has ended inside, and nothing comes in, either.
   */
  long close(Dropped told) {
    if (!owned || isInUse()) {
      lockAtLast();
    } else {
      tryLock(); // to keep: where it cannot be had, its owner has ended inside
    }
    return drop(Cutoff.ALL, told);
  }

  /**
   * Adds the bytes that wait here and those that are lent out and still have their slot; read
   * without the lock, so a slot that changes meanwhile may be counted as what it was.
   */
  void addTo(Holdings holdings) {
    for (int i = 0; i < arrays.length; i++) {
      long word = words[i];
      if (arrays[i] != null && word != 0) { // 0: put in this very moment
        holdings.add((word & KEY) >>> 1, bytesOf(word), (word & FREE) != 0);
      }
    }
  }

  /** Counts a hit of a meter. By the user. */
  public void hit(int meter, long bytes) {
    long[] c = counts;
    int row = meter * Meters.COLUMNS;
    if (row + Meters.COLUMNS <= c.length) {
      c[row + Meters.HITS]++;
      c[row + Meters.REUSED] += bytes;
    } else {
      count(meter, Meters.HITS, 1);
      count(meter, Meters.REUSED, bytes);
    }
  }

  /** Adds to one column of a meter. By the user. */
  public void count(int meter, int column, long amount) {
    int at = meter * Meters.COLUMNS + column;
    long[] c = counts;
    if (at >= c.length) {
      c = Arrays.copyOf(c, Math.max(at + Meters.COLUMNS, 2 * c.length) & -Meters.COLUMNS);
      VarHandle.releaseFence(); // a reader who finds the new array finds its old counts in it
      counts = c;
    }
    c[at] += amount;
  }

  /** The columns' rows so far; read without stopping the user, so a moment old. */
  long[] counts() {
    return counts;
  }

  private int set(long key) {
    // multiplicative hashing (Knuth 6.4): the upper bits of the product are the mixed ones
    return (int) ((key * 0x9E3779B97F4A7C15L) >>> 44) & firstMask;
  }
}
