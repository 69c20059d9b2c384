package dev.tidepool.pools.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/** Figures of benchmarks in Markdown. */
public final class Tables {
  private Tables() {}

  /** What the figures were measured on: processor and cores. */
  public static String machine() {
    return processor() + ", " + Runtime.getRuntime().availableProcessors() + " cores";
  }

  private static String processor() {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(l -> l.startsWith("model name"))
          .map(l -> l.substring(l.indexOf(':') + 1).trim())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException | UncheckedIOException e) {
      return System.getProperty("os.arch");
    }
  }

  /**
   * A column for each situation, a line for each peer.
   *
   * @param bold which figures are to be
   */
  public static String table(List<Row> rows, BiPredicate<Row, Row.Figure> bold) {
    StringBuilder out = new StringBuilder();
    List<String> peers = new ArrayList<>();
    rows.forEach(
        r ->
            Stream.concat(r.figures().keySet().stream(), r.failures().keySet().stream())
                .filter(p -> !peers.contains(p))
                .forEach(peers::add));
    out.append("| |");
    rows.forEach(r -> out.append(' ').append(r.situation()).append(" |"));
    out.append("\n|---|").append("---:|".repeat(rows.size())).append('\n');
    for (String peer : peers) {
      out.append("| `").append(peer).append("` |");
      for (Row row : rows) {
        Row.Figure f = row.figures().get(peer);
        String text = f == null ? failure(row, peer) : cell(f, bold.test(row, f));
        out.append(' ').append(text).append(" |");
      }
      out.append('\n');
    }
    return out.toString();
  }

  private static String failure(Row row, String peer) {
    String why = row.failures().getOrDefault(peer, "no figure");
    return "fails: " + why.replace("|", "\\|");
  }

  /** Nanoseconds, half the confidence interval, bytes where there are any. */
  static String cell(Row.Figure f, boolean bold) {
    String error = Double.isNaN(f.error()) ? "" : " ± " + number(f.error());
    String mark = bold ? "**" : "";
    String bytes = f.bytes() >= 0.5 ? String.format(Locale.ROOT, " [%.0f]", f.bytes()) : "";
    return mark + number(f.nanos()) + mark + error + bytes;
  }

  private static String number(double n) {
    return String.format(Locale.ROOT, n < 100 ? "%.1f" : "%,.0f", n);
  }
}
