package dev.tidepool.tuning;

/** What the engine may do by itself. */
public enum TuningMode {
  /** Decides and acts. */
  AUTO,
  /** Decides and writes down what it would do; moves nothing. */
  OBSERVE,
  /** Reads signals only; levers move by hand alone. */
  OFF
}
