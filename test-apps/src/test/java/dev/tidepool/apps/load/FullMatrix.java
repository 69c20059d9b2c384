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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every application on every JDK and every collector, with the agent and with poison; run by {@code
 * mvn -q -Pmatrix verify}, which writes docs/matrix.md.
 */
final class FullMatrix {
  private static final Duration TIME = Duration.ofSeconds(10);

  @TempDir private Path folder;

  @Test
  @SuppressWarnings("SystemOut") // tells how far it is: this takes long
  void sameOutputEverywhere() throws Exception {
    StringBuilder page = new StringBuilder();
    page.append("# Same output, everywhere\n\nWritten by `mvn -q -Pmatrix verify`; do not edit. ")
        .append("Each cell is a run of ")
        .append(TIME.toSeconds())
        .append(" s of which every operation's checksum was compared with a run without the ")
        .append("agent; the number is how many sites were pooled at its end.\n\n")
        .append("| application | JDK | collector | agent | poison |\n|---|---|---|---|---|\n");
    List<String> failures = new ArrayList<>();
    for (Jdk jdk : Jdk.all()) {
      for (Collector collector : Collector.values()) {
        if (!jdk.has(collector)) {
          page.append(
              String.format("| - | %s | %s | not in this build | |%n", jdk, collector.id()));
          continue;
        }
        for (Catalogue app : Catalogue.values()) {
          if (runs(app, collector)) {
            String row = row(SameOutput.plan(app, jdk, collector, TIME), failures);
            System.out.print(row);
            page.append(row);
          }
        }
      }
    }
    Files.writeString(Path.of(System.getProperty("tidepool.root"), "docs", "matrix.md"), page);
    assertThat(failures).isEmpty();
  }

  /** What is there for breadth runs on one collector: the others take the rest of the hour. */
  private static boolean runs(Catalogue app, Collector collector) {
    return switch (app.role()) {
      case LIBRARY, CONTROL -> true;
      case BREADTH -> collector == Collector.G1;
      case SYNTHETIC -> false;
    };
  }

  private String row(Plan plan, List<String> failures) throws IOException, InterruptedException {
    String expected = SameOutput.without(plan);
    List<String> cells = new ArrayList<>();
    for (SameOutput.Way way : SameOutput.Way.values()) {
      try {
        cells.add("same, " + SameOutput.check(plan, way, expected, folder).size());
      } catch (AssertionError | IOException e) {
        cells.add("FAILED");
        failures.add(plan + " " + way + ": " + e);
      }
    }
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s |%n",
        plan.app().id(),
        plan.jdk().version(),
        plan.collector().id(),
        String.join(" | ", cells));
  }
}
