package dev.tidepool.agent.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.agent.view.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** The verbs against a running process. */
class CommandLineIT {
  private static final String NO_AGENT = "there is no agent in process ";

  @TempDir Path directory;

  private static void requireOneLine(Run run, int status, String text) throws Exception {
    try (run) {
      assertThat(run.status()).isEqualTo(status);
      assertThat(run.out()).isEmpty();
      assertThat(run.err().lines()).hasSize(1);
      assertThat(run.err()).startsWith("tidepool: ").contains(text);
    }
  }

  private static String done(Run run) throws Exception {
    try (run) {
      assertThat(run.err()).isEmpty();
      assertThat(run.status()).isZero();
      return run.out();
    }
  }

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
