package dev.tidepool.apps.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.apps.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every application on every JDK and every collector, with the agent and with poison; run by {@code
 * mvn -q -Pmatrix verify}, which writes docs/matrix.md. Two applications run at a time: a run
 * spends much of its time starting and ending. {@code tidepool.matrix.seconds} sets a run's length.
 */
final class FullMatrix {
  private static final Duration TIME =
      Duration.ofSeconds(Long.getLong("tidepool.matrix.seconds", 8));
  private static final int AT_A_TIME = 2;

  @TempDir private Path folder;

  /** What one application came to in one virtual machine. */
  private record Row(String text, List<String> failures) {}

  @Test
  void sameOutputEverywhere() throws Exception {
    List<Future<Row>> rows = new ArrayList<>();
    StringBuilder absent = new StringBuilder();
    ExecutorService runners = Executors.newFixedThreadPool(AT_A_TIME);
    try {
      for (Jdk jdk : Jdk.all()) {
        for (Collector collector : Collector.values()) {
          if (!jdk.has(collector)) {
            absent.append(
                String.format(
                    "%nJDK %s has no %s in this build.%n", jdk.version(), collector.id()));
            continue;
          }
          Stream.of(Catalogue.values())
              .filter(app -> runs(app, collector))
              .map(app -> SameOutput.plan(app, jdk, collector, TIME))
              .forEach(plan -> rows.add(runners.submit(() -> row(plan))));
        }
      }
      write(rows, absent);
    } finally {
      runners.shutdownNow();
    }
  }

  private static void write(List<Future<Row>> rows, CharSequence absent) throws Exception {
    StringBuilder page = new StringBuilder(head());
    List<String> failures = new ArrayList<>();
    for (Future<Row> row : rows) {
      page.append(row.get().text());
      failures.addAll(row.get().failures());
    }
    Files.writeString(
        Path.of(System.getProperty("tidepool.root"), "docs", "matrix.md"), page.append(absent));
    assertThat(rows).isNotEmpty();
    assertThat(failures).isEmpty();
  }

  private static String head() {
    return """
    # Same output, everywhere

    Written by `mvn -q -Pmatrix verify`; do not edit. Each cell is a run of %d s of which every
    operation's checksum was compared with a run without the agent; the number is how many sites
    were pooled at its end. `poison` is `pooling.verify=poison`.

    | application | JDK | collector | agent | poison |
    |---|---|---|---|---|
    """
        .formatted(TIME.toSeconds());
  }

  /** What is there for breadth runs on one collector: the others take the rest of the hour. */
  private static boolean runs(Catalogue app, Collector collector) {
    return switch (app.role()) {
      case LIBRARY, CONTROL -> true;
      case BREADTH -> collector == Collector.G1;
      case SYNTHETIC -> false;
    };
  }

  @SuppressWarnings("SystemOut") // tells how far it is: this takes long
  private Row row(Plan plan) throws IOException, InterruptedException {
    List<String> failures = new ArrayList<>();
    List<String> cells = new ArrayList<>();
    String expected = null;
    for (SameOutput.Way way : SameOutput.Way.values()) {
      try {
        Path own = Files.createTempDirectory(folder, "run"); // reports of two JDKs share a name
        expected = expected == null ? SameOutput.without(plan) : expected;
        cells.add("same, " + SameOutput.check(plan, way, expected, own).size());
      } catch (AssertionError | IOException | RuntimeException e) {
        cells.add("FAILED");
        failures.add(plan + " " + way + ": " + e);
      }
    }
    String text =
        String.format(
            Locale.ROOT,
            "| %s | %s | %s | %s |%n",
            plan.app().id(),
            plan.jdk().version(),
            plan.collector().id(),
            String.join(" | ", cells));
    System.out.print(text + String.join("\n", failures));
    return new Row(text, failures);
  }
}
