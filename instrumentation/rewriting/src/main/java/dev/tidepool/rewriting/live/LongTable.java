package dev.tidepool.rewriting.live;

/**
 * An open-addressed table from non-zero longs to ints. Not thread-safe: its users hold a lock of
 * their own.
 */
final class LongTable {
  private static final int LEAST_SLOTS = 64;

  private long[] keys;
  private int[] values;
  private int size;

  LongTable() {
    this(0);
  }

  /**
   * @param expected keys for which it does not grow
   */
  LongTable(int expected) {
    int slots = Math.max(LEAST_SLOTS, 2 * Integer.highestOneBit(2 * expected + 1));
    keys = new long[slots];
    values = new int[slots];
  }

  /** Stores the value and tells whether the key is new. */
  boolean put(long key, int value) {
    if (2 * (size + 1) > keys.length) {
      grow();
    }
    int slot = slot(key);
    boolean fresh = keys[slot] == 0;
    if (fresh) {
      keys[slot] = key;
      size++;
    }
    values[slot] = value;
    return fresh;
  }

  boolean contains(long key) {
    return keys[slot(key)] != 0;
  }

  int get(long key, int absent) {
    int slot = slot(key);
    return keys[slot] == 0 ? absent : values[slot];
  }

  int slots() {
    return keys.length;
  }

  /** The key in a slot, zero where there is none. */
  long keyAt(int slot) {
    return keys[slot];
  }

  int size() {
    return size;
  }

  private int slot(long key) {
    int mask = keys.length - 1;
    int slot = (int) key & mask;
    while (keys[slot] != 0 && keys[slot] != key) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldValues = values;
    keys = new long[oldKeys.length * 2];
    values = new int[oldKeys.length * 2];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        values[slot] = oldValues[i];
      }
    }
  }
}
