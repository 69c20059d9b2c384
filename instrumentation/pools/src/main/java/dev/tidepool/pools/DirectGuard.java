package dev.tidepool.pools;

import java.nio.ByteBuffer;

/**
 * Checked mode of a pool of native memory: every lending has a buffer object of its own, and memory
 * that waits is poisoned. So a buffer released twice is known even when its memory is lent again,
 * and what writes through a view that was kept is found by the next to acquire the memory.
 */
final class DirectGuard {
  private static final long POISON = 0xA5A5A5A5A5A5A5A5L;

  private final Ledger ledger;

  DirectGuard(String pool) {
    ledger = new Ledger(pool, stack -> {});
  }

  /** What to lend of memory that waited, or was just cut. */
  ByteBuffer acquired(ByteBuffer memory) {
    if (ledger.knows(memory) && !isPoisoned(memory)) {
      throw ledger.usedAfterRelease(memory);
    }
    ByteBuffer lent = memory.duplicate();
    ledger.acquired(lent);
    return lent;
  }

  /** What is to wait of a buffer that was lent. */
  ByteBuffer released(ByteBuffer lent) {
    if (!ledger.released(lent)) {
      throw ledger.foreign(lent);
    }
    ByteBuffer memory = lent.duplicate().clear();
    for (int at = 0; at < memory.capacity(); at += Long.BYTES) {
      memory.putLong(at, POISON); // capacities are multiples of it
    }
    ledger.follows(memory, lent);
    return memory;
  }

  private static boolean isPoisoned(ByteBuffer memory) {
    for (int at = 0; at < memory.capacity(); at += Long.BYTES) {
      if (memory.getLong(at) != POISON) {
        return false;
      }
    }
    return true;
  }
}
