package dev.tidepool.agent.live;

import static dev.tidepool.agent.live.Run.done;
import static dev.tidepool.agent.live.Run.requireOneLine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that cannot be attached to: one line says so, and they go on as if nobody had asked.
 */
class BadTargetIT {
  private static final String NOBODY = "65534";

  @TempDir Path directory;

  @OnEveryJdk
  void anotherUsersMachineIsLeftToThatUser(Path jdk) throws Exception {
    if (isRoot()) {
      // root may attach to anyone: there somebody else is the one who asks
      try (Run application = Run.program(jdk, Programs.Idle.class, List.of()).up()) {
        String said = application.pid() + " belongs to root: run this command as that user";
        requireOneLine(asNobody(jdk, "attach", application.pid()), 1, said);
        done(Run.tidepool(jdk, "attach", application.pid(), "http=off"));
        // an agent that is there answers its own user only
        requireOneLine(asNobody(jdk, "status", application.pid()), 1, said);
        requireOneLine(asNobody(jdk, "detach", application.pid()), 1, said);
        assertThat(done(Run.tidepool(jdk, "status", application.pid()))).contains("mode auto");
        assertThat(application.out()).isEqualTo("up\n");
      }
    } else {
      String owner = Files.getOwner(Path.of("/proc/1")).getName();
      assumeTrue(!owner.equals(System.getProperty("user.name")), "process 1 is another user's");
      requireOneLine(Run.tidepool(jdk, "attach", 1), 1, "process 1 belongs to " + owner);
    }
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private Run asNobody(Path jdk, Object... words) throws IOException {
    Path setpriv = Path.of("/usr/bin/setpriv");
    assumeTrue(Files.isExecutable(setpriv), "setpriv, to ask as another user");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path jar = directory.resolve("tidepool.jar");
    if (!Files.exists(jar)) {
      Files.copy(Path.of(Run.JAR), jar);
    }
    List<String> command = new ArrayList<>();
    command.addAll(List.of(setpriv.toString(), "--reuid", NOBODY, "--regid", NOBODY));
    command.addAll(List.of("--clear-groups", jdk.resolve("bin/java").toString(), "-jar"));
    command.add(jar.toString());
    for (Object word : words) {
      command.add(String.valueOf(word));
    }
    return Run.start(command, Map.of());
  }

  @OnEveryJdk
  void aMachineThatIsNotHotSpotIsLeftAlone(Path jdk) throws Exception {
    // OpenJ9 has a libjvm.so too; what tells it is its own library in the process
    Path library = directory.resolve("libj9vm29.so");
    Files.copy(jdk.resolve("lib/libjsig.so"), library);
    List<String> command =
        List.of(
            jdk.resolve("bin/java").toString(), "-cp", Run.CLASSES, Programs.Idle.class.getName());
    try (Run other = Run.start(command, Map.of("LD_PRELOAD", library.toString())).up()) {
      requireOneLine(
          Run.tidepool(jdk, "attach", other.pid()), 1, "is no HotSpot virtual machine: nothing");
      assertThat(other.out()).isEqualTo("up\n");
      assertThat(other.err()).isEmpty();
    }
  }

  @OnEveryJdk
  void aMachineThatLeavesSignalsAloneIsNotEndedByOne(Path jdk) throws Exception {
    try (Run reduced = Run.program(jdk, Programs.Idle.class, List.of("-Xrs")).up()) {
      requireOneLine(
          Run.tidepool(jdk, "attach", reduced.pid()), 1, "does not take attachments (-XX:+Disable");
      assertThat(reduced.isAlive()).isTrue();
      assertThat(reduced.out()).isEqualTo("up\n");
    }
  }

  @OnEveryJdk
  void aMachineThatDoesNotAnswerIsNotWaitedForWithoutEnd(Path jdk) throws Exception {
    try (Run frozen = Run.program(jdk, Programs.Idle.class, List.of()).up()) {
      signal("STOP", frozen.pid());
      List<String> impatient = List.of("-Dsun.tools.attach.attachTimeout=500", "-jar", Run.JAR);
      List<String> attach = new ArrayList<>(impatient);
      attach.addAll(List.of("attach", Long.toString(frozen.pid())));
      requireOneLine(Run.java(jdk, attach), 1, "cannot be attached to (");
      assertThat(frozen.isAlive()).isTrue();
    }
  }

  private static void signal(String name, long pid) throws Exception {
    Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid).start();
    assertThat(kill.waitFor()).isZero();
  }
}
