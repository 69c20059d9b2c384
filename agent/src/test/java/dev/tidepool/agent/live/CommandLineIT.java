package dev.tidepool.agent.live;

import static dev.tidepool.agent.live.Run.done;
import static dev.tidepool.agent.live.Run.requireOneLine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.agent.view.Json;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;

/** The verbs against a running process. */
class CommandLineIT {
  private static final String NO_AGENT = "there is no agent in process ";

  @TempDir Path directory;

  @OnEveryJdk
  void attachLookChangeAndLeave(Path jdk) throws Exception {
    try (Run application = Run.program(jdk, Programs.Idle.class, List.of()).up()) {
      long pid = application.pid();
      requireOneLine(Run.tidepool(jdk, "status", pid), 1, NO_AGENT + pid + ": run `attach");
      done(Run.tidepool(jdk, "attach", pid, "http=127.0.0.1:0"));
      assertThat(done(Run.tidepool(jdk, "attach", pid))).contains("already");
      assertThat(done(Run.tidepool(jdk, "list"))).contains(Long.toString(pid));

      Map<String, Object> status =
          Json.parseObject(done(Run.tidepool(jdk, "status", "--json", pid)));
      assertThat(status.keySet())
          .startsWith(
              "version",
              "pid",
              "jvm",
              "collector",
              "mode",
              "uptimeSeconds",
              "pressure",
              "pools",
              "gc",
              "heap",
              "container",
              "levers",
              "sites",
              "decisions");
      assertThat(status).containsEntry("mode", "auto");
      assertThat(Json.parse(done(Run.tidepool(jdk, "sites", pid, "--json"))))
          .isInstanceOf(List.class);
      assertThat(done(Run.tidepool(jdk, "set", pid, "mode=observe"))).isEqualTo("mode = observe\n");
      assertThat(done(Run.tidepool(jdk, "doctor", pid))).contains("set by command");
      requireOneLine(Run.tidepool(jdk, "set", pid, "mood=x"), 1, "did you mean \"mode\"?");
      requireOneLine(Run.tidepool(jdk, "set", pid, "mode=x"), 1, "it takes auto, observe");
      requireOneLine(Run.tidepool(jdk, "set", pid, "http=off"), 1, "only be set at start");
      requireOneLine(Run.tidepool(jdk, "why", pid, "nosuch"), 1, "no site nosuch");
      assertThat(done(Run.tidepool(jdk, "revert", pid, "all"))).matches("\\d+ sites? reverted\\n");
      Path report = directory.resolve("r.json");
      done(Run.tidepool(jdk, "report", pid, report));
      assertThat(Json.parseObject(Files.readString(report)).keySet())
          .containsExactly("status", "sites", "decisions", "advice");
      assertThat(done(Run.tidepool(jdk, "top", pid, "-n", 1))).contains("pressure");

      done(Run.tidepool(jdk, "detach", pid));
      requireOneLine(Run.tidepool(jdk, "status", pid), 1, NO_AGENT);
      done(Run.tidepool(jdk, "attach", pid, "http=off"));
      done(Run.tidepool(jdk, "detach", pid));
      assertThat(application.isAlive()).isTrue();
      assertThat(application.out()).isEqualTo("up\n");
    }
  }

