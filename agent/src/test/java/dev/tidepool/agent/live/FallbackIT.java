package dev.tidepool.agent.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassReader;
import sample.BarringAgent;
import sample.Copies;

/** Where the usual way is barred the agent takes the other, and {@code status} says so. */
class FallbackIT {
  private static final String INCLUDE = "http=off,pooling.include=" + Copies.class.getName();

  @TempDir Path directory;

  private static String note(Path jdk, Run application, String beginning) throws Exception {
    application.await(
        beginning,
        () ->
            Answers.notes(jdk, application).stream()
                .anyMatch(note -> note.toString().startsWith(beginning)));
    return Run.done(Run.tidepool(jdk, "status", application.pid()));
  }

  private static void requirePooled(Path jdk, Run application) throws Exception {
    application.await("pooled", () -> Answers.stateOf(jdk, application, "copy").equals("ACTIVE"));
    assertThat(Answers.stateOf(jdk, application, "keep")).isEqualTo("REFUSED");
  }

  @OnEveryJdk
  void barredFromJavaLangTheGateIsOnTheBootSearchPath(Path jdk) throws Exception {
    String asm =
        Path.of(ClassReader.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .toString();
    List<String> command = new ArrayList<>();
    command.add("-javaagent:" + AgentJar.of(BarringAgent.class, directory));
    command.addAll(Run.agent(INCLUDE));
    command.addAll(List.of("-cp", Run.CLASSES + File.pathSeparator + asm));
    command.addAll(List.of("-Xlog:class+load:file=" + directory.resolve("classes")));
    command.add(Copies.class.getName());
    try (Run application = Run.java(jdk, command).up()) {
      requirePooled(jdk, application);
      assertThat(note(jdk, application, "the gate is on the boot search path"))
          .contains("class-data sharing is limited");
      assertThat(directory.resolve("classes"))
          .content()
          .contains("tidepool.boot.TidepoolGate ")
          .doesNotContain("java.lang.TidepoolGate ");
      Run.done(Run.tidepool(jdk, "detach", application.pid()));
      assertThat(application.isAlive()).isTrue();
      // the virtual machine's own words about it, where it has any
      assertThat(application.err().lines())
          .allMatch(line -> line.contains("VM warning: Sharing is only supported"));
    }
  }

  @OnEveryJdk
  void withoutJfrItSaysSoAndNamedClassesArePooledAllTheSame(Path jdk) throws Exception {
    List<String> options = new ArrayList<>(Run.agent(INCLUDE));
    options.addAll(List.of("--limit-modules", "java.instrument,jdk.management,jdk.attach"));
    try (Run application = Run.program(jdk, Copies.class, options).up()) {
      requirePooled(jdk, application);
      note(jdk, application, "module jdk.jfr is not in this run: start with --add-modules jdk.jfr");
      assertThat(application.err()).isEmpty();
    }
  }

  @OnEveryJdk
  void withoutAPlaceToWriteJfrIsNotThereEitherAndItSaysSo(Path jdk) throws Exception {
    int port = freePort();
    String http = "http=127.0.0.1:" + port + ",pooling.include=" + Copies.class.getName();
    List<String> options = new ArrayList<>(Run.agent(http));
    options.add("-Djava.io.tmpdir=/proc");
    try (Run application = Run.program(jdk, Copies.class, options).up()) {
      // the control socket has no place either: http answers
      application.await(
          "status says so",
          () -> get(port, "/api/status").contains("JFR repository /proc is not writable"));
      application.await("pooled", () -> get(port, "/api/sites").contains("\"ACTIVE\""));
      assertThat(get(port, "/api/sites")).contains("\"REFUSED\"");
      assertThat(application.err().lines())
          .hasSizeLessThanOrEqualTo(2)
          .allMatch(line -> line.startsWith("tidepool: ") && line.contains("/proc/"));
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String get(int port, String path) {
    URI place = URI.create("http://127.0.0.1:" + port + path);
    HttpRequest request = HttpRequest.newBuilder(place).timeout(Duration.ofSeconds(10)).build();
    try {
      return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    } catch (IOException notYet) {
      return "";
    } catch (InterruptedException asked) {
      throw new AssertionError(asked);
    }
  }
}
