package dev.tidepool.apps.synthetic;

import java.io.InputStream;

/** A stream of a known length whose bytes follow from a seed. */
final class SeededStream extends InputStream {
  private long state;
  private int left;

  SeededStream(long seed, int length) {
    this.state = seed;
    this.left = length;
  }

  @Override
  public int read() {
    if (left == 0) {
      return -1;
    }
    left--;
    return next();
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    if (left == 0) {
      return -1;
    }
    int count = Math.min(length, left);
    for (int i = 0; i < count; i++) {
      into[offset + i] = (byte) next();
    }
    left -= count;
    return count;
  }

  private int next() {
    state = state * 6364136223846793005L + 1442695040888963407L;
    return (int) (state >>> 56);
  }
}
