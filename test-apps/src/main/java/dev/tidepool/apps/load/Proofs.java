package dev.tidepool.apps.load;

import dev.tidepool.apps.Catalogue;
import dev.tidepool.apps.load.Figures.Spread;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Measures what the project claims and writes it down: the one source of figures in the docs. */
public final class Proofs {
  private static final int ROUNDS = Integer.getInteger("tidepool.proofs.rounds", 3);
  private static final int STARTS = 15;
  private static final int LOADING_ROUNDS =
      Integer.getInteger("tidepool.proofs.loading-rounds", 20);
  private static final double COLLECTIONS_LEFT = 0.1;
  private static final double P99_LEFT = 0.7;
  private static final double SECONDS_TO_POOLED = 10;
  private static final double LOADING = 1.02;

  private final List<Goal> goals = new ArrayList<>();
  private final StringBuilder page = new StringBuilder();
  private final PrintStream out = System.out;
  private int comparedOutputs;
  private int sameOutputs;

  private Proofs() {}

  /**
   * Measures everything; exit status 1 where output differed.
   *
   * @param args file for the page
   */
  public static void main(String[] args)
      throws IOException, InterruptedException, ExecutionException {
    Path file = Path.of(args[0]).toAbsolutePath().normalize();
    Proofs proofs = new Proofs();
    long begin = System.nanoTime();
    proofs.measure();
    long minutes = TimeUnit.NANOSECONDS.toMinutes(System.nanoTime() - begin);
    Files.createDirectories(file.getParent());
    Files.writeString(file, proofs.head(minutes) + proofs.page);
    proofs.out.println("written: " + file);
    System.exit(proofs.sameOutputs == proofs.comparedOutputs ? 0 : 1);
  }

  private String head(long minutes) throws IOException {
    boolean same = sameOutputs == comparedOutputs;
    goals.add(Goal.of("same output, all", "always", sameOutputs + " of " + comparedOutputs, same));
    StringBuilder table = new StringBuilder(Goal.HEAD);
    goals.forEach(goal -> table.append(goal.line()).append('\n'));
    return """
    # Figures

    Written by `mvn -q -Pproofs verify` in %d minutes; do not edit. Baseline and agent run in turn,
    each in a process of its own; shown are medians of %d rounds with the lowest and highest. Each
    process of the copy service is measured twice, flat out and then at half of that: its peak of
    memory is that of both.

    Machine: %s.

    ## Goals

    A goal that is not met is told here like one that is; the command fails only where output
    differed.

    %s"""
        .formatted(minutes, ROUNDS, Machine.describe(), table);
  }

  private void measure() throws IOException, InterruptedException, ExecutionException {
    for (Jdk jdk : Jdk.all()) {
      line("");
      line("## JDK %s", jdk.version());
      twentyMegabytes(jdk);
      copyService(jdk);
      hotToPooled(jdk);
      costs(jdk);
      classLoading(jdk);
    }
  }

  private void twentyMegabytes(Jdk jdk)
      throws IOException, InterruptedException, ExecutionException {
    Headline headline = Headline.measure(jdk);
    String removed = String.format(Locale.ROOT, "%.3f %%", (1 - headline.left()) * 100);
    line("");
    line("### A job with a fresh 20 MB buffer, %d times", Headline.JOBS);
    line("");
    line(
        "Allocated by the job's thread: %,.1f MB without, %,.3f MB with the agent (-%s);"
            + " output %s. %s",
        headline.without() / 1e6,
        headline.with() / 1e6,
        removed,
        same(headline.sameOutput()),
        headline.activation().reached()
            ? String.format(
                Locale.ROOT, "Its site was active after %.1f s.", headline.activation().seconds())
            : "Its site was NOT ACTIVE: what is measured is the program as it was.");
    goals.add(
        Goal.of(
            of(jdk) + "20 MB job, 100 times: fewer bytes",
            ">= 99.97 %",
            removed,
            headline.left() <= Headline.MOST_LEFT));
  }

  private void copyService(Jdk jdk) throws IOException, InterruptedException, ExecutionException {
    for (Collector collector : List.of(Collector.G1, Collector.ZGC)) {
      if (!jdk.has(collector)) {
        line("");
        line("%s has no %s.", jdk, collector.id());
        continue;
      }
      CopyProof proof = CopyProof.run(jdk, collector, ROUNDS);
      comparison("as many requests as it can", proof.full(), proof.active());
      comparison(
          String.format(Locale.ROOT, "%,.0f requests a second", proof.steady().plan().perSecond()),
          proof.steady(),
          proof.active());
      goals(of(jdk) + "copy service, " + collector.id() + ": ", proof.full());
    }
  }

