package dev.tidepool.rewriting;

/** How far pooling goes. */
public enum PoolingMode {
  /** Proven sites are tried and pooled. */
  ON,
  /** Nothing is counted, proven or changed; what was changed is taken back. */
  OFF,
  /** Sites are counted, proven and tried, but every buffer stays a plain one. */
  OBSERVE
}
