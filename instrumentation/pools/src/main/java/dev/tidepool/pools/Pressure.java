package dev.tidepool.pools;

/**
 * How short memory is, and so how much of what idles the pools let go.
 *
 * <pre>{@code
 * PoolPressure.shared().level(Pressure.HIGH); // until somebody says otherwise
 * }</pre>
 */
public enum Pressure {
  /** Not at all: what idled for a minute goes, or as long as a pool was told. */
  NONE,
  /** What idled for 30 seconds goes. */
  LOW,
  /** What idled for 10 seconds goes. */
  MEDIUM,
  /** What was not touched since the last round goes. */
  HIGH,
  /** Everything goes that waits. */
  CRITICAL
}
