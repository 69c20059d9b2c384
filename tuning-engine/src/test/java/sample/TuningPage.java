package sample;

import static sample.Figures.collectors;
import static sample.Figures.fate;
import static sample.Figures.fixed;
import static sample.Figures.load;
import static sample.Figures.median;
import static sample.Figures.number;
import static sample.Figures.percent;
import static sample.Figures.sum;
import static sample.Figures.versions;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import sample.TrialLog.Line;

/** The page of figures, written from the log of trials alone. */
final class TuningPage {
  private static final String FATES =
      "| JDK | collector | without | with | served | p99 ms without | p99 ms with | worst ms"
          + " | GC CPU | peak MB | runs | load |";

  private final TrialLog log;
  private final StringBuilder text = new StringBuilder();

  TuningPage(TrialLog log) {
    this.log = log;
  }

  String text() {
    line("# What the tuning engine does to real JVMs");
    line("");
    line(
        "Written by `mvn -q -Ptuning verify` from `docs/data/tuning.tsv`, which keeps every trial;");
    line("`-Dtuning.only=survival,idle` runs those sections again, `-Dtuning.only=page` none.");
    line(
        "Each row shows medians over its runs and the highest load average of the machine when one");
    line("of them began: a row with more than 1 was taken beside other work.");
    line("");
    line(
        "The service holds live data in small objects, replaces part of it and allocates at a set");
    line(
        "rate; requests arrive whether or not the last one is done, so `served` is work done in time");
    line("and p99 counts from when a request was due.");
    line("");
    line(
        "GC CPU is one thing everywhere, here, in `status`, `/metrics` and for `gc.cpu-target`: CPU time");
    line(
        "of all collector threads (and of the VM thread, which does the pauses) divided by the CPU time");
    line("of the process, the agent's included.");
    line("");
    text.append(new TuningGoals(log).text());
    survival();
    nativeGrowth();
    resize();
    idle();
    steady();
    squeeze();
    sweep();
    shared();
    own();
    return text.toString();
  }

  private void survival() {
    heading("survival", "Survival: -Xmx2g in a container of 600 MB, 150 MB live, 400 MB/s");
    line(
        "Wanted: killed without; with the agent every run finishes, at 95 % served or more and 25 %");
    line("of GC CPU or less.");
    line("");
    fates("survival");
    line("");
    line(
        "Parallel has no lever that acts while it runs, so no agent can keep it inside the limit. What");
    line(
        "makes it safe is set at the start. Below: the maximum heap that `flags PID` wrote of the same");
    line(
        "service under little load, set at the start, without the agent; it is the best a restart can");
    line("reach, beside what the agent reached without one.");
    line("");
    line(
        "| JDK | collector | set at the start | fate | served | p99 ms | GC CPU | peak MB"
            + " | GC CPU with the agent | load |");
    line("|---|---|---|---|---|---|---|---|---|---|");
    for (String java : versions(log.of("survival"))) {
      for (String gc : collectors(log.of("survival"))) {
        fixedHeap(
            java, gc, lines("survival", java, gc, "fixed"), lines("survival", java, gc, "with"));
      }
    }
  }

  private void fixedHeap(String java, String gc, List<Line> of, List<Line> with) {
    if (of.isEmpty()) {
      return;
    }
    List<Line> alive = with.stream().filter(Line::finished).toList();
    line(
        "| %s | %s | `-Xmx%sm` | %s | %s | %s | %s | %s | %s | %s |",
        java,
        gc,
        number(of, "flagsXmx"),
        fate(of),
        percent(of, "served"),
        number(of, "p99"),
        percent(of, "gcShare"),
        number(of, "groupPeak"),
        alive.isEmpty() ? "" : percent(alive, "gcShare"),
        load(of));
  }

  private void nativeGrowth() {
    heading("native", "Survival while direct buffers grow by 100 MB in a minute");
    line("Wanted: as above.");
    line("");
    fates("native");
  }

  private void resize() {
    heading("resize", "The limit lowered from 800 to 600 MB while it runs");
    line("The limit goes down with the use, as version 1 of the kernel's groups demands, until it");
    line("stands at 600 MB. Wanted: within 35 s, and the service lives on. ZGC is started with");
    line(
        "`-XX:ZUncommitDelay=15`, as `flags PID` writes it: the agent sets it too, but in the first five");
    line(
        "minutes of a process, in which this is over, ZGC holds what it has committed all the same.");
    line("");
    line("| JDK | collector | agent | fate | 600 MB stood after s | served | p99 ms | load |");
    line("|---|---|---|---|---|---|---|---|");
    rows(
        "resize",
        of ->
            line(
                "%s| %s | %s | %s | %s | %s |",
                start(of),
                fate(of),
                number(of, "followed"),
                percent(of, "served"),
                number(of, "p99"),
                load(of)));
  }

