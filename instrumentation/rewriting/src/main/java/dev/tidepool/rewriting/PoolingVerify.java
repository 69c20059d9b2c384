package dev.tidepool.rewriting;

/** How pooled buffers are watched for use after their release. */
public enum PoolingVerify {
  OFF,
  /** One release in 1024 is watched. */
  SAMPLE,
  /**
   * Every released buffer is filled with a pattern that is checked later; for tests and canaries.
   */
  POISON
}
