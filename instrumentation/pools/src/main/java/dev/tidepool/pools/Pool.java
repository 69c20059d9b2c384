package dev.tidepool.pools;

/**
 * What every pool lets its keeper do: look, trim, close. Each may be called from any thread.
 *
 * <pre>{@code
 * for (Pool pool : pools) { // where no PoolPressure does it
 *   pool.trim(Pressure.NONE);
 * }
 * }</pre>
 */
public interface Pool extends AutoCloseable {

  /** The name it was given, or one of its kind. */
  String name();

  /** Counts and holdings as of now, taken without stopping anybody. */
  PoolStats stats();

  /**
   * One maintenance round: drops what idles, the sooner the shorter memory is.
   *
   * @return bytes dropped
   */
  long trim(Pressure level);

  /** Whether it holds nothing, so that nobody need look after it. */
  boolean isEmpty();

  /** Drops everything for good; what is lent out stays good and is not taken back. */
  @Override
  void close();
}