  private void idle() {
    heading(
        "idle", "A spike, then nothing to do: -Xmx1600m in 2000 MB, 60 s after the load has gone");
    line(
        "Wanted: 60 % of the committed heap given back without a full collection. Four ran at once:");
    line("what they hold is comparable, not their speed.");
    line("");
    line("| JDK | collector | agent | peak committed MB | at the end | given back | full GCs |");
    line("|---|---|---|---|---|---|---|");
    rows(
        "idle",
        of ->
            line(
                "%s| %s | %s | %.0f %% | %s |",
                start(of),
                number(of, "peak"),
                number(of, "committedEnd"),
                100 * (1 - median(of, "committedEnd") / median(of, "peak")),
                number(of, "fullGc")));
    line("");
    line(
        "ZGC keeps unused memory for `ZUncommitDelay` (300 s). The agent lowers it (a flag that the JVM");
    line(
        "does not offer for writing; `tuning.uncommit-delay=off` leaves it), but ZGC looks at it when its");
    line(
        "present wait is over, first after five minutes: here the spike comes 310 s after its start. With");
    line(
        "the flag on the command line, as `flags PID` writes it, there is no such wait. 25 watches");
    line(
        "memory for one delay and spreads the giving back over the next, so a minute may end in its midst.");
    line("Serial gives memory back at full collections only.");
  }

  private void steady() {
    heading(
        "steady",
        "Steady service: the JVM's own sizes, no container, 300 MB live, 150 MB/s and work beside");
    line(
        "Wanted: committed and RSS at least 30 % lower on average at 98 % of the work or more; at most");
    line(
        "10 flags written an hour once it has settled (the last third is 20 s of a minute), those for");
    line("a moment to make G1 begin a cycle included.");
    line("");
    line(
        "| JDK | collector | agent | committed MB | last third | RSS MB | served | p99 ms | GC CPU"
            + " | flags written | in the last third | load |");
    line("|---|---|---|---|---|---|---|---|---|---|---|---|");
    rows(
        "steady",
        of ->
            line(
                "%s| %s | %s | %s | %s | %s | %s | %s | %s | %s |",
                start(of),
                number(of, "committed"),
                number(of, "lateCommitted"),
                number(of, "rss"),
                percent(of, "served"),
                number(of, "p99"),
                percent(of, "gcShare"),
                number(of, "decisions"),
                number(of, "lateDecisions"),
                load(of)));
  }

  private void squeeze() {
    heading(
        "squeeze", "A soft maximum set too small while it runs: 180 MB for 150 MB live, 10 s in");
    line("Wanted: GC CPU back inside 3-8 % within 30 s, p99 30-50 % lower. Last third:");
    line("from 30 s after the squeeze.");
    line("");
    line(
        "| JDK | collector | agent | GC CPU, last third | p99 ms | p99 ms, last third"
            + " | served | load |");
    line("|---|---|---|---|---|---|---|---|");
    rows(
        "squeeze",
        of ->
            line(
                "%s| %s | %s | %s | %s | %s |",
                start(of),
                percent(of, "lateGcShare"),
                number(of, "p99"),
                number(of, "lateP99"),
                percent(of, "served"),
                load(of)));
  }

  private void sweep() {
    heading("sweep", "Against fixed sizes: ZGC, 150 MB live, 150 MB/s; means of the last third");
    line("| maximum heap MB | committed MB | GC CPU | p99 ms | load |");
    line("|---|---|---|---|---|");
    List<Line> all = new ArrayList<>(log.of("sweep"));
    all.sort((a, b) -> Double.compare(a.figure("lateCommitted"), b.figure("lateCommitted")));
    for (Line each : all) {
      List<Line> of = List.of(each);
      line(
          "| %s | %s | %s | %s | %s |",
          is(each, "with") ? "**2048, with the agent**" : each.variant(),
          number(of, "lateCommitted"),
          percent(of, "lateGcShare"),
          number(of, "lateP99"),
          load(of));
    }
  }

