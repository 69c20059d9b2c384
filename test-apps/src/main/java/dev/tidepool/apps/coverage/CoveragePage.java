package dev.tidepool.apps.coverage;

import dev.tidepool.apps.Catalogue;
import dev.tidepool.apps.coverage.CoverageLog.Entry;
import dev.tidepool.apps.load.Goal;
import dev.tidepool.apps.load.Machine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** docs/coverage.md, from all that was measured. */
final class CoveragePage {
  private final StringBuilder text = new StringBuilder();

  private CoveragePage() {}

  /**
   * The page; the oldest JDK comes first and in full.
   *
   * @param alone what the remedies do without tuning
   */
  static String of(List<Entry> entries, List<Entry> alone) throws IOException {
    CoveragePage page = new CoveragePage();
    page.head();
    List<Integer> features = entries.stream().map(Entry::feature).distinct().sorted().toList();
    for (int feature : features) {
      List<Entry> rows = of(entries, feature, false);
      boolean first = feature == features.get(0);
      if (first) {
        page.goals(rows, of(entries, feature, true));
      }
      if (!rows.isEmpty()) {
        page.line("");
        page.line("## %sJDK %s", first ? "" : "A few on ", rows.get(0).jdk());
        page.tables(rows);
      }
      if (first) {
        page.alone(of(alone, feature, false));
        page.left(rows);
      }
    }
    return page.text.toString();
  }

  /** In the order of the catalogue. */
  private static List<Entry> of(List<Entry> entries, int feature, boolean loops) {
    List<Entry> found = new ArrayList<>();
    for (Entry entry : entries) {
      boolean loop = Coverage.LOOPS.contains(Catalogue.of(entry.app()));
      if (entry.feature() == feature && loop == loops) {
        found.add(entry);
      }
    }
    found.sort(Comparator.comparing(entry -> Catalogue.of(entry.app())));
    return found;
  }

  private void head() throws IOException {
    line("# How much of what programs allocate is taken away");
    line("");
    line("Written by `mvn -q -Pcoverage verify` (about 35 minutes) from `docs/data/coverage.tsv`;");
    line("`-Dcoverage.only=csv,web` measures those again, `-Dcoverage.only=page` none;");
    line("`-Dcoverage.rounds=2`, `-Dcoverage.jdks=25,17`. Machine: %s.", Machine.describe());
    line("G1, 512 MB of heap, default settings of the agent.");
    line("");
    line("**Arrays >= 1 KB** are counted, not sampled: a run of its own, without agent and not");
    line("timed, has thread-local allocation buffers of 640 bytes, of which HotSpot leaves 64 for");
    line("objects, so that JFR sees each array of a kilobyte or more as an event with its size. A");
    line("recording that lost an event is refused. **Removed** is what the JVM's exact per-thread");
    line(
        "counters say: bytes an operation without the agent less bytes an operation with it, over");
    line(
        "the counted bytes in arrays. What the agent's own threads allocate goes by time and stands");
    line(
        "apart. **By remedy** is what the agent reports of itself (`bytesSaved` of its sites in the");
    line(
        "measured windows), in the same unit. Both run at the same time. They are warmed for %d s and",
        Coverage.WARM_UP.toSeconds());
    line(
        "on until the agent has left its sites as they are for 12 s (at most 80 s), then measured in");
    line(
        "%d windows of %d s, each with half of the cores to itself; after each window they swap.",
        Coverage.WINDOWS, Coverage.WINDOW.toSeconds());
    line("So whatever else the machine does falls on both alike. Shown are medians of the windows");
    line(
        "(lowest .. highest); throughput is the ratio over two neighbouring windows, GC CPU is over");
    line(
        "all windows together, RSS is the peak of each process and what it has after a window. Load is the load average of the");
    line("machine when the row began; the row before leaves 2 to 3 of it, the rest is other work.");
    line("Applications: see [measuring.md](measuring.md).");
  }

  private void goals(List<Entry> rows, List<Entry> loops) {
    line("");
    line("## Goals");
    line("");
    text.append(Goal.HEAD);
    if (!rows.isEmpty()) {
      Goals.overApplications(rows).forEach(this::line);
    }
    loops.forEach(loop -> line(loop.allocation()));
  }

  /** The governor trades GC CPU for memory, so that the remedies' part is not to be seen above. */
  private void alone(List<Entry> rows) {
    if (rows.isEmpty()) {
      return;
    }
    line("");
    line("### The remedies alone");
    line("");
    line(
        "The governor spends GC CPU, up to `gc.cpu-target`, to make the heap smaller, so the figures");
    line("above are the sum of both. These are with `tuning=off`, by `-Dcoverage.tuning=off`:");
    line(Goals.alone(rows));
    costs(rows);
  }

  private void tables(List<Entry> rows) {
    line("");
    line(
        "| application | KB/op without | KB/op with | agent itself MB/s | in arrays >= 1 KB | of those removed | by remedy |");
    line("|---|---|---|---:|---:|---:|---|");
    rows.forEach(row -> line(row.allocation()));
    costs(rows);
  }

  private void costs(List<Entry> rows) {
    line("");
    line(
        "| application | throughput ratio | p99 ms without | with | GC CPU ms/1000 ops | peak RSS ratio; usual | output | measured | load |");
    line("|---|---|---|---|---|---|---|---|---|");
    rows.forEach(row -> line(row.cost() + " " + row.day() + " | " + load(row) + " |"));
  }

  private static String load(Entry row) {
    return Double.isNaN(row.load()) ? "" : String.format(Locale.ROOT, "%.1f", row.load());
  }

  private void left(List<Entry> rows) {
    line("");
    line("### What is left: the hottest sites that are not active");
    line("");
    for (Entry row : rows) {
      line("- " + row.app());
      row.left().forEach(site -> line("  - " + site));
    }
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private void line(String format, Object value) {
    line(String.format(Locale.ROOT, format, value));
  }

  private void line(String format, Object first, Object second) {
    line(String.format(Locale.ROOT, format, first, second));
  }
}
