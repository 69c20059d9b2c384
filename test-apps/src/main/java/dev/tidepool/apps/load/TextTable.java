package dev.tidepool.apps.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A comparison as lines for a terminal or, with bars, for a Markdown page. */
final class TextTable {
  private static final List<String> HEAD =
      List.of("measure", "without", "(low .. high)", "with", "(low .. high)", "change");
  private static final int MEGA = 1_000_000;

  private TextTable() {}

  /** Columns padded with blanks. */
  static String plain(Comparison comparison) {
    List<List<String>> rows = rows(comparison);
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      for (int column = 0; column < row.size(); column++) {
        int width = width(rows, column);
        String format = column == 0 ? "%-" + width + "s" : "  %" + width + "s";
        text.append(String.format(Locale.ROOT, format, row.get(column)));
      }
      text.append('\n');
    }
    return text.toString();
  }

  /** A Markdown table. */
  static String markdown(Comparison comparison) {
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows(comparison)) {
      text.append("| ").append(String.join(" | ", row)).append(" |\n");
      if (row.equals(HEAD)) {
        text.append("|---|---:|---:|---:|---:|---:|\n");
      }
    }
    return text.toString();
  }

  private static List<List<String>> rows(Comparison comparison) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEAD);
    for (Measure measure : Measure.values()) {
      Figures.Spread without = comparison.baseline(measure);
      Figures.Spread with = comparison.agent(measure);
      rows.add(
          List.of(
              measure.title(),
              measure.show(without.median()),
              measure.show(without.low()) + " .. " + measure.show(without.high()),
              measure.show(with.median()),
              measure.show(with.low()) + " .. " + measure.show(with.high()),
              change(comparison.ratio(measure))));
    }
    return rows;
  }

  /** A ratio as a signed percentage. */
  static String change(double ratio) {
    return Double.isNaN(ratio) ? "-" : String.format(Locale.ROOT, "%+.1f %%", (ratio - 1) * 100);
  }

  private static int width(List<List<String>> rows, int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(1);
  }

  /** Sites with their verdicts, one a line, the path of a refusal below it. */
  static String sites(List<Site> sites, int most) {
    StringBuilder text = new StringBuilder();
    for (Site site : sites.subList(0, Math.min(most, sites.size()))) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-9s %8.1f MB/s  saved %,10.1f MB  %s  %s%n",
              site.state(),
              site.bytesPerSecond() / MEGA,
              (double) site.bytesSaved() / MEGA,
              site.allocates(),
              site.place()));
      if (!site.reason().isEmpty()) {
        text.append("          ").append(site.reason()).append('\n');
      }
    }
    if (sites.size() > most) {
      text.append("... and ").append(sites.size() - most).append(" more\n");
    }
    return text.toString();
  }
}
