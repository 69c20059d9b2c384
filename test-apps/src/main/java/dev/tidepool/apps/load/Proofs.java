package dev.tidepool.apps.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidepool.apps.Catalogue;
import dev.tidepool.apps.load.Figures.Spread;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** Measures what the project claims and writes it down: the one source of figures in the docs. */
public final class Proofs {
  private static final int ROUNDS = Integer.getInteger("tidepool.proofs.rounds", 3);
  private static final int JOBS = 100;
  private static final double STEADY_SHARE = 0.5;

  private final StringBuilder page = new StringBuilder();
  private final PrintStream out = System.out;

  private Proofs() {}

  /**
   * Measures everything.
   *
   * @param args file for the page
   */
  public static void main(String[] args)
      throws IOException, InterruptedException, ExecutionException {
    Path file = Path.of(args[0]).toAbsolutePath().normalize();
    Proofs proofs = new Proofs();
    proofs.write();
    Files.createDirectories(file.getParent());
    Files.writeString(file, proofs.page);
    proofs.out.println("written: " + file);
  }

  private void write() throws IOException, InterruptedException, ExecutionException {
    line("# Figures");
    line("");
    line("Written by `mvn -q -Pproofs verify`; do not edit. Baseline and agent run in turn, each");
    line(
        "in a process of its own; shown are medians of %d rounds with the lowest and highest.",
        ROUNDS);
    line("");
    line("Machine: %s.", Machine.describe());
    for (Jdk jdk : Jdk.all()) {
      line("");
      line("## JDK %s", jdk.version());
      twentyMegabytes(jdk);
      copyService(jdk);
      hotToPooled(jdk);
      costs(jdk);
    }
  }

  private void twentyMegabytes(Jdk jdk) throws IOException, InterruptedException {
    Plan plan =
        Plan.of(Catalogue.JOB20, jdk, Collector.G1)
            .lasting(Duration.ofSeconds(14), Duration.ofSeconds(1));
    JsonNode without = jobs(plan, Optional.empty());
    JsonNode with = jobs(plan, Optional.of(Agent.built(Map.of("http", "off"))));
    double before = without.get("allocatedBytes").asDouble();
    double after = with.get("allocatedBytes").asDouble();
    line("");
    line("### A job with a fresh 20 MB buffer, %d times", JOBS);
    line("");
    line(
        "Allocated by the job's thread: %,.1f MB without, %,.3f MB with the agent (-%.3f %%);"
            + " output %s.",
        before / 1e6,
        after / 1e6,
        (1 - after / before) * 100,
        without.get("checksum").equals(with.get("checksum")) ? "the same" : "NOT THE SAME");
  }

  private static JsonNode jobs(Plan plan, Optional<Agent> agent)
      throws IOException, InterruptedException {
    try (Running running = new Running(plan, agent)) {
      running.warmUp();
      return running.times(JOBS);
    }
  }

  private void copyService(Jdk jdk) throws IOException, InterruptedException {
    Agent agent = Agent.built(Map.of("http", "off"));
    for (Collector collector : List.of(Collector.G1, Collector.ZGC)) {
      if (!jdk.has(collector)) {
        line("");
        line("%s has no %s.", jdk, collector.id());
        continue;
      }
      Plan plan =
          Plan.of(Catalogue.COPY, jdk, collector)
              .lasting(Duration.ofSeconds(12), Duration.ofSeconds(6));
      Comparison full = Comparison.run(plan, agent, ROUNDS);
      comparison("as many requests as it can", full);
      double rate = full.baseline(Measure.THROUGHPUT).median() * STEADY_SHARE;
      comparison(
          String.format(Locale.ROOT, "%,.0f requests a second", rate),
          Comparison.run(plan.at(rate), agent, ROUNDS));
    }
  }

  private void comparison(String load, Comparison comparison) {
    line("");
    line("### Copy service, %s, %s", comparison.plan().collector().id(), load);
    line("");
    page.append(TextTable.markdown(comparison));
    out.print(TextTable.plain(comparison));
    line("");
    line(
        "Collections in %d s: %s without, %s with; output %s.",
        comparison.plan().measure().toSeconds(),
        collections(comparison.baseline()),
        collections(comparison.agent()),
        comparison.sameOutput() ? "the same" : "NOT THE SAME");
  }

  private static String collections(List<Figures> runs) {
    Spread spread = Spread.of(runs.stream().map(run -> (double) run.gcCount()).toList());
    return String.format(Locale.ROOT, "%,.0f", spread.median());
  }

  private void hotToPooled(Jdk jdk) throws IOException, InterruptedException, ExecutionException {
    line("");
    line("### From hot to pooled, default settings");
    line("");
    line("Seconds from the first load on an idle program until the site is ACTIVE.");
    line("");
    Spread job = Costs.hotToPooled(Catalogue.JOB20, "TwentyMegabyteJob.operate", jdk, ROUNDS);
    line("- 20 MB job: %.1f (%.1f .. %.1f)", job.median(), job.low(), job.high());
    Spread copy = Costs.hotToPooled(Catalogue.COPY, "CopyService.copy", jdk, ROUNDS);
    line("- copy service: %.1f (%.1f .. %.1f)", copy.median(), copy.low(), copy.high());
  }

  private void costs(Jdk jdk) throws IOException, InterruptedException {
    Costs.Pair start = Costs.startUp(jdk, 15);
    Costs.Pair end = Costs.ending(jdk, 3);
    Costs.Pair floor = Costs.classLoadingFloor(jdk, 12);
    Costs.Pair classes = Costs.classLoading(jdk, 12);
    line("");
    line("### Costs");
    line("");
    line("| | without | (low .. high) | with | (low .. high) | change |");
    line("|---|---:|---:|---:|---:|---:|");
    pair("start to first line of output, ms", start);
    pair("end of a program of 5 s, ms", end);
    pair("loading one class with an agent that does nothing, CPU us", floor);
    pair("loading one class, CPU us", classes);
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

  private void line(String format, Object... values) {
    String text = values.length == 0 ? format : String.format(Locale.ROOT, format, values);
    page.append(text).append('\n');
    out.println(text);
  }
}
