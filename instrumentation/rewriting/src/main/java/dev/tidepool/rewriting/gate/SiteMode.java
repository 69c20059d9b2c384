package dev.tidepool.rewriting.gate;

/** What happens at a site's rewritten code. */
public enum SiteMode {
  /** Counted; arrays are new and left to the collector. */
  COUNT,
  /** As {@link #COUNT}, and some arrays are watched from the point where they would be released. */
  SHADOW,
  /** Arrays come from the pool and go back to it. */
  POOL,
  /**
   * Nothing: arrays are new, a release drops. For good: nobody watches the proof any more, and
   * frames under way may rest on it.
   */
  INVALID
}
