package dev.tidepool.apps.coverage;

import dev.tidepool.apps.Catalogue;
import dev.tidepool.apps.load.Comparison;
import dev.tidepool.apps.load.Figures.Spread;
import dev.tidepool.apps.load.Jdk;
import dev.tidepool.apps.load.Measure;
import dev.tidepool.apps.load.Site;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One application's line in each table. */
record Row(Catalogue app, LargeArrays arrays, SideBySide measured) {
  /** An application counts for the goal if this share of its bytes is in large arrays. */
  private static final double LEAST_SHARE = 0.25;

  static final String COUNTS = "counts";
  static final String REMOVED = "removed";
  static final String GC_CPU = "gcCpu";
  static final String THROUGHPUT = "throughput";
  static final String RSS = "rss";
  static final String USUAL_RSS = "usualRss";
  static final String SAME = "same";
  private static final double LEAST_REMEDY_SHARE = 0.005;
  private static final int LEFT = 3;

  /** What these save is no array, and no counter of the JVM has it. */
  private static final Set<String> OUTSIDE_THE_HEAP = Set.of("RecycleNative", "RecycleDirect");

  /**
   * Share of all allocated bytes that is in large arrays; counted and timed runs differ a little.
   */
  double arrayShare() {
    return Math.min(1, arrays.bytesPerOperation() / allocated());
  }

  /** Share of the large arrays' bytes that is allocated no more. */
  double removedShare() {
    return measured.removedBytes() / arrays.bytesPerOperation();
  }

  boolean counts() {
    return arrayShare() >= LEAST_SHARE;
  }

  /** All of it, to be kept. */
  CoverageLog.Entry entry(Jdk jdk, double load) {
    Map<String, Double> figures = new TreeMap<>();
    figures.put(COUNTS, counts() ? 1.0 : 0);
    figures.put(REMOVED, removedShare());
    figures.put(GC_CPU, measured.gcCpuRatio());
    figures.put(THROUGHPUT, measured.throughputRatio().median());
    figures.put(RSS, measured.rssRatio().median());
    figures.put(USUAL_RSS, measured.usualRssRatio());
    figures.put(SAME, measured.comparison().sameOutput() ? 1.0 : 0);
    String day = LocalDate.now(ZoneOffset.UTC).toString();
    return new CoverageLog.Entry(
        jdk.version(), app.id(), day, load, figures, allocation(), cost(), left());
  }

  private double allocated() {
    return measured.comparison().baseline(Measure.ALLOCATED).median() * 1024;
  }

  /** Allocation: without, with, share in arrays, share of those removed, by remedy. */
  String allocation() {
    Comparison comparison = measured.comparison();
    return String.format(
        Locale.ROOT,
        "| %s%s | %s | %s | %.1f | %.0f %% | **%.0f %%** | %s |",
        app.id(),
        counts() ? "" : " (does not count)",
        show(Measure.ALLOCATED, comparison.baseline(Measure.ALLOCATED)),
        show(Measure.ALLOCATED, comparison.agent(Measure.ALLOCATED)),
        measured.ownBytesPerSecond() / 1e6,
        arrayShare() * 100,
        removedShare() * 100,
        byRemedy());
  }

  private String byRemedy() {
    String text =
        measured.savedByRemedy().entrySet().stream()
            .filter(saved -> !OUTSIDE_THE_HEAP.contains(saved.getKey()))
            .filter(saved -> share(saved) >= LEAST_REMEDY_SHARE)
            .map(
                saved ->
                    String.format(Locale.ROOT, "%s %.0f %%", saved.getKey(), share(saved) * 100))
            .collect(Collectors.joining(", "));
    return text.isEmpty() ? "-" : text;
  }

  private double share(Map.Entry<String, Double> saved) {
    return saved.getValue() / arrays.bytesPerOperation();
  }

  /** What it costs and gains in time and memory. */
  String cost() {
    Comparison comparison = measured.comparison();
    Spread speed = measured.throughputRatio();
    return String.format(
        Locale.ROOT,
        "| %s | %.3f (%.2f .. %.2f) | %s | %s | %.2f -> %.2f (%s) | %.3f; %.3f | %s |",
        app.id(),
        speed.median(),
        speed.low(),
        speed.high(),
        show(Measure.P99, comparison.baseline(Measure.P99)),
        show(Measure.P99, comparison.agent(Measure.P99)),
        measured.gcCpu(comparison.baseline()),
        measured.gcCpu(comparison.agent()),
        change(measured.gcCpuRatio()),
        measured.rssRatio().median(),
        measured.usualRssRatio(),
        comparison.sameOutput() ? "the same" : "NOT THE SAME");
  }

  /** The greatest sites that are not active, and why. */
  List<String> left() {
    return measured.comparison().sites().stream()
        .filter(site -> !site.active() && site.bytesPerSecond() > 0)
        .sorted((a, b) -> Double.compare(b.bytesPerSecond(), a.bytesPerSecond()))
        .limit(LEFT)
        .map(Row::told)
        .toList();
  }

  private static String told(Site site) {
    return String.format(
        Locale.ROOT,
        "`%s` at %s, %s%.1f MB/s: %s%s",
        site.allocates(),
        site.place(),
        site.counted() ? "" : "about ",
        site.bytesPerSecond() / 1e6,
        site.state(),
        site.reason().isEmpty() ? "" : ", " + site.reason());
  }

  private static String show(Measure measure, Spread spread) {
    return measure.show(spread.median())
        + " ("
        + measure.show(spread.low())
        + " .. "
        + measure.show(spread.high())
        + ")";
  }

  static String change(double ratio) {
    return Double.isNaN(ratio) ? "-" : String.format(Locale.ROOT, "%+.0f %%", (ratio - 1) * 100);
  }
}
