package dev.tidepool.rewriting.gate;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Pieces of native memory by kind, the last one kept first. Whoever comes while another is at it
 * tries a few times and goes without: nobody waits.
 */
final class AddressShelves {
  private static final int MOST_KINDS = 64;
  private static final int ATTEMPTS = 200;
  private static final int PAUSES = 2_000;
  private static final long PAUSE_NANOS = 1_000_000;

  private final AtomicBoolean busy = new AtomicBoolean();
  private final long[] kinds = new long[MOST_KINDS];
  private final long[][] pieces = new long[MOST_KINDS][];
  private final int[] counts = new int[MOST_KINDS];
  private final long[] each = new long[MOST_KINDS];

  /** The fewest pieces there were since the last {@link #settle}: so many nobody needed. */
  private final int[] idle = new int[MOST_KINDS];

  private int known;
  private boolean closed;
  private long held;

  /** As {@link #held}, for those who look without entering. */
  private volatile long bytes;

  /** Bytes of all pieces here. */
  long bytes() {
    return bytes;
  }

  /** A piece of that kind, or 0. */
  long take(long kind) {
    if (bytes == 0 || !enter()) {
      return 0;
    }
    try {
      int at = find(kind);
      return at < 0 || counts[at] == 0 ? 0 : pop(at);
    } finally {
      busy.set(false);
    }
  }

  /** Whether the piece is kept: there is a place for its kind, and room for its bytes. */
  boolean keep(long kind, long address, long size, long room) {
    if (!enter()) {
      return false;
    }
    try {
      int at = closed || bytes + size > room ? -1 : place(kind, size);
      if (at < 0) {
        return false;
      }
      if (counts[at] == pieces[at].length) {
        pieces[at] = Arrays.copyOf(pieces[at], 2 * counts[at]);
      }
      pieces[at][counts[at]++] = address;
      held += size;
      bytes = held;
      return true;
    } finally {
      busy.set(false);
    }
  }

  /** Takes any piece out while there are more bytes than that; 0 when there are not. */
  long shed(long room) {
    if (bytes <= room || !enter()) {
      return 0;
    }
    try {
      int most = -1;
      for (int at = 0; at < known; at++) {
        if (counts[at] > 0 && (most < 0 || counts[at] * each[at] > counts[most] * each[most])) {
          most = at;
        }
      }
      return most < 0 || bytes <= room ? 0 : pop(most);
    } finally {
      busy.set(false);
    }
  }

  /** Takes out one of the pieces that were not needed since the last {@link #settle}, or 0. */
  long shedIdle() {
    if (bytes == 0 || !enter()) {
      return 0;
    }
    try {
      for (int at = 0; at < known; at++) {
        if (idle[at] > 0 && counts[at] > 0) {
          int left = idle[at] - 1;
          long address = pop(at);
          idle[at] = Math.min(left, counts[at]);
          return address;
        }
      }
      return 0;
    } finally {
      busy.set(false);
    }
  }

  /** From now on what is here counts as not needed until somebody takes it. */
  void settle() {
    if (enter()) {
      try {
        System.arraycopy(counts, 0, idle, 0, known);
      } finally {
        busy.set(false);
      }
    }
  }

  /**
   * Keeps nothing any more. Waits until whoever is at it must be gone for good, some seconds: call
   * it from a thread of the agent's.
   *
   * @return false where somebody is at it for ever: nothing is kept or taken any more all the same
   */
  boolean close() {
    for (int i = 0; i < PAUSES; i++) {
      if (enter()) {
        closed = true;
        busy.set(false);
        return true;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return false;
  }

  private boolean enter() {
    for (int i = 0; i < ATTEMPTS; i++) {
      if (busy.compareAndSet(false, true)) {
        return true;
      }
      Thread.onSpinWait();
    }
    return false;
  }

  private int find(long kind) {
    for (int at = 0; at < known; at++) {
      if (kinds[at] == kind) {
        return at;
      }
    }
    return -1;
  }

  private int place(long kind, long size) {
    int at = find(kind);
    for (int empty = 0; at < 0 && known == MOST_KINDS && empty < known; empty++) {
      at = counts[empty] == 0 ? empty : -1;
    }
    if (at < 0 && known < MOST_KINDS) {
      pieces[known] = new long[4];
      at = known++;
    }
    if (at >= 0) {
      kinds[at] = kind;
      each[at] = size;
    }
    return at;
  }

  private long pop(int at) {
    long address = pieces[at][--counts[at]];
    idle[at] = Math.min(idle[at], counts[at]);
    held -= each[at];
    bytes = held;
    return address;
  }
}