  private void goals(String about, Comparison full) {
    double collections = collections(full.agent()) / collections(full.baseline());
    double p99 = full.ratio(Measure.P99);
    double speed = full.ratio(Measure.THROUGHPUT);
    goals.add(
        Goal.of(
            about + "collections",
            "<= -90 %",
            TextTable.change(collections),
            collections <= COLLECTIONS_LEFT));
    goals.add(Goal.of(about + "p99", "<= -30 %", TextTable.change(p99), p99 <= P99_LEFT));
    goals.add(Goal.of(about + "operations/s", "up", TextTable.change(speed), speed > 1));
  }

  private void comparison(String load, Comparison comparison, boolean active) {
    line("");
    line("### Copy service, %s, %s", comparison.plan().collector().id(), load);
    line("");
    page.append(TextTable.markdown(comparison));
    out.print(TextTable.plain(comparison));
    line("");
    line(
        "Collections in %d s: %,.0f without, %,.0f with; output %s.%s",
        comparison.plan().measure().toSeconds(),
        collections(comparison.baseline()),
        collections(comparison.agent()),
        same(comparison.sameOutput()),
        active ? "" : " Its site was NOT ACTIVE in each run before it was measured.");
  }

  private static double collections(List<Figures> runs) {
    return Spread.of(runs.stream().map(run -> (double) run.gcCount()).toList()).median();
  }

  private String same(boolean output) {
    comparedOutputs++;
    sameOutputs += output ? 1 : 0;
    return output ? "the same" : "NOT THE SAME";
  }

  private void hotToPooled(Jdk jdk) throws IOException, InterruptedException, ExecutionException {
    line("");
    line("### From hot to pooled, default settings");
    line("");
    line("Seconds from the first load on an idle program until the site is ACTIVE.");
    line("");
    hotToPooled("20 MB job", jdk, Catalogue.JOB20, Headline.PLACE);
    hotToPooled("copy service", jdk, Catalogue.COPY, CopyProof.PLACE);
  }

  private void hotToPooled(String what, Jdk jdk, Catalogue app, String place)
      throws IOException, InterruptedException, ExecutionException {
    Spread seconds = Costs.hotToPooled(app, place, jdk, ROUNDS);
    String shown =
        String.format(
            Locale.ROOT, "%.1f (%.1f .. %.1f)", seconds.median(), seconds.low(), seconds.high());
    line("- %s: %s", what, shown);
    goals.add(
        Goal.of(
            of(jdk) + what + ": from hot to pooled",
            "<= 10 s",
            shown,
            seconds.median() <= SECONDS_TO_POOLED));
  }

  private void costs(Jdk jdk) throws IOException, InterruptedException {
    Costs.Start start = Costs.startUp(jdk, STARTS);
    Costs.Pair end = Costs.ending(jdk, ROUNDS);
    line("");
    line("### Start and end");
    line("");
    line("| | without | (low .. high) | with | (low .. high) | change |");
    line("|---|---:|---:|---:|---:|---:|");
    pair(
        "start to first line of output with an agent that does nothing, ms",
        new Costs.Pair(start.without(), start.empty()));
    pair("start to first line of output, ms", new Costs.Pair(start.without(), start.with()));
    pair("end of a program of 5 s, ms", end);
    goals.add(
        Goal.told(
            of(jdk) + "start to first line of output: without, any agent, ours",
            String.format(
                Locale.ROOT,
                "%.0f, %.0f, %.0f ms",
                start.without().median(),
                start.empty().median(),
                start.with().median())));
  }

  private void pair(String what, Costs.Pair pair) {
    line(
        "| %s | %.1f | %.1f .. %.1f | %.1f | %.1f .. %.1f | %s |",
        what,
        pair.without().median(),
        pair.without().low(),
        pair.without().high(),
        pair.with().median(),
        pair.with().low(),
        pair.with().high(),
        TextTable.change(pair.with().median() / pair.without().median()));
  }

  private void classLoading(Jdk jdk) throws IOException, InterruptedException, ExecutionException {
    LoadingCost cost = LoadingCost.measure(jdk, LOADING_ROUNDS);
    line("");
    LoadingTable.lines(cost, LOADING_ROUNDS).forEach(text -> line("%s", text));
    goals.add(
        Goal.of(
            of(jdk) + "class loading, CPU time",
            "<= +2 %",
            LoadingTable.change(cost.oursOverPlain()),
            cost.slower() <= LOADING));
    goals.add(
        Goal.told(
            of(jdk) + "the same with an agent that does nothing",
            LoadingTable.change(cost.emptyOverPlain())));
    goals.add(
        Goal.told(
            of(jdk) + "of loading a class, in the agent's own hook", LoadingTable.hook(cost)));
  }

  private static String of(Jdk jdk) {
    return "JDK " + jdk.feature() + ", ";
  }

  private void line(String format, Object... values) {
    String text = values.length == 0 ? format : String.format(Locale.ROOT, format, values);
    page.append(text).append('\n');
    out.println(text);
  }
}
