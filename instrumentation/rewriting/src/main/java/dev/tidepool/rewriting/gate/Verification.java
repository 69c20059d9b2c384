package dev.tidepool.rewriting.gate;

/** How closely released arrays are watched for writes that come after their release. */
public enum Verification {
  OFF,
  /** One release in 1024 is watched. */
  SAMPLE,
  /** Every release is watched; released arrays read as garbage. For tests. */
  POISON
}
