package dev.tidepool.pools;

/**
 * A pool was used against its rules: released twice, released elsewhere, used after release. The
 * message says which; the cause is where the other half of it happened, so that both stacks are in
 * the trace. Where the thing was acquired is among the suppressed, if that is neither.
 */
public final class PoolMisuseException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  PoolMisuseException(String message, Throwable otherHalf) {
    super(message, otherHalf);
  }
}