  @OnEveryJdk
  void decisionsAdviceAndFlagsAreTextForPeopleAndJsonForPrograms(Path jdk) throws Exception {
    List<String> options = new ArrayList<>(Run.agent("http=off,memory.limit=300m"));
    options.addAll(List.of("-XX:+UseG1GC", "-Xmx1g"));
    try (Run application = Run.program(jdk, Programs.Idle.class, options).up()) {
      long pid = application.pid();
      application.await(
          "levers",
          () ->
              String.valueOf(Answers.of(jdk, application, "status")).contains("MaxHeapFreeRatio"));
      done(Run.tidepool(jdk, "set", pid, "MaxHeapFreeRatio=30"));
      assertThat(done(Run.tidepool(jdk, "decisions", pid)).lines())
          .first()
          .asString()
          .contains("ID", "TIME", "LEVER", "FROM", "TO", "OUTCOME", "WHY");
      assertThat(done(Run.tidepool(jdk, "decisions", pid)))
          .contains("MaxHeapFreeRatio", "MANUAL", "by hand");
      Map<?, ?> manual = Answers.row(jdk, application, "decisions", "outcome", "MANUAL");
      assertThat(manual.get("lever")).isEqualTo("MaxHeapFreeRatio");
      assertThat(manual.get("to")).isEqualTo(30);

      assertThat(done(Run.tidepool(jdk, "advise", pid))).isNotBlank().endsWith("\n");
      assertThat(Answers.of(jdk, application, "advise")).isInstanceOf(List.class);

      // what it prints is an argument file that java takes
      Path flags = directory.resolve("flags");
      application.await(
          "something learned",
          () -> String.valueOf(Answers.of(jdk, application, "flags")).contains("flags learned"));
      Files.writeString(flags, done(Run.tidepool(jdk, "flags", pid)));
      assertThat(flags).content().startsWith("# tidepool: ").endsWith("\n");
      try (Run next = Run.java(jdk, List.of("@" + flags, "-version"))) {
        assertThat(next.status()).as(next.err()).isZero();
      }
    }
  }

  @OnEveryJdk
  void withoutAVerbItListsTheMachinesAndAsksForOne(Path jdk) throws Exception {
    try (Run application = Run.program(jdk, Programs.Idle.class, List.of()).up()) {
      String list;
      try (Run nothing = Run.tidepool(jdk)) {
        list = nothing.out();
        assertThat(nothing.status()).isEqualTo(2);
        assertThat(nothing.err())
            .isEqualTo("tidepool: nothing chosen: give a number, or use `attach PID`\n");
      }
      assertThat(list).endsWith("Attach to which? ");
      Matcher ours = Pattern.compile("\\[(\\d+)] " + application.pid() + " ").matcher(list);
      assertThat(ours.find()).as(list).isTrue();
      for (String wrong : List.of("0", "100000", "what")) {
        try (Run refused = choose(jdk, wrong)) {
          assertThat(refused.status()).isEqualTo(2);
          assertThat(refused.err())
              .startsWith("tidepool: \"" + wrong + "\" is not a number from 1 to ");
          assertThat(refused.err().lines()).hasSize(1);
        }
      }
      assertThat(application.out()).isEqualTo("up\n");
    }
  }

