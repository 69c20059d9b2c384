package dev.tidepool.rewriting.live;

import java.util.Arrays;

/**
 * Class definitions of the last minute or so, oldest first. A class passes the transformer before
 * it is defined; until it is found among the loaded classes no proof can have looked at it, and
 * this log is the only place that knows it. Not thread-safe: its user holds a lock.
 */
final class LoadLog {
  /** A definition that takes longer than one generation has failed. */
  static final long GENERATION_NANOS = 60_000_000_000L;

  private Generation current = new Generation();
  private Generation previous = new Generation();
  private long sequence;
  private long turnedAt;

  LoadLog(long now) {
    turnedAt = now;
  }

  /**
   * Notes a class about to be defined.
   *
   * @param key the class with its loader, or 0 for a hidden class, which is never found by name
   */
  void add(ClassHeader header, long key, long now) {
    if (now - turnedAt > GENERATION_NANOS) {
      previous = current;
      current = new Generation();
      turnedAt = now;
    }
    current.add(++sequence, header, key, now);
  }

  /** A number that no class has: lists of before are outdated. */
  long skip() {
    return ++sequence;
  }

  /** Whether a class directly below the one of this name was noted. */
  boolean anyBelow(long name) {
    return previous.above.contains(name) || current.above.contains(name);
  }

  /** How many classes were ever noted; numbers the entries. */
  long sequence() {
    return sequence;
  }

  /** Shows every entry to the visitor until it says stop; true if it did. */
  boolean any(Visitor visitor) {
    return previous.any(visitor) || current.any(visitor);
  }

  /** Looks at one entry. */
  interface Visitor {
    /**
     * One definition.
     *
     * @return whether to stop here
     */
    boolean visit(long sequence, long name, long key, long nanos, long[] supers);
  }

  private static final class Generation {
    private static final int FIELDS = 4;

    private long[] entries = new long[FIELDS * 64];
    private long[][] supers = new long[64][];
    private int count;

    /** Names in {@link #supers}, so that a load need not look through them. */
    private final LongTable above = new LongTable();

    void add(long sequence, ClassHeader header, long key, long now) {
      if (count == supers.length) {
        supers = Arrays.copyOf(supers, count * 2);
        entries = Arrays.copyOf(entries, entries.length * 2);
      }
      int at = count * FIELDS;
      entries[at] = sequence;
      entries[at + 1] = header.name();
      entries[at + 2] = key;
      entries[at + 3] = now;
      long[] names = header.above();
      supers[count++] = names;
      for (long name : names) {
        above.put(name, 1);
      }
    }

    boolean any(Visitor visitor) {
      for (int i = 0, at = 0; i < count; i++, at += FIELDS) {
        if (visitor.visit(
            entries[at], entries[at + 1], entries[at + 2], entries[at + 3], supers[i])) {
          return true;
        }
      }
      return false;
    }
  }
}
