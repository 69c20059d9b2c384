package dev.tidepool.rewriting.gate;

/**
 * Something a site did that people should know.
 *
 * @param site the row's id
 * @param kind what happened
 * @param text one line
 */
public record GateEvent(int site, Kind kind, String text) {
  public enum Kind {
    /** An array was written after its release: the proof is wrong; the site is invalid for good. */
    WRITTEN_AFTER_RELEASE,
    /** The gate's delegate threw too often; the site is off until it has recovered. */
    BREAKER_OPEN,
    /** It is tried again; one more failure turns it off at once, for longer. */
    BREAKER_HALF_OPEN
  }
}
