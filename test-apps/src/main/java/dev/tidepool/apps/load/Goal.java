package dev.tidepool.apps.load;

/**
 * A figure beside what was set out to be reached: a line of a Markdown table.
 *
 * @param what is measured
 * @param wanted the goal; a dash where there is none
 * @param reached what it came to
 * @param met {@code yes}, {@code no}, or a dash where there is no goal
 */
public record Goal(String what, String wanted, String reached, String met) {
  /** Head of the table. */
  public static final String HEAD =
      """
      | figure | goal | reached | met |
      |---|---|---|---|
      """;

  /** A figure with a goal. */
  public static Goal of(String what, String wanted, String reached, boolean met) {
    return new Goal(what, wanted, reached, met ? "yes" : "no");
  }

  /** A figure that is only told. */
  public static Goal told(String what, String reached) {
    return new Goal(what, "-", reached, "-");
  }

  /** Its line, without an end of line. */
  public String line() {
    return "| " + what + " | " + wanted + " | " + reached + " | " + met + " |";
  }
}
