package sample;

import static sample.Figures.collectors;
import static sample.Figures.median;
import static sample.Figures.number;
import static sample.Figures.sum;
import static sample.Figures.versions;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.DoublePredicate;
import java.util.function.ToDoubleBiFunction;
import sample.TrialLog.Line;

/** What was wanted beside what was measured, each with a verdict; from the log of trials alone. */
final class TuningGoals {
  private final TrialLog log;
  private final List<String> rows = new ArrayList<>();
  private final List<String> missed = new ArrayList<>();
  private int reached;
  private int measured;

  TuningGoals(TrialLog log) {
    this.log = log;
  }

  /** The table and what stands behind its misses. */
  String text() {
    lives("survival", "Survival");
    each("survival", "Survival, work done", ">= 95 %", "served", Figures::percent, v -> v >= 0.95);
    each("survival", "Survival, GC CPU", "<= 25 %", "gcShare", Figures::percent, v -> v <= 0.25);
    lives("native", "Survival while native memory grows");
    lives("resize", "Limit lowered while it runs");
    pairs(
        "resize",
        "Limit lowered, followed",
        "<= 35 s",
        (without, with) -> with.isEmpty() ? Double.NaN : followed(with),
        s -> Double.isInfinite(s) ? "never" : number(s),
        v -> v <= 35);
    less("steady", "Steady load, committed", 0.30, "committed");
    less("steady", "Steady load, RSS", 0.30, "rss");
    each("steady", "Steady load, work done", ">= 98 %", "served", Figures::percent, v -> v >= 0.98);
    pairs(
        "steady",
        "Steady load, flags written, an hour",
        "<= 10",
        (without, with) -> median(with, "lateDecisions") * 3_600 / (median(with, "seconds") / 3),
        s -> number(s),
        v -> v <= 10);
    pairs(
        "idle",
        "Idle, given back in 60 s",
        ">= 60 %",
        (without, with) -> 1 - median(with, "committedEnd") / median(with, "peak"),
        Figures::percent,
        v -> v >= 0.60);
    pairs(
        "idle",
        "Idle, full collections more than without",
        "none",
        (without, with) -> median(with, "fullGc") - median(without, "fullGc"),
        s -> number(s),
        v -> v <= 0);
    each(
        "squeeze",
        "Soft maximum too small, GC CPU",
        "3 - 8 %",
        "lateGcShare",
        Figures::percent,
        v -> v >= 0.03 && v <= 0.08);
    less("squeeze", "Soft maximum too small, p99", 0.30, "lateP99");
    pareto();
    shared();
    pairs(
        "own",
        "Own cost, CPU",
        "<= 1 % of one",
        (without, with) ->
            (median(with, "lateCpuSeconds") - median(without, "lateCpuSeconds"))
                / (median(with, "seconds") / 3),
        Figures::percent,
        v -> v <= 0.01);
    pairs(
        "own",
        "Own cost, RSS",
        "<= 30 MB",
        (without, with) -> median(with, "rssEnd") - median(without, "rssEnd"),
        s -> number(s) + " MB",
        v -> v <= 30);
    StringBuilder text = new StringBuilder();
    text.append("## Goals\n\n");
    text.append(reached).append(" of ").append(measured).append(" that were measured are reached.");
    text.append(" Parallel is left out: no lever acts there.\n\n");
    text.append("| | wanted | measured | reached |\n|---|---|---|---|\n");
    rows.forEach(row -> text.append(row).append('\n'));
    if (!missed.isEmpty()) {
      text.append("\nNot reached by:\n\n");
      missed.forEach(row -> text.append("- ").append(row).append('\n'));
    }
    return text.toString();
  }

  private void row(String goal, String wanted, String measuredText, boolean ok) {
    measured++;
    reached += ok ? 1 : 0;
    rows.add(
        "| "
            + goal
            + " | "
            + wanted
            + " | "
            + measuredText
            + " | "
            + (ok ? "yes" : "**no**")
            + " |");
  }

  private void notRun(String goal, String wanted) {
    rows.add("| " + goal + " | " + wanted + " | not run yet | |");
  }

  private void lives(String section, String goal) {
    List<Line> with =
        log.of(section).stream()
            .filter(l -> l.variant().equals("with") && !l.collector().equals("Parallel"))
            .toList();
    if (with.isEmpty()) {
      notRun(goal, "every run finishes");
      return;
    }
    List<Line> ended = with.stream().filter(l -> !l.finished()).toList();
    row(
        goal,
        "every run finishes",
        (with.size() - ended.size()) + " of " + with.size(),
        ended.isEmpty());
    ended.stream()
        .map(l -> goal + ": " + l.collector() + " on " + l.java())
        .distinct()
        .forEach(missed::add);
  }

