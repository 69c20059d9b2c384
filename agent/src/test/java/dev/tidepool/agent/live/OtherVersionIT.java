package dev.tidepool.agent.live;

import static dev.tidepool.agent.live.Run.done;
import static dev.tidepool.agent.live.Run.requireOneLine;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.tools.attach.VirtualMachine;
import dev.tidepool.agent.view.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.io.TempDir;

/** A newer version meets the one that is there: told about in one line, and welcome after it. */
class OtherVersionIT {
  private static final String NEWER = "99.1.0";

  @TempDir Path directory;

  /** The jar of this build, but for the version it says it has. */
  private Path newer() throws IOException {
    Path jar = directory.resolve("newer.jar");
    try (ZipFile from = new ZipFile(Run.JAR);
        OutputStream file = Files.newOutputStream(jar);
        ZipOutputStream to = new ZipOutputStream(file)) {
      for (ZipEntry entry : Collections.list(from.entries())) {
        to.putNextEntry(new ZipEntry(entry.getName()));
        if (entry.getName().equals("dev/tidepool/inner/version")) {
          to.write(NEWER.getBytes(StandardCharsets.UTF_8));
        } else {
          try (InputStream in = from.getInputStream(entry)) {
            in.transferTo(to);
          }
        }
        to.closeEntry();
      }
    }
    return jar;
  }

  private static Run with(Path jar, Path jdk, Object... words) throws Exception {
    List<String> all = new ArrayList<>(List.of("-jar", jar.toString()));
    for (Object word : words) {
      all.add(String.valueOf(word));
    }
    Run run = Run.java(jdk, all);
    run.status();
    return run;
  }

  private static Object version(Path jdk, Run application) throws Exception {
    String status = done(Run.tidepool(jdk, "status", application.pid(), "--json"));
    return Json.parseObject(status).get("version");
  }

  @OnEveryJdk
  void theCommandLineOfANewerVersionSaysWhatToDo(Path jdk) throws Exception {
    Path newer = newer();
    assertThat(done(with(newer, jdk, "--version"))).isEqualTo("tidepool " + NEWER + "\n");
    try (Run application = Run.program(jdk, Programs.Idle.class, List.of()).up()) {
      long pid = application.pid();
      done(Run.tidepool(jdk, "attach", pid, "http=off"));
      Object running = version(jdk, application);
      requireOneLine(
          with(newer, jdk, "attach", pid),
          1,
          "version " + running + " is in process " + pid + ", this is " + NEWER + ": run `detach");
      assertThat(version(jdk, application)).isEqualTo(running);

      done(with(newer, jdk, "detach", pid));
      assertThat(done(with(newer, jdk, "attach", pid, "http=off"))).contains(NEWER);
      assertThat(version(jdk, application)).isEqualTo(NEWER);
      done(Run.tidepool(jdk, "detach", pid));
      assertThat(application.out()).isEqualTo("up\n");
    }
  }

  @OnEveryJdk
  void loadedByAnotherToolItIsToldAboutInOneLineAndTheOlderStays(Path jdk) throws Exception {
    Path newer = newer();
    List<String> quiet = List.of("-XX:+EnableDynamicAgentLoading");
    try (Run application = Run.program(jdk, Programs.Idle.class, quiet).up()) {
      done(Run.tidepool(jdk, "attach", application.pid(), "http=off"));
      Object running = version(jdk, application);
      load(application, Path.of(Run.JAR)); // the same once more is nothing to talk about
      load(application, newer);
      application.await("told", () -> !application.err().isEmpty());
      assertThat(application.err())
          .isEqualTo(
              "tidepool: version "
                  + NEWER
                  + " was to be attached, "
                  + running
                  + " is here and stays: detach it first\n");
      assertThat(version(jdk, application)).isEqualTo(running);
    }
  }

  private static void load(Run application, Path jar) throws Exception {
    VirtualMachine machine = VirtualMachine.attach(Long.toString(application.pid()));
    try {
      machine.loadAgent(jar.toString());
    } finally {
      machine.detach();
    }
  }
}
