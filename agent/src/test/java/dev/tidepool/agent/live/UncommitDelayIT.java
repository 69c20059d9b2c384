package dev.tidepool.agent.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The delay of ZGC's uncommit, which the agent writes past the VM's management. */
class UncommitDelayIT {
  private static Run flags(Path jdk, String agentOptions, String... vm) throws Exception {
    List<String> options = new ArrayList<>(Run.agent("http=off,memory.limit=300m" + agentOptions));
    options.addAll(List.of("-XX:+UseZGC", "-Xmx1g"));
    options.addAll(List.of(vm));
    return Run.program(jdk, Programs.Flags.class, options, "ZUncommitDelay").up();
  }

  private static String told(Path jdk, Object... words) throws Exception {
    try (Run run = Run.tidepool(jdk, words)) {
      return Run.done(run);
    }
  }

  @OnEveryJdk
  void aLimitMakesItShortAndItGoesBackWithTheOptionAndWithTheAgent(Path jdk) throws Exception {
    try (Run run = flags(jdk, "")) {
      run.await("short", () -> run.out().endsWith("up 15\n"));
      assertThat(told(jdk, "decisions", run.pid())).contains("ZUncommitDelay");
      told(jdk, "set", run.pid(), "tuning.uncommit-delay=off");
      run.await("as found", () -> run.out().endsWith("up 300\n"));
      assertThat(told(jdk, "doctor", run.pid())).contains("tuning.uncommit-delay is off");
      told(jdk, "set", run.pid(), "tuning.uncommit-delay=on");
      told(jdk, "set", run.pid(), "ZUncommitDelay=30");
      run.await("by hand", () -> run.out().endsWith("up 30\n"));
      told(jdk, "detach", run.pid());
      run.await("as found", () -> run.out().endsWith("up 300\n"));
      assertThat(run.err()).isEmpty();
    }
  }

  @OnEveryJdk
  void itIsLeftAloneWhereItIsAUsersOrSwitchedOff(Path jdk) throws Exception {
    try (Run run = flags(jdk, "", "-XX:ZUncommitDelay=77")) {
      run.await("started", () -> knows(jdk, run, "set by the user"));
      assertThat(run.out()).isEqualTo("up 77\n");
    }
    try (Run run = flags(jdk, ",tuning.uncommit-delay=off")) {
      run.await("started", () -> knows(jdk, run, "tuning.uncommit-delay is off"));
      assertThat(run.out()).isEqualTo("up 300\n");
    }
  }

  private static boolean knows(Path jdk, Run run, String text) {
    try (Run doctor = Run.tidepool(jdk, "doctor", run.pid())) {
      return doctor.status() == 0 && doctor.out().contains(text);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
