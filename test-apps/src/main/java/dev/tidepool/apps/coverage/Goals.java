package dev.tidepool.apps.coverage;

import dev.tidepool.apps.coverage.CoverageLog.Entry;
import dev.tidepool.apps.load.Comparison;
import dev.tidepool.apps.load.Figures.Spread;
import dev.tidepool.apps.load.Goal;
import dev.tidepool.apps.load.Measure;
import dev.tidepool.apps.synthetic.Buffers;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What was set out to be reached, beside what was. */
final class Goals {
  private static final double REMOVED = 0.60;
  private static final double GC_CPU = 0.60;
  private static final double SLOWEST = 0.98;
  private static final double LARGEST = 1.05;
  private static final double GROWN = 1.1;
  private static final double GZIPS = 2;
  private static final double DIRECTS = 3;

  // header of an array on a 64-bit HotSpot with compressed class pointers
  private static final int HEADER_BYTES = 16;

  private Goals() {}

  /** Lines of a Markdown table over the applications. */
  static List<String> overApplications(List<Entry> rows) {
    List<Entry> counting = rows.stream().filter(row -> row.figure(Row.COUNTS) > 0).toList();
    Entry slowest = extreme(rows, row -> row.figure(Row.THROUGHPUT));
    Entry largest = extreme(rows, row -> -row.figure(Row.RSS));
    double removed = median(counting, Row.REMOVED);
    double gcCpu = median(counting, Row.GC_CPU);
    double speed = slowest.figure(Row.THROUGHPUT);
    double rss = largest.figure(Row.RSS);
    long same = rows.stream().filter(row -> row.figure(Row.SAME) > 0).count();
    return List.of(
        line(
            "median of array bytes removed, " + counting.size() + " applications that count",
            ">= 60 %",
            String.format(Locale.ROOT, "%.0f %%", removed * 100),
            removed >= REMOVED),
        line("median change of GC CPU, the same", "<= -40 %", Row.change(gcCpu), gcCpu <= GC_CPU),
        line(
            "slowest throughput ratio, all",
            ">= 0.98",
            String.format(Locale.ROOT, "%.3f (%s)", speed, slowest.app()),
            speed >= SLOWEST),
        line(
            "largest ratio of peak RSS, all",
            "<= 1.05",
            String.format(Locale.ROOT, "%.3f (%s)", rss, largest.app()),
            rss <= LARGEST),
        line("same output, all", "always", same + " of " + rows.size(), same == rows.size()));
  }

  /** A sentence about what the remedies do without tuning. */
  static String alone(List<Entry> rows) {
    List<Entry> counting = rows.stream().filter(row -> row.figure(Row.COUNTS) > 0).toList();
    return String.format(
        Locale.ROOT,
        "over the %d that count the median change of GC CPU is %s, of throughput %s.",
        counting.size(),
        Row.change(median(counting, Row.GC_CPU)),
        Row.change(median(counting, Row.THROUGHPUT)));
  }

  /** The line of one of the three loops. */
  static String overLoop(SideBySide measured) throws IOException {
    Comparison comparison = measured.comparison();
    Spread speed = measured.throughputRatio();
    String about = comparison.plan().app().about();
    return switch (comparison.plan().app()) {
      case GROW -> {
        double unit = (Buffers.GROWN_BYTES + HEADER_BYTES) / 1024.0;
        double without = comparison.baseline(Measure.ALLOCATED).median() / unit;
        double with = comparison.agent(Measure.ALLOCATED).median() / unit;
        yield line(
            about + ": bytes an operation over those of the array",
            "<= 1.1",
            String.format(Locale.ROOT, "%.2f -> %.2f", without, with),
            with <= GROWN);
      }
      case GZIP ->
          times(about, GZIPS, speed, "; a compressor kept by hand: " + text(GzipByHand.ratio()));
      case DIRECT -> times(about, DIRECTS, speed, "");
      default -> throw new IllegalArgumentException("no goal for " + comparison.plan().app());
    };
  }

  private static String times(String about, double goal, Spread speed, String beside) {
    return line(
        about + ": operations/s over those without",
        String.format(Locale.ROOT, ">= %.0f", goal),
        text(speed) + beside,
        speed.median() >= goal);
  }

  private static String text(Spread ratio) {
    return String.format(
        Locale.ROOT, "%.2f (%.2f .. %.2f)", ratio.median(), ratio.low(), ratio.high());
  }

  private static String line(String what, String goal, String reached, boolean met) {
    return Goal.of(what, goal, reached, met).line();
  }

  private static Entry extreme(List<Entry> rows, ToDoubleFunction<Entry> least) {
    return rows.stream().min(Comparator.comparingDouble(least)).orElseThrow();
  }

  private static double median(List<Entry> rows, String figure) {
    List<Double> values =
        rows.stream().map(row -> row.figure(figure)).filter(number -> !number.isNaN()).toList();
    return values.isEmpty() ? Double.NaN : Spread.of(values).median();
  }
}