  private void each(
      String section,
      String goal,
      String wanted,
      String figure,
      DoubleFunction<String> form,
      DoublePredicate ok) {
    pairs(section, goal, wanted, (without, with) -> median(with, figure), form, ok);
  }

  /** Seconds; infinite where the limit never stood. */
  private static double followed(List<Line> lines) {
    double seconds = median(lines, "followed");
    return Double.isNaN(seconds) ? Double.POSITIVE_INFINITY : seconds;
  }

  private void less(String section, String goal, double share, String figure) {
    pairs(
        section,
        goal,
        ">= " + Math.round(100 * share) + " % less",
        (without, with) -> 1 - median(with, figure) / median(without, figure),
        Figures::percent,
        v -> v >= share);
  }

  /** One value for each JDK and collector, from what ran to its end; the goal is reached by all. */
  private void pairs(
      String section,
      String goal,
      String wanted,
      ToDoubleBiFunction<List<Line>, List<Line>> value,
      DoubleFunction<String> form,
      DoublePredicate ok) {
    List<Double> values = new ArrayList<>();
    List<String> failing = new ArrayList<>();
    for (String java : versions(log.of(section))) {
      for (String gc : collectors(log.of(section))) {
        double found =
            value.applyAsDouble(of(section, java, gc, "without"), of(section, java, gc, "with"));
        if (!Double.isNaN(found) && !gc.equals("Parallel")) {
          values.add(found);
          if (!ok.test(found)) {
            failing.add(gc + " on " + java + " " + form.apply(found));
          }
        }
      }
    }
    if (values.isEmpty()) {
      notRun(goal, wanted);
      return;
    }
    double least = values.stream().min(Comparator.naturalOrder()).orElseThrow();
    double most = values.stream().max(Comparator.naturalOrder()).orElseThrow();
    String range =
        form.apply(least).equals(form.apply(most))
            ? form.apply(least)
            : form.apply(least) + " ... " + form.apply(most);
    row(goal, wanted, range, failing.isEmpty());
    if (!failing.isEmpty()) {
      missed.add(goal + ": " + String.join(", ", failing));
    }
  }

  private List<Line> of(String section, String java, String gc, String variant) {
    return log.of(section).stream()
        .filter(line -> line.isOf(section, java, gc, variant) && line.finished())
        .toList();
  }

  private void pareto() {
    String goal = "Against fixed sizes: none is better in memory and GC CPU at once";
    List<Line> all = log.of("sweep").stream().filter(Line::finished).toList();
    List<Line> ours = all.stream().filter(l -> l.variant().equals("with")).toList();
    List<Line> fixed = all.stream().filter(l -> !l.variant().equals("with")).toList();
    if (ours.isEmpty() || fixed.isEmpty()) {
      notRun(goal, "0 sizes");
      return;
    }
    double memory = median(ours, "lateCommitted");
    double cost = median(ours, "lateGcShare");
    List<String> better =
        fixed.stream()
            .filter(l -> l.figure("lateCommitted") < memory && l.figure("lateGcShare") < cost)
            .map(l -> l.variant() + " MB")
            .toList();
    row(goal, "0 sizes", better.size() + " of " + fixed.size(), better.isEmpty());
    if (!better.isEmpty()) {
      missed.add(goal + ": " + String.join(", ", better));
    }
  }

  /** Memory of equal parts at our GC CPU, between the two splits that stand next to it. */
  private void shared() {
    String goal = "Three JVMs, memory at the GC CPU of equal parts";
    List<double[]> splits = new ArrayList<>();
    double[] ours = null;
    for (String variant :
        log.of("shared").stream().map(l -> l.variant().split(",", 2)[0]).distinct().toList()) {
      List<Line> of =
          log.of("shared").stream().filter(l -> l.variant().startsWith(variant + ",")).toList();
      double cost = sum(of, "lateGcSeconds") * 3 / of.get(0).figure("seconds");
      double[] point = {cost, sum(of, "lateCommitted")};
      if (variant.equals("with")) {
        ours = point;
      } else if (!Double.isNaN(point[0])) {
        splits.add(point);
      }
    }
    splits.sort(Comparator.comparingDouble(point -> point[0]));
    if (ours == null || splits.isEmpty()) {
      notRun(goal, "less");
      return;
    }
    double[] below = splits.get(0);
    double[] above = splits.get(splits.size() - 1);
    for (double[] point : splits) {
      below = point[0] <= ours[0] ? point : below;
    }
    for (int i = splits.size() - 1; i >= 0; i--) {
      above = splits.get(i)[0] >= ours[0] ? splits.get(i) : above;
    }
    double share =
        above[0] == below[0]
            ? 0
            : Math.max(0, Math.min(1, (ours[0] - below[0]) / (above[0] - below[0])));
    double equal = below[1] + share * (above[1] - below[1]);
    row(goal, "less", number(ours[1]) + " MB against " + number(equal) + " MB", ours[1] < equal);
  }
}
