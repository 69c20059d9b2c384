package dev.tidepool.rewriting.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.gate.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Other people's jars; the profile {@code sweep} says where they are and writes what came of it.
 */
@EnabledIfSystemProperty(named = "tidepool.sweep.jars", matches = ".+")
class JarSweepTest {
  private static final int SECONDS = 1800;

  private final List<String> goals = new ArrayList<>();
  private final List<String> page = new ArrayList<>();
  private final List<Times> times = new ArrayList<>();

  /** What the proofs took in one virtual machine, in milliseconds. */
  private record Times(double median, double longest) {}

  @Test
  void everythingProvenInTheJarsVerifies(@TempDir Path scratch) throws Exception {
    List<String> jars = jars("tidepool.sweep.jars");
    assertThat(jars).hasSizeGreaterThanOrEqualTo(20);
    List<String> arguments = new ArrayList<>(jars);
    arguments.add("--");
    arguments.addAll(jars("tidepool.sweep.libraries"));
    for (Path jdk : ChildJvm.jdks()) {
      ChildJvm.Result run =
          ChildJvm.run(
              jdk,
              scratch,
              JarSweepAgent.class,
              List.of("-Xverify:all", "-Xmx1g"),
              arguments,
              SECONDS);
      assertThat(run.err()).isEmpty();
      assertThat(run.exit()).isZero();
      page.addAll(List.of("", "## " + jdk.getFileName(), ""));
      page.add(
          "| jar | classes | arrays | proven | owners proven | rewritten, verified | not linked |");
      page.add("|---|---:|---:|---:|---:|---:|---:|");
      run.out().lines().forEach(line -> add(line, jdk.getFileName().toString()));
      goals.add(
          goal(jdk.getFileName() + ": what is rewritten verifies", "all of it", "all of it", true));
    }
    List<String> whole = new ArrayList<>(head(jars.size()));
    whole.addAll(goals);
    whole.addAll(page);
    Files.write(Path.of(System.getProperty("tidepool.sweep.page")), whole);
    assertThat(times)
        .isNotEmpty()
        .allSatisfy(each -> assertThat(each.median).isLessThan(ProofTimes.MEDIAN_MILLIS))
        .allSatisfy(each -> assertThat(each.longest).isLessThan(ProofTimes.MOST_MILLIS));
  }

  private static List<String> jars(String property) throws IOException {
    try (Stream<Path> found = Files.list(Path.of(System.getProperty(property)))) {
      return found.map(Path::toString).filter(name -> name.endsWith(".jar")).sorted().toList();
    }
  }

  private static List<String> head(int jars) {
    return """
    # Every array of java.base and of %d jars

    Written by `mvn -q -Psweep -pl instrumentation/pools,instrumentation/rewriting verify`. Every
    primitive array made or copied gets a verdict; so does every object and every call that returns
    an array. What is proven is rewritten to be pooled, what is not is rewritten to be drawn from
    the pool, and the class redefined in a virtual machine under `-Xverify:all`: one failure fails
    the command. Not linked are classes that need a library which is not there; they are named below
    each table. A proof that has taken 2 s is broken off and the site refused as too large; times
    are those on a processor.

    ## Goals

    | figure | goal | reached | met |
    |---|---|---|---|
    """
        .formatted(jars)
        .lines()
        .toList();
  }

  private static String goal(String what, String wanted, String reached, boolean met) {
    return "| " + String.join(" | ", what, wanted, reached, met ? "yes" : "no") + " |";
  }

  private void add(String line, String jdk) {
    String[] cells = line.split("\t", -1);
    switch (cells[0]) {
      case "times" -> addTimes(cells, jdk);
      case "long" -> addItem(cells[1] + " ms: `" + cells[2] + "`");
      case "refused" -> addItem(cells[1] + " refused: " + cells[2]);
      case "unlinked" -> addItem("not linked: `" + cells[1] + "`: " + cells[2]);
      default -> addJar(cells);
    }
  }

  private void addTimes(String[] cells, String jdk) {
    Times took = new Times(Double.parseDouble(cells[2]), Double.parseDouble(cells[4]));
    times.add(took);
    page.add("");
    page.add(
        "%s proofs: median %s ms, 95 %% within %s ms, the longest %s ms; %s refused as too large."
            .formatted(cells[1], cells[2], cells[3], cells[4], cells[5]));
    page.add("");
    goals.add(
        goal(
            jdk + ": median of a proof, " + cells[1] + " sites",
            "<= 200 ms",
            cells[2] + " ms",
            took.median <= ProofTimes.MEDIAN_MILLIS));
    goals.add(
        goal(
            jdk + ": the longest, its breaking off included",
            "<= 2 s and a step",
            cells[4] + " ms",
            took.longest <= ProofTimes.MOST_MILLIS));
  }

  private void addItem(String text) {
    page.add("- " + text);
  }

  private void addJar(String[] cells) {
    int arrays = Integer.parseInt(cells[2]);
    long share = Math.round(100.0 * Integer.parseInt(cells[3]) / Math.max(1, arrays));
    page.add(
        "| %s | %s | %s | %s (%d %%) | %s of %s | %s | %s |"
            .formatted(
                cells[0], cells[1], cells[2], cells[3], share, cells[5], cells[4], cells[6],
                cells[7]));
  }
}
