package dev.tidepool.apps.load;

/** What is measured of a run, in the order of the table. */
public enum Measure {
  THROUGHPUT("operations/s", true, "%,.0f"),
  P50("p50 ms", false, "%,.3f"),
  P99("p99 ms", false, "%,.3f"),
  ALLOCATED("allocated KB/op", false, "%,.1f"),
  OWN_ALLOCATED("of that by the agent KB/op", false, "%,.1f"),
  GC_COUNT("GCs/1000 ops", false, "%,.2f"),
  GC_CPU("GC CPU ms/1000 ops", false, "%,.2f"),
  CPU("CPU ms/1000 ops", false, "%,.1f"),
  OWN_CPU("of that the agent's threads ms/1000 ops", false, "%,.2f"),
  RSS_NOW("RSS MB", false, "%,.0f"),
  RSS("RSS peak MB", false, "%,.0f");

  private final String title;
  private final boolean more;
  private final String format;

  Measure(String title, boolean more, String format) {
    this.title = title;
    this.more = more;
    this.format = format;
  }

  /** Column head with its unit. */
  public String title() {
    return title;
  }

  /** Whether a greater value is the better one. */
  public boolean moreIsBetter() {
    return more;
  }

  /** A value as a table shows it. */
  public String show(double value) {
    return String.format(java.util.Locale.ROOT, format, value);
  }
}
