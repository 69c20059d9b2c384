package dev.tidepool.rewriting.gate;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Watches arrays of one site from the point where they would be released.
 *
 * <p>A round watches a few arrays. Beside them it watches a witness, an array of their size that
 * nobody holds. Once the collector has taken the witness it has had its look at that generation,
 * and an array that is older and still there is held by somebody. One such survival can be chance
 * (a buffer promoted before its release), so it takes several in a row to call it retained.
 */
final class Trial {
  private static final int WATCHED = 16;
  private static final int STRIKES = 3;

  private final int type;
  private final AtomicBoolean busy = new AtomicBoolean();
  private final WeakReference<?>[] watched = new WeakReference<?>[WATCHED];
  private int size;
  private int longest;
  private int strikes;
  private int collected;
  private int retained;
  private WeakReference<Object> witness;

  Trial(int type) {
    this.type = type;
  }

  /**
   * Watches an array, or another object, if there is room; never waits.
   *
   * @param length of an array of the site's type that the collector takes no earlier
   */
  void watch(Object array, int length) {
    if (size < WATCHED && witness == null && busy.compareAndSet(false, true)) {
      try {
        if (size < WATCHED && witness == null) {
          longest = Math.max(longest, length);
          watched[size] = new WeakReference<>(array);
          size++;
        }
      } finally {
        busy.set(false);
      }
    }
  }

  /** Judges what the collector has done since the last call; call it about once a second. */
  TrialEvidence judge() {
    if (!busy.compareAndSet(false, true)) {
      return new TrialEvidence(collected, retained, size);
    }
    try {
      forgetCollected();
      if (size == 0) {
        witness = null;
        strikes = 0;
        longest = 0;
      } else if (witness == null) {
        witness = new WeakReference<>(Primitive.create(type, longest));
      } else if (witness.refersTo(null)) {
        strike();
      }
      return new TrialEvidence(collected, retained, size);
    } finally {
      busy.set(false);
    }
  }

  private void strike() {
    strikes++;
    if (strikes < STRIKES) {
      witness = new WeakReference<>(Primitive.create(type, longest));
      return;
    }
    retained += size;
    size = 0;
    longest = 0;
    strikes = 0;
    witness = null;
  }

  private void forgetCollected() {
    int left = 0;
    for (int i = 0; i < size; i++) {
      // refersTo, unlike get, does not keep the array alive for a concurrent collector
      if (watched[i].refersTo(null)) {
        collected++;
      } else {
        watched[left++] = watched[i];
      }
    }
    size = left;
  }
}
