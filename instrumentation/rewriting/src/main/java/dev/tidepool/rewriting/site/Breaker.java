package dev.tidepool.rewriting.site;

/**
 * Whether a site may act after what it did before.
 *
 * <p>It opens where the gate's runtime fails three times, where what is done gains nothing, and
 * where an array was held or written to after its release. After a rest that doubles each time the
 * site is tried again, half open: one more setback opens it at once, a good window closes it. Only
 * a site whose arrays were touched after their release stays open for good.
 */
public enum Breaker {
  CLOSED,
  OPEN,
  HALF_OPEN
}
