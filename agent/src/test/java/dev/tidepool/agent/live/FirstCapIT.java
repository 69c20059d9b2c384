package dev.tidepool.agent.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a limit dictates stands before main, and goes with the agent. */
class FirstCapIT {
  private static final String RATIOS_LOWERED = "up 10 20";
  private static final String RATIOS_OF_THE_VM = "up 40 70";

  private static Run flags(Path jdk, String agentOptions, List<String> vm, String... names)
      throws Exception {
    List<String> options = new ArrayList<>(Run.agent("http=off," + agentOptions));
    options.addAll(vm);
    return Run.program(jdk, Programs.Flags.class, options, names).up();
  }

  /** The agent opens its door some moments after main has begun. */
  private static void detach(Path jdk, Run run) throws Exception {
    int status;
    int tries = 0;
    do {
      try (Run detach = Run.tidepool(jdk, "detach", run.pid())) {
        status = detach.status();
      }
    } while (status != 0 && tries++ < 20);
    assertThat(status).isZero();
  }

  private static String first(Run run) {
    return run.out().lines().findFirst().orElse("");
  }

  @OnEveryJdk
  void theSoftMaximumIsDownBeforeMainAndBackAfterDetach(Path jdk) throws Exception {
    List<String> vm = List.of("-XX:+UseZGC", "-Xmx1g");
    try (Run run = flags(jdk, "memory.limit=300m", vm, "SoftMaxHeapSize")) {
      assertThat(first(run)).isEqualTo("up " + (150L << 20));
      detach(jdk, run);
      run.await("as found", () -> run.out().endsWith("up " + (1L << 30) + "\n"));
      assertThat(run.err()).isEmpty();
    }
  }

  @OnEveryJdk
  void theFreeRatiosAreDownBeforeMainAndBackAfterDetach(Path jdk) throws Exception {
    List<String> vm = List.of("-XX:+UseG1GC", "-Xmx1g");
    String[] names = {"MinHeapFreeRatio", "MaxHeapFreeRatio"};
    try (Run run = flags(jdk, "memory.limit=300m", vm, names)) {
      assertThat(first(run)).isEqualTo(RATIOS_LOWERED);
      detach(jdk, run);
      run.await("as found", () -> run.out().endsWith(RATIOS_OF_THE_VM + "\n"));
    }
  }

  @OnEveryJdk
  void serialIsLeftAloneUntilTheLimitIsNear(Path jdk) throws Exception {
    List<String> vm = List.of("-XX:+UseSerialGC", "-Xmx1g");
    String[] names = {"MinHeapFreeRatio", "MaxHeapFreeRatio"};
    try (Run run = flags(jdk, "memory.limit=600m", vm, names)) {
      assertThat(first(run)).isEqualTo(RATIOS_OF_THE_VM);
    }
  }

  @OnEveryJdk
  void whatTheUserHasSetIsNotTouched(Path jdk) throws Exception {
    List<String> vm = List.of("-XX:+UseZGC", "-Xmx1g", "-XX:SoftMaxHeapSize=900m");
    try (Run run = flags(jdk, "memory.limit=300m", vm, "SoftMaxHeapSize")) {
      assertThat(first(run)).isEqualTo("up " + (900L << 20));
    }
  }

  @OnEveryJdk
  void nothingMovesWhereOneOnlyObservesOrTheHeapFits(Path jdk) throws Exception {
    List<String> vm = List.of("-XX:+UseG1GC", "-Xmx1g");
    String[] names = {"MinHeapFreeRatio", "MaxHeapFreeRatio"};
    for (String options :
        List.of("memory.limit=300m,mode=observe", "memory.limit=300m,tuning=off", "tuning=on")) {
      try (Run run = flags(jdk, options, vm, names)) {
        assertThat(first(run)).as(options).isEqualTo(RATIOS_OF_THE_VM);
      }
    }
  }
}
