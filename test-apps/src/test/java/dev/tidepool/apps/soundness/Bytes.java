package dev.tidepool.apps.soundness;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.zip.CRC32;

/** Filling, summing, and keeping an eye on bytes. */
final class Bytes {
  static final int SIZE = 64 * 1024;

  private Bytes() {}

  /** Fills the first {@code count} bytes and leaves the rest as it was: zero, if all is well. */
  static void fill(byte[] buffer, int count, long seed) {
    long state = seed * 31 + 7;
    for (int i = 0; i < count; i++) {
      state = state * 6364136223846793005L + 1442695040888963407L;
      buffer[i] = (byte) (state >>> 56);
    }
  }

  /** Checksum of all bytes, those never written too. */
  static long sum(byte[] buffer) {
    CRC32 crc = new CRC32();
    crc.update(buffer, 0, buffer.length);
    return crc.getValue();
  }

  /** Keeps buffers it is given and checks that what it keeps stays as it was. */
  static final class Kept {
    private static final int MOST = 4;

    private static final class One {
      private final byte[] buffer;
      private final long sum;

      One(byte[] buffer) {
        this.buffer = buffer;
        this.sum = Bytes.sum(buffer);
      }
    }

    private final Deque<One> kept = new ArrayDeque<>();

    synchronized void keep(byte[] buffer) {
      check();
      kept.addLast(new One(buffer));
      if (kept.size() > MOST) {
        kept.removeFirst();
      }
    }

    synchronized void check() {
      for (One one : kept) {
        if (Bytes.sum(one.buffer) != one.sum) {
          throw new AssertionError("a buffer that is still held was changed");
        }
      }
    }
  }
}
