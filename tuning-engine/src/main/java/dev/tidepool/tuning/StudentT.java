package dev.tidepool.tuning;

/** Student's t distribution: how sure a difference of two means is when there are few readings. */
final class StudentT {
  private static final int STEPS = 2_000;

  private StudentT() {}

  /**
   * Probability that |T| is below {@code t}.
   *
   * <p>With {@code u = sqrt(df) * tan(x)} the density is a power of the cosine, so both the part
   * and the whole are integrals of a smooth function over a quarter turn.
   *
   * @param degrees of freedom, which need not be whole
   */
  static double within(double t, double degrees) {
    double power = degrees - 1;
    double whole = integral(Math.PI / 2, power);
    return Math.min(1, integral(Math.atan(t / Math.sqrt(degrees)), power) / whole);
  }

  /** Of cos(x)^power from 0, by Simpson's rule. */
  private static double integral(double to, double power) {
    double step = to / STEPS;
    double sum = 1 + Math.pow(Math.max(0, Math.cos(to)), power);
    for (int i = 1; i < STEPS; i++) {
      sum += (i % 2 == 0 ? 2 : 4) * Math.pow(Math.cos(i * step), power);
    }
    return sum * step / 3;
  }
}
