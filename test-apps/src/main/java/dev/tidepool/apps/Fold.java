package dev.tidepool.apps;

import java.util.zip.CRC32;

/** Folds many results into one checksum; order matters. */
public final class Fold {
  private long value = 0x9E3779B97F4A7C15L;

  /** Takes one number in. */
  public Fold add(long number) {
    value = mix(value * 31 + number);
    return this;
  }

  /** Takes bytes in. */
  public Fold add(byte[] bytes) {
    return add(bytes, bytes.length);
  }

  /** Takes the first {@code length} bytes in. */
  public Fold add(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return add(length).add(crc.getValue());
  }

  /** Takes a text in, and allocates nothing: what an application allocates is measured. */
  public Fold add(String text) {
    return add(text.length()).add(text.hashCode());
  }

  public long value() {
    return value;
  }

  /** A bijection of 64 bits that spreads neighbouring numbers (finalizer of SplitMix64). */
  public static long mix(long number) {
    long z = (number ^ (number >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
