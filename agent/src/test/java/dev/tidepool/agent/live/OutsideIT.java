package dev.tidepool.agent.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.agent.view.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Metrics, HTTP and JMX as others see them. */
class OutsideIT {
  private static final List<String> METRICS =
      List.of(
          "pool_hits_total",
          "pool_misses_total",
          "pool_hit_ratio",
          "pool_bytes",
          "pool_saved_bytes_total{remedy=",
          "sites{state=\"active\"}",
          "pressure_ratio",
          "pressure_level",
          "heap_target_bytes",
          "heap_live_bytes",
          "gc_cpu_ratio",
          "gc_pause_seconds{quantile=",
          "gc_pause_seconds_count",
          "gc_pause_seconds_sum",
          "allocation_bytes_total",
          "decisions_total{lever=",
          "breaker_open",
          "container_limit_bytes",
          "container_working_set_bytes",
          "agent_cpu_seconds_total");

  @TempDir Path directory;

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** A request written by hand: the JDK's client does not let a test choose its Host header. */
  private static String ask(int port, String method, String path, String headers, String body)
      throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String request =
          method
              + " "
              + path
              + " HTTP/1.1\r\n"
              + headers
              + "Content-Length: "
              + body.length()
              + "\r\n\r\n"
              + body;
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String get(int port, String path) {
    try {
      return ask(port, "GET", path, "Host: localhost:" + port + "\r\n", "");
    } catch (IOException notYet) {
      return "";
    }
  }

  private static String content(String answer) {
    assertThat(answer).startsWith("HTTP/1.1 200 ");
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }

  @OnEveryJdk
  void httpAnswersAsPromised(Path jdk) throws Exception {
    int port = freePort();
    Path token = Files.writeString(directory.resolve("token"), "secret\n");
    String options = "http=127.0.0.1:" + port + ",http.token-file=" + token;
    try (Run application = Run.program(jdk, Programs.Idle.class, Run.agent(options)).up()) {
      application.await("http", () -> get(port, "/health").contains("UP"));
      String metrics = content(get(port, "/metrics"));
      for (String name : METRICS) {
        assertThat(metrics).contains("\ntidepool_" + name);
      }
      assertThat(Json.parseObject(content(get(port, "/api/status")))).containsKey("pools");
      for (String list : List.of("sites", "decisions", "advice")) {
        assertThat(Json.parse(content(get(port, "/api/" + list)))).isInstanceOf(List.class);
      }
      assertThat(content(get(port, "/"))).contains("<title>Tidepool</title>");
      assertThat(get(port, "/nothing")).startsWith("HTTP/1.1 404 ");

      String host = "Host: 127.0.0.1:" + port + "\r\n";
      assertThat(ask(port, "GET", "/api/status", "Host: evil.example\r\n", ""))
          .startsWith("HTTP/1.1 403 ");
      assertThat(ask(port, "GET", "/api/status", "", "")).startsWith("HTTP/1.1 403 ");
      assertThat(ask(port, "POST", "/api/set", host, "mode=observe")).startsWith("HTTP/1.1 401 ");
      assertThat(ask(port, "POST", "/api/set", host + "Authorization: Bearer guess\r\n", "mode=x"))
          .startsWith("HTTP/1.1 401 ");
      assertThat(content(get(port, "/api/status"))).contains("\"mode\":\"auto\"");
      String bearer = host + "Authorization: Bearer secret\r\n";
      assertThat(content(ask(port, "POST", "/api/set", bearer, "mode=observe")))
          .isEqualTo("mode = observe\n");
      assertThat(content(get(port, "/api/status"))).contains("\"mode\":\"observe\"");
      assertThat(ask(port, "BREW", "/", bearer, "")).startsWith("HTTP/1.1 405 ");
      assertThat(application.err()).isEmpty();
    }
  }

  @OnEveryJdk
  void withoutAReadableTokenNothingCanBeChanged(Path jdk) throws Exception {
    Path empty = Files.writeString(directory.resolve("empty"), "\n");
    for (Path token : List.of(directory.resolve("nowhere"), directory, empty)) {
      int port = freePort();
      String options = "http=127.0.0.1:" + port + ",http.token-file=" + token;
      try (Run application = Run.program(jdk, Programs.Idle.class, Run.agent(options)).up()) {
        application.await("http", () -> get(port, "/health").contains("UP"));
        String said = "tidepool: cannot read http.token-file " + token + ": nothing can be changed";
        assertThat(application.err()).startsWith(said).hasLineCount(1);
        String host = "Host: 127.0.0.1:" + port + "\r\n";
        for (String guess : List.of("", "Authorization: Bearer \r\n", "Authorization: x\r\n")) {
          assertThat(ask(port, "POST", "/api/set", host + guess, "mode=observe"))
              .startsWith("HTTP/1.1 40");
        }
        assertThat(content(get(port, "/api/status"))).contains("\"mode\":\"auto\"");
      }
    }
  }

  @OnEveryJdk
  void aTakenPortMovesToTheNext(Path jdk) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String options = "http=127.0.0.1:" + taken.getLocalPort();
      try (Run application = Run.program(jdk, Programs.Idle.class, Run.agent(options)).up()) {
        application.await("told", () -> !application.err().isEmpty());
        assertThat(application.err().lines()).hasSize(1);
        assertThat(application.err())
            .startsWith("tidepool: port " + taken.getLocalPort() + " is taken, http is at 127");
      }
    }
  }

  @OnEveryJdk
  void theBeansAreThereAndGoOnDetach(Path jdk) throws Exception {
    try (Run application = Run.program(jdk, Programs.Beans.class, Run.agent("http=off"))) {
      assertThat(application.status()).isZero();
      assertThat(application.err()).isEmpty();
      assertThat(application.out().lines())
          .containsExactly(
              "dev.tidepool:type=Advice readable",
              "dev.tidepool:type=Agent readable",
              "dev.tidepool:type=Pools readable",
              "dev.tidepool:type=Sites readable",
              "dev.tidepool:type=Tuning readable",
              "mode = observe",
              "gone");
    }
  }

  @OnEveryJdk
  void namedTwiceOnTheCommandLineThereIsOneAgent(Path jdk) throws Exception {
    int port = freePort();
    String agent = Run.agent("http=127.0.0.1:" + port).get(0);
    try (Run application = Run.program(jdk, Programs.Idle.class, List.of(agent, agent)).up()) {
      application.await("http", () -> get(port, "/health").contains("UP"));
      assertThat(get(port + 1, "/health")).isEmpty();
      assertThat(application.err()).isEmpty();
    }
  }
}
