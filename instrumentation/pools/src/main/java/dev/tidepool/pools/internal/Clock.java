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

  private static final int REMEMBERED = 256;
  private static final int MASK = (1 << (Long.SIZE - SHIFT)) - 1;

  private final long[] nanosOfTick = new long[REMEMBERED];
  private int tick = 1;

  /**
   * The present tick, shifted, and USED. Shelves have a copy each, plain: a thread that reads an
   * old one makes something look older than it is, which only costs a reuse.
   */
  private long stamp = 1L << SHIFT | USED;

  public Clock(long nanoTime) {
    nanosOfTick[1] = nanoTime;
  }

  long stamp() {
    return stamp;
  }

  /** Begins the next tick. Called by one maintenance round at a time. */
  public void advance(long nanoTime) {
    tick = (tick + 1) & MASK;
    nanosOfTick[tick % REMEMBERED] = nanoTime;
    stamp = (long) tick << SHIFT | USED;
  }

  /** The first tick that is younger than the given age. */
  public int firstTickYoungerThan(long nanos, long nanoTime) {
    int first = tick;
    while (first > 1
        && tick - first < REMEMBERED - 1
        && nanoTime - nanosOfTick[(first - 1) % REMEMBERED] < nanos) {
      first--;
    }
    return first;
  }

  public int tick() {
    return tick;
  }

  static int tickOf(long word) {
    return (int) (word >>> SHIFT);
  }
}
