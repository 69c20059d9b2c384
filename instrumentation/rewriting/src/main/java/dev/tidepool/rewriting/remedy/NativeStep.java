package dev.tidepool.rewriting.remedy;

/** What a plan does in the life of native memory. */
public enum NativeStep {
  /** Where it is made. */
  TAKE,
  /** Where it is freed. */
  KEEP,
  /** Where it is changed so that it cannot be made as good as new. */
  SPOIL
}
