package dev.tidepool.pools.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;

/** What the pools are to reach, beside what was measured. */
final class Goals {
  private static final String OURS = "TIDEPOOL";
  private static final double NOTHING = 0.5; // bytes an operation: what JMH itself allocates

  private final Findings findings;
  private final StringBuilder out = new StringBuilder();
  private final List<String> reasons = new ArrayList<>();

  Goals(Findings findings) {
    this.findings = findings;
  }

  String markdown() {
    out.append("## Goals\n\n| | wanted | measured | reached |\n|---|---|---|---|\n");
    nanos("Array, 1 thread", "arrays", OURS, named("1 thread"), 10);
    nanos("Array, 8 threads", "arrays", OURS, named("8 threads"), 20);
    nanos("Array, virtual threads", "arrays", OURS, r -> r.contains("virtual"), 20);
    nanos("Array by `try (var lease = ...)`, 1 thread", "parts", "leaseTidepool", r -> true, 10);
    nanos("Object, 1 thread", "objects", OURS, named("1 thread"), 15);
    nanos(
        "Object of a bounded pool, 1 thread", "objects", OURS + "_BOUNDED", named("1 thread"), 15);
    nanos("Breaker's check", "parts", "breakerAllows", r -> true, 2);
    nanos("Meter's record", "parts", "meterRecord", r -> true, 15);
    line(
        "Hit ratio in steady state",
        ">= 99.9 %",
        String.format(Locale.ROOT, "%.3f %%", 100 * findings.steadyHits()),
        findings.steadyHits() >= 0.999);
    allocation();
    ratios("Arrays from 16 KB on against `new`, 1 thread", ">= 3x", 3, largeArrays());
    ratios("Queues against `new`", ">= 2x", 2, findings.tables().get("queues"));
    Findings.Jobs jobs = findings.twentyMegabytes();
    double part = 100.0 * jobs.pooled() / jobs.fresh();
    String percent = String.format(Locale.ROOT, "%.5f %%", part);
    line("Allocated by 100 jobs of 20 MB, of what `new` does", "<= 0.03 %", percent, part <= 0.03);
    bursts();
    if (!reasons.isEmpty()) {
      out.append("\nNot reached:\n\n");
      reasons.forEach(r -> out.append("- ").append(r).append('\n'));
    }
    return out.append('\n').toString();
  }

  private static Predicate<String> named(String threads) {
    return situation -> situation.endsWith(threads);
  }

  /** The slowest of all rows counts. */
  private void nanos(
      String goal, String table, String peer, Predicate<String> situation, double most) {
    List<Row.Figure> figures = figures(table, peer, situation);
    String wanted = String.format(Locale.ROOT, "<= %.0f ns", most);
    if (figures.isEmpty()) {
      missing(goal, wanted);
      return;
    }
    line(goal, wanted, range(figures, Row.Figure::nanos, "%.1f ns"), max(figures) <= most);
  }

  private void allocation() {
    List<Row.Figure> figures = new ArrayList<>();
    for (String table : List.of("arrays", "trace", "objects", "queues")) {
      figures.addAll(figures(table, OURS, r -> true));
    }
    if (figures.isEmpty()) {
      missing("Allocation an operation", "none");
      return;
    }
    boolean none = figures.stream().allMatch(f -> f.bytes() < NOTHING);
    String most = range(figures, Row.Figure::bytes, "%.2f B");
    line("Allocation an operation: arrays, trace, objects, queues", "none", most, none);
  }

  private List<Row> largeArrays() {
    List<Row> rows = new ArrayList<>(findings.tables().get("sixteen"));
    findings.tables().get("arrays").stream()
        .filter(r -> r.situation().endsWith(", 1 thread"))
        .filter(r -> r.situation().startsWith("64 KB") || r.situation().startsWith("1 MB"))
        .forEach(rows::add);
    return rows;
  }

  private void ratios(String goal, String wanted, double least, List<Row> rows) {
    List<String> each = new ArrayList<>();
    boolean reached = true;
    for (Row row : rows) {
      Row.Figure fresh = row.figures().get("NEW");
      Row.Figure ours = row.figures().get(OURS);
      if (fresh != null && ours != null) {
        double ratio = fresh.nanos() / ours.nanos();
        String size = row.situation().substring(0, row.situation().indexOf(','));
        each.add(String.format(Locale.ROOT, "%s: %.2fx", size, ratio));
        reached &= ratio >= least;
      }
    }
    if (each.isEmpty()) {
      missing(goal, wanted);
    } else {
      line(goal, wanted, String.join("; ", each), reached);
    }
  }

  private void bursts() {
    for (Burst.Result burst : findings.bursts()) {
      double highest = 100.0 * burst.highest() / burst.budget();
      double after = 100.0 * burst.relieved() / burst.budget();
      line(
          "Held of the budget, " + burst.threads(),
          "<= 100 %, < 10 % after two rounds at HIGH",
          String.format(Locale.ROOT, "%.0f %%, %.0f %%", highest, after),
          highest <= 100 && after < 10);
    }
  }

  private List<Row.Figure> figures(String table, String peer, Predicate<String> situation) {
    return findings.tables().get(table).stream()
        .filter(r -> situation.test(r.situation()) && r.figures().containsKey(peer))
        .map(r -> r.figures().get(peer))
        .toList();
  }

  private static double max(List<Row.Figure> figures) {
    return figures.stream().mapToDouble(Row.Figure::nanos).max().orElseThrow();
  }

  private static String range(
      List<Row.Figure> figures, Function<Row.Figure, Double> value, String format) {
    double least = figures.stream().mapToDouble(value::apply).min().orElseThrow();
    double most = figures.stream().mapToDouble(value::apply).max().orElseThrow();
    String last = String.format(Locale.ROOT, format, most);
    return figures.size() == 1 ? last : String.format(Locale.ROOT, "%.1f - ", least) + last;
  }

  private void line(String goal, String wanted, String measured, boolean reached) {
    out.append("| ").append(goal).append(" | ").append(wanted).append(" | ").append(measured);
    out.append(reached ? " | yes |\n" : " | **no** |\n");
    if (!reached) {
      reasons.add(goal + ": " + Reasons.whyNot(goal));
    }
  }

  private void missing(String goal, String wanted) {
    out.append("| ").append(goal).append(" | ").append(wanted).append(" | not measured | |\n");
  }
}
