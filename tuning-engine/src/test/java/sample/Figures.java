package sample;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import sample.TrialLog.Line;

/** Medians of trials, and how they are written. */
final class Figures {
  private Figures() {}

  /** The middle value, or the mean of the middle two; NaN of none. */
  static double median(List<Line> lines, String figure) {
    double[] sorted =
        lines.stream()
            .mapToDouble(line -> line.figure(figure))
            .filter(value -> !Double.isNaN(value))
            .sorted()
            .toArray();
    int half = sorted.length / 2;
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  static double sum(List<Line> lines, String figure) {
    return lines.stream().mapToDouble(line -> line.figure(figure)).sum();
  }

  static String number(List<Line> lines, String figure) {
    return number(median(lines, figure));
  }

  static String number(double value) {
    String form = Math.abs(value) >= 100 || value == Math.rint(value) ? "%.0f" : "%.1f";
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, form, value);
  }

  static String fixed(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.2f", value);
  }

  static String percent(List<Line> lines, String figure) {
    return percent(median(lines, figure));
  }

  static String percent(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.1f %%", 100 * value);
  }

  static String load(List<Line> lines) {
    return lines.isEmpty()
        ? ""
        : String.format(
            Locale.ROOT, "%.1f", lines.stream().mapToDouble(Line::load).max().orElse(0));
  }

  static String fate(List<Line> lines) {
    if (lines.isEmpty()) {
      return "";
    }
    List<Line> ended = lines.stream().filter(line -> !line.finished()).toList();
    if (ended.isEmpty()) {
      return "finished";
    }
    boolean killed = ended.stream().anyMatch(line -> line.figure("exit") == 137);
    return String.format(
        Locale.ROOT,
        "%s after %.0f s%s",
        killed ? "killed" : "failed",
        median(ended, "lived"),
        lines.size() == 1
            ? ""
            : " (" + (lines.size() - ended.size()) + "/" + lines.size() + " finished)");
  }

  static Set<String> versions(List<Line> lines) {
    Set<String> found = new LinkedHashSet<>();
    lines.forEach(line -> found.add(line.java()));
    return found;
  }

  static Set<String> collectors(List<Line> lines) {
    Set<String> found = new LinkedHashSet<>();
    lines.forEach(line -> found.add(line.collector()));
    return found;
  }
}