  private void shared() {
    heading("shared", "Three JVMs of different load: one shared constant against equal parts");
    line(
        "Each JVM alone under `gc.cpu-target=5%%` and -Xmx2g, so all follow one constant c; beside it");
    line(
        "the same three with equal fixed heaps. ZGC; sums over the last third. Wanted: less memory at");
    line("equal GC CPU.");
    line("");
    line("| sizing | committed MB, together | GC CPU seconds a second, together | each |");
    line("|---|---|---|---|");
    Set<String> variants = new LinkedHashSet<>();
    log.of("shared").forEach(l -> variants.add(l.variant().split(",", 2)[0]));
    for (String variant : variants) {
      List<Line> of =
          log.of("shared").stream().filter(l -> l.variant().startsWith(variant + ",")).toList();
      line(
          "| %s | %.0f | %.3f | %s |",
          variant.equals("with") ? "**the agent's**" : variant.replace("split", "equal parts of"),
          sum(of, "lateCommitted"),
          sum(of, "lateGcSeconds") * 3 / of.get(0).figure("seconds"),
          String.join(" + ", of.stream().map(l -> number(List.of(l), "lateCommitted")).toList()));
    }
  }

  private void own() {
    heading("own", "What the agent costs beside an almost idle service");
    line(
        "Wanted: 1 % of one CPU or less, 30 MB RSS or less, JFR included. The first two minutes, in");
    line(
        "which the JIT compiles the agent too, are the difference of the first two columns; the heap");
    line("is of 128 MB, all of it touched at the start, so that RSS shows what comes on top.");
    line("");
    line(
        "| JDK | collector | agent | CPU s in 180 s | in the last 60 s | share of one CPU then | RSS at the"
            + " end MB | load |");
    line("|---|---|---|---|---|---|---|---|");
    rows(
        "own",
        of ->
            line(
                "%s| %s | %s | %.2f %% | %s | %s |",
                start(of),
                fixed(median(of, "processCpu")),
                fixed(median(of, "lateCpuSeconds")),
                100 * median(of, "lateCpuSeconds") / (median(of, "seconds") / 3),
                number(of, "rssEnd"),
                load(of)));
  }

  private void heading(String section, String title) {
    line("");
    line("## %s", title);
    line("");
    Set<String> days = new LinkedHashSet<>();
    log.of(section).forEach(l -> days.add(l.day()));
    line("Section `%s`%s", section, days.isEmpty() ? ": not run yet." : ", " + days + ".");
    line("");
  }

  /** One row for each JDK and collector: without, with, and how it fared with. */
  private void fates(String section) {
    line(FATES);
    line("|---|---|---|---|---|---|---|---|---|---|---|---|");
    for (String java : versions(log.of(section))) {
      for (String gc : collectors(log.of(section))) {
        List<Line> without = lines(section, java, gc, "without");
        List<Line> with = lines(section, java, gc, "with");
        List<Line> good = with.stream().filter(Line::finished).toList();
        line(
            "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |",
            java,
            gc,
            fate(without),
            fate(with),
            percent(good, "served"),
            number(without.stream().filter(Line::finished).toList(), "p99"),
            number(good, "p99"),
            number(good, "max"),
            percent(good, "gcShare"),
            number(with, "groupPeak"),
            with.size() + " of " + number(with, "seconds") + " s",
            load(with));
      }
    }
  }

  private interface Row {
    void write(List<Line> trials);
  }

  private void rows(String section, Row row) {
    for (String java : versions(log.of(section))) {
      for (String gc : collectors(log.of(section))) {
        for (String variant : List.of("without", "with")) {
          List<Line> of = lines(section, java, gc, variant);
          if (!of.isEmpty()) {
            row.write(of);
          }
        }
      }
    }
  }

  private static String start(List<Line> of) {
    Line first = of.get(0);
    return "| " + first.java() + " | " + first.collector() + " | " + first.variant() + " ";
  }

  private List<Line> lines(String section, String java, String collector, String variant) {
    Predicate<Line> wanted = line -> line.isOf(section, java, collector, variant);
    return log.of(section).stream().filter(wanted).toList();
  }

  private static boolean is(Line line, String variant) {
    return line.variant().equals(variant);
  }

  private void line(String format, Object... arguments) {
    text.append(
            arguments.length == 0
                ? format.replace("%%", "%")
                : String.format(Locale.ROOT, format, arguments))
        .append('\n');
  }
}
