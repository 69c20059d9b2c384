package dev.tidepool.pools;

/** How short memory is, and so how much of what idles the pools let go. */
public enum Pressure {
  NONE,
  LOW,
  MEDIUM,
  HIGH,
  CRITICAL
}