  @OnEveryJdk
  void theMachineChosenIsAttachedTo(Path jdk) throws Exception {
    try (Run application = Run.program(jdk, Programs.Idle.class, List.of()).up()) {
      Process asking =
          new ProcessBuilder(jdk.resolve("bin/java").toString(), "-jar", Run.JAR)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      // the list is of one moment: the number must be read off it
      StringBuilder said = new StringBuilder();
      try (Reader out = asking.inputReader(StandardCharsets.UTF_8);
          Writer in = asking.outputWriter(StandardCharsets.UTF_8)) {
        for (int c = out.read(); c >= 0 && !said.toString().endsWith("which?"); c = out.read()) {
          said.append((char) c);
        }
        Matcher ours = Pattern.compile("\\[(\\d+)] " + application.pid() + " ").matcher(said);
        assertThat(ours.find()).as(said.toString()).isTrue();
        in.write(ours.group(1) + "\n");
        in.flush();
        assertThat(asking.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(asking.exitValue()).isZero();
      } finally {
        asking.destroyForcibly();
      }
      assertThat(done(Run.tidepool(jdk, "status", application.pid()))).contains("mode auto");
      done(Run.tidepool(jdk, "detach", application.pid()));
    }
  }

  /** The command line with an answer to its question. */
  private Run choose(Path jdk, String answer) throws Exception {
    Path in = Files.writeString(directory.resolve("in"), answer + "\n");
    Run run =
        Run.start(
            List.of(
                "sh",
                "-c",
                "exec \"$0\" -jar \"$1\" < \"$2\"",
                jdk.resolve("bin/java").toString(),
                Run.JAR,
                in.toString()),
            Map.of());
    run.status();
    return run;
  }

  @OnEveryJdk
  void whatCannotBeIsOneLine(Path jdk) throws Exception {
    requireOneLine(Run.tidepool(jdk, "status", "what"), 2, "PID");
    requireOneLine(Run.tidepool(jdk, "nonsense"), 2, "nonsense");
    requireOneLine(Run.tidepool(jdk, "status"), 2, "PID");
    requireOneLine(Run.tidepool(jdk, "attach", 999_999_999), 1, "there is no process");
    requireOneLine(Run.tidepool(jdk, "attach", 1, "poling=on"), 2, "did you mean \"pooling\"?");
    Process sleeper = new ProcessBuilder("sleep", "60").start();
    try {
      requireOneLine(Run.tidepool(jdk, "attach", sleeper.pid()), 1, "no HotSpot virtual machine");
      assertThat(sleeper.isAlive()).isTrue();
    } finally {
      sleeper.destroyForcibly();
    }
  }

  @OnEveryJdk
  void aMachineThatTakesNoAttachmentsSaysSo(Path jdk) throws Exception {
    try (Run closed =
            Run.program(jdk, Programs.Idle.class, List.of("-XX:+DisableAttachMechanism")).up();
        Run firm =
            Run.program(jdk, Programs.Idle.class, List.of("-XX:-EnableDynamicAgentLoading")).up()) {
      requireOneLine(Run.tidepool(jdk, "attach", closed.pid()), 1, "does not take attachments");
      requireOneLine(Run.tidepool(jdk, "attach", firm.pid()), 1, "takes no agents while it runs");
      assertThat(closed.out()).isEqualTo("up\n");
    }
  }

  @OnEveryJdk
  void helpAndVersionAreThere(Path jdk) throws Exception {
    assertThat(done(Run.tidepool(jdk, "--version"))).startsWith("tidepool ");
    assertThat(done(Run.tidepool(jdk, "--help"))).contains("attach", "doctor", "revert");
    assertThat(done(Run.tidepool(jdk, "why", "--help"))).contains("SITE");
  }

  @OnEveryJdk
  void theClassesAreGoneAfterADetach(Path jdk) throws Exception {
    // soft references are cleared at once, or they would keep a loader for as long as there is room
    List<String> options = List.of("-XX:SoftRefLRUPolicyMSPerMB=0");
    try (Run application = Run.program(jdk, Programs.Idle.class, options).up()) {
      done(Run.tidepool(jdk, "attach", application.pid(), "http=127.0.0.1:0"));
      done(Run.tidepool(jdk, "detach", application.pid()));
      application.await(
          "loader collected", () -> !histogram(jdk, application).contains("AgentClassLoader\n"));
    }
  }

  @OnEveryJdk
  void theCompilerSparesUsAndIsLeftAsItWasFound(Path jdk) throws Exception {
    try (Run application = Run.program(jdk, Programs.Idle.class, List.of()).up()) {
      String before = directives(jdk, application);
      assertThat(before).doesNotContain("dev/tidepool");
      done(Run.tidepool(jdk, "attach", application.pid(), "http=off"));
      application.await(
          "our directive", () -> directives(jdk, application).contains("dev/tidepool/shaded/*.*"));
      done(Run.tidepool(jdk, "detach", application.pid()));
      assertThat(directives(jdk, application)).isEqualTo(before);
      assertThat(application.out()).isEqualTo("up\n");
    }
  }

  private static String directives(Path jdk, Run application) {
    return jcmd(jdk, application, "Compiler.directives_print");
  }

  private static String histogram(Path jdk, Run application) {
    String text = jcmd(jdk, application, "GC.class_histogram");
    assertThat(text).contains("java.lang.String");
    return text.replaceAll("AgentClassLoader \\S+\\n", "AgentClassLoader\n");
  }

  private static String jcmd(Path jdk, Run application, String command) {
    try {
      Process jcmd =
          new ProcessBuilder(
                  jdk.resolve("bin/jcmd").toString(), Long.toString(application.pid()), command)
              .start();
      String text = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(jcmd.waitFor()).isZero();
      return text;
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }
}
