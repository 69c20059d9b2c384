package dev.tidepool.tuning.advice;

/**
 * A straight line through the last so many readings, by least squares.
 *
 * <p>Readings are kept at a fixed spacing in a ring; the fit says how much of the variation the
 * line explains, so that noise is not taken for growth.
 */
final class Trend {
  private final double[] seconds;
  private final double[] values;
  private final double spacing;
  private int count;
  private int next;
  private double last = Double.NEGATIVE_INFINITY;

  Trend(int readings, double spacingSeconds) {
    seconds = new double[readings];
    values = new double[readings];
    spacing = spacingSeconds;
  }

  void add(double second, double value) {
    if (second - last < spacing) {
      return;
    }
    last = second;
    seconds[next] = second;
    values[next] = value;
    next = (next + 1) % seconds.length;
    count = Math.min(count + 1, seconds.length);
  }

  int count() {
    return count;
  }

  /** Seconds from the oldest reading kept to the newest. */
  double span() {
    return count < 2 ? 0 : last - seconds[count < seconds.length ? 0 : next];
  }

  double newest() {
    return count == 0 ? 0 : values[(next + values.length - 1) % values.length];
  }

  /**
   * The fitted line.
   *
   * @param perSecond slope
   * @param fit share of the variation that the line explains, 0..1
   */
  record Line(double perSecond, double fit) {}

  Line line() {
    if (count < 3) {
      return new Line(0, 0);
    }
    double meanX = 0;
    double meanY = 0;
    for (int i = 0; i < count; i++) {
      meanX += seconds[i] / count;
      meanY += values[i] / count;
    }
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (int i = 0; i < count; i++) {
      xx += (seconds[i] - meanX) * (seconds[i] - meanX);
      xy += (seconds[i] - meanX) * (values[i] - meanY);
      yy += (values[i] - meanY) * (values[i] - meanY);
    }
    return xx == 0 || yy == 0 ? new Line(0, 0) : new Line(xy / xx, xy * xy / (xx * yy));
  }
}
