package dev.tidepool.agent.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The cycle that the agent's own classes bring leaves the heap as large as it was. */
class ShrinkHoldIT {
  private static final int HEAP = 256;
  private static final Pattern COMMITTED = Pattern.compile("committed (\\d+)\n");

  private static Run classes(Path jdk, List<String> agent, long before) throws Exception {
    List<String> options = new ArrayList<>(agent);
    options.addAll(
        List.of("-XX:+UseG1GC", "-Xmx512m", "-XX:InitialHeapSize=" + HEAP + "m", "-Xshare:auto"));
    return Run.program(jdk, ManyClasses.class, options, Long.toString(before));
  }

  private static int committed(Run run) throws Exception {
    run.await("as found", () -> run.out().endsWith("as found\n"));
    Matcher said = COMMITTED.matcher(run.out());
    assertThat(said.find()).isTrue();
    return Integer.parseInt(said.group(1));
  }

  @OnEveryJdk
  void withTheAgentItStaysAndTheRatioGoesBack(Path jdk) throws Exception {
    try (Run run = classes(jdk, List.of(), 0)) {
      assertThat(committed(run)).as("without an agent such a cycle shrinks it").isLessThan(HEAP);
    }
    try (Run run = classes(jdk, Run.agent("http=off,tuning=off"), 4_000)) {
      assertThat(committed(run)).isGreaterThanOrEqualTo(HEAP);
      try (Run decisions = Run.tidepool(jdk, "decisions", run.pid())) {
        assertThat(Run.done(decisions)).contains("our own classes bring must not shrink the heap");
      }
      assertThat(run.err()).isEmpty();
    }
  }

  @OnEveryJdk
  void whereNothingMayBeMovedItIsNot(Path jdk) throws Exception {
    try (Run run = classes(jdk, Run.agent("http=off,mode=observe,tuning=off"), 4_000)) {
      assertThat(committed(run)).isLessThan(HEAP);
    }
  }
}
