package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.Nomination;

/**
 * What samples say of a site that no code counts: how much is made there, and for whom. Right on
 * average, since a hint says in how many seconds its bytes were made; where hints stay away, the
 * time without counts too. Written by the proof thread, read by anyone.
 */
final class SampledRate {
  /** Hints of what is hot come more often than this. */
  private static final double PATIENCE_SECONDS = 15;

  private static final double LEAST_SECONDS = 1;

  private volatile double bytesPerSecond;
  private volatile double seconds;
  private volatile long heardAt;
  private volatile StackTraceElement madeFor;

  /**
   * Takes a hint.
   *
   * @param places among which its bytes are to be shared out, as it does not say which is meant
   */
  void hear(Nomination hint, int places, long now) {
    seconds = Math.max(LEAST_SECONDS, hint.seconds());
    bytesPerSecond = hint.bytes() / seconds / places;
    heardAt = now;
    madeFor = hint.madeFor() == null ? madeFor : hint.madeFor();
  }

  /** Bytes a second, as far as is known at a time. */
  double at(long now) {
    double silent = Math.max(0, (now - heardAt) / 1e9 - PATIENCE_SECONDS);
    return seconds == 0 ? 0 : bytesPerSecond * seconds / (seconds + silent);
  }

  /** Whose call most of it is made for, or null. */
  StackTraceElement madeFor() {
    return madeFor;
  }
}
