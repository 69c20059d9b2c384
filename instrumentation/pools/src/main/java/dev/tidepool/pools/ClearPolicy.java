package dev.tidepool.pools;

/**
 * What an array pool does about the content its last holder left.
 *
 * <pre>{@code
 * ArrayPool<char[]> pool = ArrayPool.ofChars().clear(ClearPolicy.DIRTY).build();
 * char[] text = pool.acquire(4096);
 * int n = reader.read(text);
 * pool.release(text, n); // the rest was not touched
 * }</pre>
 */
public enum ClearPolicy {
  /** Nothing: an acquired array may have any content. The fastest, where the holder overwrites. */
  NEVER,
  /** Zeroes what the holder says it used when it gives the array back. Acquired arrays are zero. */
  DIRTY,
  /** Zeroes the whole array when it is given back. Acquired arrays are zero. */
  FULL
}
