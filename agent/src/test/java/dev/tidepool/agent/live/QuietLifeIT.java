package dev.tidepool.agent.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    for (String tool :
        List.of(
            "javac", "jar", "javadoc", "jlink", "jshell", "keytool", "jcmd", "jps", "jstack",
            "jmap")) {
      assertThat(loadedIn(jdk.resolve("bin/" + tool), "--help"))
          .as(tool)
          .contains("dev.tidepool.agent.boot.SkipList ")
          .doesNotContain("dev.tidepool.agent.FirstMoments ");
    }
    // a program that is no tool, for comparison
    assertThat(
            loadedIn(
                jdk.resolve("bin/java"), "-cp", Run.CLASSES, Programs.EndsAtOnce.class.getName()))
        .contains("dev.tidepool.agent.FirstMoments ");
  }

  /** The classes that a command loads which meets the agent in its environment. */
  private String loadedIn(Path program, String... arguments) throws Exception {
    Path log = directory.resolve("classes");
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    String options = "-javaagent:" + Run.JAR + "=http=off -Xlog:class+load:file=" + log;
    try (Run run = Run.start(command, Map.of("JAVA_TOOL_OPTIONS", options))) {
      run.status();
      return Files.readString(log);
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
  void aReportThatCannotBeWrittenIsOneLine(Path jdk) throws Exception {
    for (String place : List.of("/nowhere/report.json", directory + "/no/report.html")) {
      String line = errorOf(jdk, "http=off,report=" + place);
      assertThat(line.lines()).hasSize(1);
      assertThat(line).startsWith("tidepool: cannot write report " + place + " (");
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
