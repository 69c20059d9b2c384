package dev.tidepool.rewriting.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.gate.ChildJvm;
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

  @Test
  void everythingProvenInTheJarsVerifies(@TempDir Path scratch) throws Exception {
    List<String> jars;
    try (Stream<Path> found = Files.list(Path.of(System.getProperty("tidepool.sweep.jars")))) {
      jars = found.map(Path::toString).filter(name -> name.endsWith(".jar")).sorted().toList();
    }
    assertThat(jars).hasSizeGreaterThanOrEqualTo(20);
    List<String> page = new ArrayList<>();
    page.add("# Every array of java.base and of " + jars.size() + " jars");
    page.add("");
    page.add(
        "Written by `mvn -q -Psweep -pl instrumentation/pools,instrumentation/rewriting verify`."
            + " Every primitive array made or copied gets a verdict; so does every eighth object"
            + " or array-returning call. What is proven is rewritten to be pooled, what is not is"
            + " rewritten to be drawn from the pool, and the class redefined in a virtual machine"
            + " under `-Xverify:all`: one failure fails the command. Not linked are classes that"
            + " need a library which is not there, or that another jar or version has too.");
    for (Path jdk : ChildJvm.jdks()) {
      ChildJvm.Result run =
          ChildJvm.run(
              jdk, scratch, JarSweepAgent.class, List.of("-Xverify:all", "-Xmx1g"), jars, SECONDS);
      assertThat(run.err()).isEmpty();
      assertThat(run.exit()).isZero();
      page.addAll(List.of("", "## " + jdk.getFileName(), ""));
      page.add("| jar | classes | arrays | proven | owners | rewritten, verified | not linked |");
      page.add("|---|---:|---:|---:|---:|---:|---:|");
      run.out().lines().forEach(line -> add(line, page));
    }
    Files.write(Path.of(System.getProperty("tidepool.sweep.page")), page);
  }

  private static void add(String line, List<String> page) {
    String[] cells = line.split("\t", -1);
    if (cells[0].equals("refused")) {
      page.add(
          (page.get(page.size() - 1).startsWith("|") ? "\n" : "")
              + "- "
              + cells[1]
              + ": "
              + cells[2]);
    } else {
      int arrays = Integer.parseInt(cells[2]);
      long share = Math.round(100.0 * Integer.parseInt(cells[3]) / Math.max(1, arrays));
      page.add(
          "| %s | %s | %s | %s (%d %%) | %s | %s | %s |"
              .formatted(
                  cells[0], cells[1], cells[2], cells[3], share, cells[5], cells[6], cells[7]));
    }
  }
}
