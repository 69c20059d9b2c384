package dev.tidepool.agent.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** The application cannot tell that the agent is there. */
class QuietLifeIT {
  @TempDir Path directory;

  private void requireSame(Path jdk, Class<?> program, String... arguments) throws Exception {
    try (Run plain = Run.program(jdk, program, List.of(), arguments);
        Run with = Run.program(jdk, program, Run.agent(""), arguments)) {
      assertThat(with.status()).isEqualTo(plain.status());
      assertThat(with.out()).isEqualTo(plain.out());
      assertThat(with.err()).isEqualTo(plain.err());
    }
  }

  @OnEveryJdk
  void aProgramThatEndsAtOnceIsTheSame(Path jdk) throws Exception {
    requireSame(jdk, Programs.EndsAtOnce.class);
  }

  @OnEveryJdk
  void aProgramThatEndsWhenTheAgentIsFullyUpIsTheSame(Path jdk) throws Exception {
    requireSame(jdk, Programs.EndsLater.class);
  }

  @OnEveryJdk
  void exitStatusIsTheSame(Path jdk) throws Exception {
    requireSame(jdk, Programs.Exits.class, "7");
  }

  @OnEveryJdk
  void anUncaughtExceptionIsTheSame(Path jdk) throws Exception {
    requireSame(jdk, Programs.Throws.class);
  }

  @OnEveryJdk
  void aLogManagerChosenInMainIsTaken(Path jdk) throws Exception {
    requireSame(jdk, Programs.OwnLogManager.class);
  }

  @OnEveryJdk
  void toolsOfTheJdkAreLeftAlone(Path jdk) throws Exception {
    Path report = directory.resolve("report.json");
    for (String tool : List.of("javac", "jar", "keytool")) {
      ProcessBuilder builder =
          new ProcessBuilder(jdk.resolve("bin/" + tool).toString(), "--help")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD);
      builder.environment().put("JAVA_TOOL_OPTIONS", "-javaagent:" + Run.JAR + "=report=" + report);
      builder.start().waitFor();
      assertThat(report).doesNotExist();
    }
  }

  @OnEveryJdk
  void theReportIsWrittenAtExit(Path jdk) throws Exception {
    for (String ending : List.of("json", "html")) {
      Path report = directory.resolve("at-exit." + ending);
      try (Run run =
          Run.program(jdk, Programs.EndsLater.class, Run.agent("http=off,report=" + report))) {
        assertThat(run.status()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(Files.readString(report)).contains("\"status\"", "\"advice\"");
      }
    }
  }

  private String errorOf(Path jdk, String options) throws IOException, InterruptedException {
    try (Run run = Run.program(jdk, Programs.EndsLater.class, Run.agent(options))) {
      assertThat(run.status()).isZero();
      assertThat(run.out()).isEqualTo("begun\nsum 780\n");
      return run.err();
    }
  }

  @OnEveryJdk
  void badInputIsOneLineEach(Path jdk) throws Exception {
    String all =
        errorOf(
            jdk,
            "http=off,poling=on,pooling.budget=lots,config=/nowhere,log=/nowhere/log,"
                + "memory.limit=1k,plan="
                + Files.writeString(directory.resolve("plan"), "what?"));
    List<String> lines = new ArrayList<>(all.lines().toList());
    assertThat(lines).hasSize(6).allMatch(line -> line.startsWith("tidepool: "));
    assertThat(all)
        .contains("unknown key \"poling\", did you mean \"pooling\"?")
        .contains("pooling.budget cannot be \"lots\"")
        .contains("cannot read config file /nowhere")
        .contains("cannot write log file /nowhere/log")
        .contains("cannot read plan " + directory.resolve("plan"))
        .contains("memory.limit must be at least 16m");
  }
}
