package dev.tidepool.pools.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes what was measured as a document for people. */
final class Report {
  private static final String OURS = "TIDEPOOL";

  private final Findings findings;

  /** Rows that are not won, by who is first. */
  private final Map<String, List<String>> lost = new LinkedHashMap<>();

  private int won;

  Report(Findings findings) {
    this.findings = findings;
  }

  String markdown(long minutes, boolean quick) {
    StringBuilder body = new StringBuilder();
    table(
        body,
        "Arrays: take and give back",
        "arrays",
        "The content is not looked at, and nobody clears. `NEW` pays for the clearing that the JVM does.");
    table(
        body,
        "Hand-over between threads",
        "handOff",
        "One thread takes, another gives back; an SPSC queue between them is in every figure.");
    table(
        body,
        "A trace of mixed sizes",
        "trace",
        "Eight buffers out at a time. Peers that lend one size only cannot run it.");
    table(
        body,
        "Objects",
        "objects",
        "`TIDEPOOL_BOUNDED` is the pool with `maxTotal`, which shares every object between all threads.");
    table(body, "Queues", "queues", "One element goes through each queue.");
    table(
        body,
        "Parts",
        "parts",
        "A lease of 4 KB, and native memory and the cache beside one peer each.");
    String goals = new Goals(findings).markdown();
    return head(minutes, quick) + goals + verdict() + body + burst() + hitRatios() + headline();
  }

  private String head(long minutes, boolean quick) {
    return "# The pools beside their peers\n\n"
        + "Written by `mvn -q -Pbench verify`"
        + (quick ? " with `-Dbench.quick`: figures to see that all runs, not to quote" : "")
        + "; one run of "
        + minutes
        + " minutes, all rows in it side by side.\n\n"
        + "- Machine: "
        + Tables.machine()
        + "\n- JDK: "
        + System.getProperty("java.vm.name")
        + " "
        + Runtime.version()
        + ", default collector, 512 MB heap\n"
        + "- Figures: nanoseconds of processor time an operation, median of the iterations ± half"
        + " the 99.9 % confidence interval; where there are more threads than cores, a thread's"
        + " waiting for a core is not counted. In brackets bytes allocated an operation, where"
        + " there are any. Every peer ran in one JVM, ours and what came near the first in two"
        + " more. **Bold** is first; what is within the error of the first is first, too. Where a"
        + " peer failed, its failure stands in the place of the figure."
        + "\n\n";
  }

  private void table(StringBuilder out, String title, String name, String note) {
    List<Row> rows = findings.tables().get(name);
    if (rows.isEmpty()) {
      return;
    }
    out.append("## ").append(title).append("\n\n").append(note).append("\n\n");
    out.append(Tables.table(rows, Report::isBold)).append('\n');
    rows.stream().filter(r -> r.figures().containsKey(OURS)).forEach(r -> judge(title, r));
  }

  private void judge(String title, Row row) {
    Row.Figure ours = row.figures().get(OURS);
    if (isFirst(row, ours)) {
      won++;
      return;
    }
    Map.Entry<String, Row.Figure> first =
        row.figures().entrySet().stream()
            .min(Comparator.comparingDouble(e -> e.getValue().nanos()))
            .orElseThrow();
    lost.computeIfAbsent(first.getKey(), f -> new ArrayList<>())
        .add(
            String.format(
                Locale.ROOT,
                "%s, %s: %.1f ns, ours %.1f ns",
                title,
                row.situation(),
                first.getValue().nanos(),
                ours.nanos()));
  }

  private static boolean isBold(Row row, Row.Figure figure) {
    return row.figures().containsKey(OURS) && isFirst(row, figure);
  }

  private static boolean isFirst(Row row, Row.Figure figure) {
    double best =
        row.figures().values().stream().mapToDouble(Row.Figure::nanos).min().orElseThrow();
    double noise = Double.isNaN(figure.error()) ? 0 : figure.error();
    return figure.nanos() - Math.min(noise, 0.1 * figure.nanos())
        <= best; // wild noise wins nothing
  }

  private String verdict() {
    StringBuilder out = new StringBuilder("## Where we stand\n\n");
    int all = won + lost.values().stream().mapToInt(List::size).sum();
    out.append("First in ").append(won).append(" of ").append(all).append(" rows.\n\n");
    lost.forEach(
        (first, rows) -> {
          out.append("`").append(first).append("` is first in these. ");
          out.append(Reasons.why(first)).append("\n\n");
          rows.forEach(r -> out.append("- ").append(r).append('\n'));
          out.append('\n');
        });
    return out.append(Reasons.caches()).append("\n\n").toString();
  }

  private String burst() {
    StringBuilder out =
        new StringBuilder(
            "## Memory after a burst\n\n"
                + "Every thread with four buffers of 256 B to 64 KB out at a time, twenty times;"
                + " then two maintenance rounds at HIGH, the threads still alive.\n\n"
                + "| | budget | highest | after the burst | two rounds later | hit ratio |\n"
                + "|---|---:|---:|---:|---:|---:|\n");
    for (Burst.Result r : findings.bursts()) {
      out.append(
          String.format(
              Locale.ROOT,
              "| %s | %,d | %,d | %,d | %,d | %.4f |%n",
              r.threads(),
              r.budget(),
              r.highest(),
              r.after(),
              r.relieved(),
              r.hitRatio()));
    }
    return out.append('\n').toString();
  }

  private String hitRatios() {
    StringBuilder out =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "## Hit ratios%n%nArrays of mixed sizes, eight out at a time, in steady state:"
                    + " %.5f (wanted: 0.999).%n%nCaches, 100,000 keys asked for by Zipf's law"
                    + " (exponent 0.9):%n%n| | room for 1 %% of the keys | for 10 %% |%n"
                    + "|---|---:|---:|%n",
                findings.steadyHits()));
    findings
        .smallCaches()
        .forEach(
            (cache, ratio) ->
                out.append(
                    String.format(
                        Locale.ROOT,
                        "| %s | %.4f | %.4f |%n",
                        cache,
                        ratio,
                        findings.largeCaches().get(cache))));
    return out.append('\n').toString();
  }

  private String headline() {
    Findings.Jobs jobs = findings.twentyMegabytes();
    return String.format(
        Locale.ROOT,
        "## A hundred jobs with a 20 MB buffer each%n%n"
            + "`new`: %,d bytes allocated; from the pool, cleared: %,d bytes (%.5f %%).%n",
        jobs.fresh(),
        jobs.pooled(),
        100.0 * jobs.pooled() / jobs.fresh());
  }
}
