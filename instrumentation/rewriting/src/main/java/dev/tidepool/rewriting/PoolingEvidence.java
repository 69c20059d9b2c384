package dev.tidepool.rewriting;

/** What a site needs before its buffers come from a pool. */
public enum PoolingEvidence {
  /** A proof. */
  PROVEN,
  /** A proof, or a long clean trial where the proof failed for want of knowledge only. */
  OBSERVED
}
