package dev.tidepool.tuning;

/**
 * How near the process is to its limits.
 *
 * @param ratio 0 far away .. 1 at the limit; the largest of its causes
 * @param cause which limit, for people: {@code working set 91 % of the container's limit}
 */
public record Pressure(Level level, double ratio, String cause) {

  /** Thresholds on the ratio. */
  public enum Level {
    NONE(0),
    LOW(0.70),
    MEDIUM(0.80),
    HIGH(0.88),
    CRITICAL(0.94);

    private final double from;

    Level(double from) {
      this.from = from;
    }

    /** Ratio from which on the level holds. */
    public double from() {
      return from;
    }
  }

  public static final Pressure CALM = new Pressure(Level.NONE, 0, "");
}
