package dev.tidepool.apps.coverage;

import dev.tidepool.apps.load.Comparison;
import dev.tidepool.apps.load.Figures.Spread;
import dev.tidepool.apps.load.Goal;
import dev.tidepool.apps.load.Measure;
import dev.tidepool.apps.synthetic.Buffers;
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
  static List<String> overApplications(List<Row> rows) {
    List<Row> counting = rows.stream().filter(Row::counts).toList();
    Row slowest = extreme(rows, row -> row.measured().throughputRatio().median());
    Row largest = extreme(rows, row -> -row.measured().rssRatio().median());
    double removed = median(counting, Row::removedShare);
    double gcCpu = median(counting, row -> row.measured().gcCpuRatio());
    double speed = slowest.measured().throughputRatio().median();
    double rss = largest.measured().rssRatio().median();
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
            String.format(Locale.ROOT, "%.3f (%s)", speed, slowest.app().id()),
            speed >= SLOWEST),
        line(
            "largest ratio of peak RSS, all",
            "<= 1.05",
            String.format(Locale.ROOT, "%.3f (%s)", rss, largest.app().id()),
            rss <= LARGEST),
        line(
            "same output, all",
            "always",
            rows.stream().filter(row -> row.measured().comparison().sameOutput()).count()
                + " of "
                + rows.size(),
            rows.stream().allMatch(row -> row.measured().comparison().sameOutput())));
  }

  /** The line of one of the three loops. */
  static String overLoop(SideBySide measured) {
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
      case GZIP -> times(about, GZIPS, speed);
      case DIRECT -> times(about, DIRECTS, speed);
      default -> throw new IllegalArgumentException("no goal for " + comparison.plan().app());
    };
  }

  private static String times(String about, double goal, Spread speed) {
    return line(
        about + ": operations/s over those without",
        String.format(Locale.ROOT, ">= %.0f", goal),
        String.format(
            Locale.ROOT, "%.2f (%.2f .. %.2f)", speed.median(), speed.low(), speed.high()),
        speed.median() >= goal);
  }

  private static String line(String what, String goal, String reached, boolean met) {
    return Goal.of(what, goal, reached, met).line();
  }

  private static Row extreme(List<Row> rows, ToDoubleFunction<Row> least) {
    return rows.stream().min(Comparator.comparingDouble(least)).orElseThrow();
  }

  private static double median(List<Row> rows, ToDoubleFunction<Row> value) {
    List<Double> values =
        rows.stream().map(value::applyAsDouble).filter(number -> !Double.isNaN(number)).toList();
    return values.isEmpty() ? Double.NaN : Spread.of(values).median();
  }
}
