package dev.tidepool.tuning.signals;

/** Rate of a counter that only grows, smoothed exponentially over a number of seconds. */
public final class Smoothed {
  private final double seconds;
  private double lastSecond = Double.NaN;
  private double lastValue;
  private double rate;
  private double weight;

  public Smoothed(double seconds) {
    this.seconds = seconds;
  }

  public void add(double second, double value) {
    if (!Double.isNaN(lastSecond) && second > lastSecond) {
      double passed = second - lastSecond;
      double keep = Math.exp(-passed / seconds);
      rate = keep * rate + (1 - keep) * Math.max(0, value - lastValue) / passed;
      weight = keep * weight + (1 - keep);
    }
    if (Double.isNaN(lastSecond) || second > lastSecond) {
      lastSecond = second;
      lastValue = value;
    }
  }

  /** Per second; free of the bias of the first seconds. */
  public double perSecond() {
    return weight == 0 ? 0 : rate / weight;
  }
}
