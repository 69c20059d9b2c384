package dev.tidepool.apps.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.apps.Catalogue;
import dev.tidepool.apps.Catalogue.Role;
import dev.tidepool.apps.load.SameOutput.Learned;
import dev.tidepool.apps.load.SameOutput.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every application on every JDK and every collector, with the agent and with poison; run by {@code
 * mvn -q -Pmatrix verify}, which writes docs/matrix.md. Two applications run at a time: a run
 * spends much of its time starting and ending. {@code tidepool.matrix.seconds} sets a run's length,
 * {@code tidepool.matrix.only} names the applications.
 *
 * <p>A run in which nothing is pooled shows little. So each application runs once on each JDK for
 * the agent to learn its sites, and all that are compared begin with what was learned then.
 */
final class FullMatrix {
  private static final Duration TIME =
      Duration.ofSeconds(Long.getLong("tidepool.matrix.seconds", 8));
  private static final List<String> ONLY =
      Stream.of(System.getProperty("tidepool.matrix.only", "").split(",", -1))
          .filter(name -> !name.isEmpty())
          .toList();
  private static final int AT_A_TIME = 2;
  private static final Duration LEARNING = Duration.ofSeconds(15);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path folder;

  private final List<Future<Row>> rows = new ArrayList<>();
  private final StringBuilder notes = new StringBuilder();

  /** What one application came to in one virtual machine. */
  private record Row(String text, List<String> failures) {}

  @Test
  void sameOutputEverywhere() throws Exception {
    ExecutorService runners = Executors.newFixedThreadPool(AT_A_TIME);
    try {
      for (Jdk jdk : Jdk.all()) {
        submit(jdk, runners);
      }
      write();
    } finally {
      runners.shutdownNow();
    }
  }

  /** What is learned comes first in the queue, so that no run waits for one behind it. */
  private void submit(Jdk jdk, ExecutorService runners) throws IOException, InterruptedException {
    Map<Catalogue, Future<Learned>> learned = new EnumMap<>(Catalogue.class);
    for (Catalogue app : Catalogue.values()) {
      if (runs(app, Collector.G1)) {
        learned.put(app, runners.submit(() -> learn(app, jdk)));
      }
    }
    for (Collector collector : Collector.values()) {
      if (!jdk.has(collector)) {
        notes.append(
            String.format("%nJDK %s has no %s in this build.%n", jdk.version(), collector.id()));
        continue;
      }
      learned.keySet().stream()
          .filter(app -> runs(app, collector))
          .map(app -> SameOutput.plan(app, jdk, collector, TIME))
          .forEach(
              plan -> rows.add(runners.submit(() -> row(plan, learned.get(plan.app()).get()))));
    }
  }

  private Learned learn(Catalogue app, Jdk jdk)
      throws IOException, InterruptedException, ExecutionException {
    Plan plan = SameOutput.plan(app, jdk, Collector.G1, LEARNING);
    return SameOutput.learn(plan, PATIENCE, Files.createTempDirectory(folder, "learned"));
  }

  private void write() throws Exception {
    StringBuilder page = new StringBuilder(head());
    List<String> failures = new ArrayList<>();
    for (Future<Row> row : rows) {
      page.append(row.get().text());
      failures.addAll(row.get().failures());
    }
    Files.writeString(
        Path.of(System.getProperty("tidepool.root"), "docs", "matrix.md"), page.append(notes));
    assertThat(rows).isNotEmpty();
    assertThat(failures).isEmpty();
  }

  private static String head() {
    return """
    # Same output, everywhere

    Written by `mvn -q -Pmatrix verify`; do not edit. Each cell is a run of which every operation's
    checksum was compared with a run without the agent; the number is how many sites were pooled in
    it. `poison` is `pooling.verify=poison`. On each JDK an application has run once before, for
    %d s after its first site was pooled (or %d s in which none was); how many sites were at work at
    the end of that is in the column `learned`, and with these each cell starts (`plan=FILE`). It
    lasts %d s from when the first of them is pooled, which is waited for. Where something was
    learned of an application that is there for its buffers (tomcat, documents, archives, jdk), a
    cell of it with the agent in which nothing is pooled fails. Where nothing was learned there is
    `-`: what was tried was taken back again because it gained nothing, or nothing could be proven.

    | application | JDK | collector | learned | agent | poison |
    |---|---|---|---:|---|---|
    """
        .formatted(LEARNING.toSeconds(), PATIENCE.plus(LEARNING).toSeconds(), TIME.toSeconds());
  }

  /** What is there for breadth runs on one collector: the others take the rest of the hour. */
  private static boolean runs(Catalogue app, Collector collector) {
    if (!ONLY.isEmpty() && !ONLY.contains(app.id())) {
      return false;
    }
    return switch (app.role()) {
      case LIBRARY, CONTROL -> true;
      case BREADTH -> collector == Collector.G1;
      case SYNTHETIC -> false;
    };
  }

  @SuppressWarnings("SystemOut") // tells how far it is: this takes long
  private Row row(Plan plan, Learned learned) throws IOException, InterruptedException {
    List<String> failures = new ArrayList<>();
    List<String> cells = new ArrayList<>();
    Path own = Files.createTempDirectory(folder, "run");
    String expected = null;
    for (Way way : Way.values()) {
      try {
        expected = expected == null ? SameOutput.without(plan) : expected;
        int pooled = check(plan, way, expected, learned, own).size();
        boolean vain = pooled == 0 && way == Way.AGENT && mustPool(plan, learned);
        cells.add(vain ? "NOTHING POOLED" : "same, " + pooled);
        if (vain) {
          failures.add(plan + " " + way + ": nothing pooled");
        }
      } catch (AssertionError | IOException | ExecutionException | RuntimeException e) {
        cells.add("FAILED");
        failures.add(plan + " " + way + ": " + e);
      }
    }
    String text =
        String.format(
            Locale.ROOT,
            "| %s | %s | %s | %s | %s |%n",
            plan.app().id(),
            plan.jdk().version(),
            plan.collector().id(),
            learned.sites() == 0 ? "-" : learned.sites(),
            String.join(" | ", cells));
    System.out.print(text + String.join("\n", failures));
    return new Row(text, failures);
  }

  private static List<Site> check(Plan plan, Way way, String expected, Learned learned, Path folder)
      throws IOException, InterruptedException, ExecutionException {
    return learned.sites() == 0 && plan.app().role() != Role.LIBRARY
        ? SameOutput.check(plan, way, expected, folder)
        : SameOutput.check(plan, way, expected, learned, PATIENCE, folder);
  }

  private static boolean mustPool(Plan plan, Learned learned) {
    return plan.app().role() == Role.LIBRARY && learned.sites() > 0;
  }
}
