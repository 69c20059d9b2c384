package dev.tidepool.rewriting.live;

import java.util.concurrent.TimeUnit;

/**
 * Over which loaded classes a site was proven last: over the same ones the next proof would say the
 * same. The proof thread's own.
 */
final class LastProof {
  private static final long UNKNOWN = -1;

  /** The first ones may have been short of time, while the code that proves was not compiled. */
  private static final int SURE_PROOFS = 6;

  /** Now and then a class is redefined, so nothing is said for ever. */
  private static final long SAME_NANOS = TimeUnit.MINUTES.toNanos(10);

  private long classes = UNKNOWN;
  private long at;

  /**
   * Notes that it is proven now.
   *
   * @param loaded number of the class that was loaded last
   */
  void over(long loaded, long now) {
    classes = loaded;
    at = now;
  }

  /** It says nothing of the next one: the settings have changed. */
  void forget() {
    classes = UNKNOWN;
  }

  /**
   * Whether the next one would say the same.
   *
   * @param proofs how many there have been
   */
  boolean holds(int proofs, long loaded, long now) {
    return proofs >= SURE_PROOFS && classes == loaded && now - at < SAME_NANOS;
  }
}
