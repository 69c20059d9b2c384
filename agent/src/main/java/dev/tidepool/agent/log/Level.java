package dev.tidepool.agent.log;

/** How much is said; each level says what the ones before it say. */
public enum Level {
  OFF,
  ERROR,
  WARN,
  INFO,
  DEBUG
}
