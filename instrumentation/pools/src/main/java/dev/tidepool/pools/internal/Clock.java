package dev.tidepool.pools.internal;

/**
 * Time as the pools see it: a tick a maintenance round. Shelves stamp what they touch with the
 * tick, so that age costs the hot path no call to a real clock.
 */
public final class Clock {
  /** Where the tick sits in a shelf's word. */
  static final int SHIFT = 37;

  /** The bit below it: set in a stamp, so that what is touched again is marked as used. */
  static final long USED = 1L << 36;

  private static final int MASK = (1 << (Long.SIZE - SHIFT)) - 1;

  /** Each level remembers the last of the ticks that are a multiple of 4 to its number. */
  private static final int LEVELS = 9;

  private static final int KEPT = 64;

  private final long[] nanosOfTick = new long[LEVELS * KEPT];
  private int tick = 1;

  /**
   * The present tick, shifted, and USED. Shelves have a copy each, plain: a thread that reads an
   * old one makes something look older than it is, which only costs a reuse.
   */
  private long stamp = 1L << SHIFT | USED;

  public Clock(long nanoTime) {
    for (int level = 0; level < LEVELS; level++) {
      nanosOfTick[level * KEPT] = nanoTime; // of tick 0, the one before the first
    }
    nanosOfTick[1] = nanoTime;
  }

  long stamp() {
    return stamp;
  }

  /** Begins the next tick. Called by one maintenance round at a time. */
  public void advance(long nanoTime) {
    tick = (tick + 1) & MASK;
    for (int level = 0; level < LEVELS && isOf(level, tick); level++) {
      nanosOfTick[place(level, tick)] = nanoTime;
    }
    stamp = (long) tick << SHIFT | USED;
  }

  /**
   * The first tick that is younger than the given age; for ages beyond the last 64 ticks one that
   * may be older, by a twentieth of the age or so.
   */
  public int firstTickYoungerThan(long nanos, long nanoTime) {
    int first = tick;
    for (int level = 0; level < LEVELS && first > 1; level++) {
      int shift = 2 * level;
      int step = 1 << shift;
      int at = (first - 1) & -step;
      while (first > 1 && (tick >> shift) - (at >> shift) < KEPT) {
        if (nanoTime - nanosOfTick[place(level, at)] >= nanos) {
          return Math.max(1, Math.min(first, at + 1));
        }
        first = at;
        at -= step;
      }
    }
    return Math.max(1, first);
  }

  private static boolean isOf(int level, int tick) {
    return (tick & ((1 << (2 * level)) - 1)) == 0;
  }

  private static int place(int level, int tick) {
    return level * KEPT + (tick >> (2 * level)) % KEPT;
  }

  public int tick() {
    return tick;
  }

  static int tickOf(long word) {
    return (int) (word >>> SHIFT);
  }
}
