package dev.tidepool.agent.cli;

import dev.tidepool.agent.view.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks the agent in a process, one question per connection. */
final class ControlClient {
  private final Target target;

  ControlClient(Target target) {
    this.target = target;
  }

  /** Whether an agent answers. */
  Optional<String> version() {
    Path socket = target.socket().orElse(null);
    if (socket == null) {
      return Optional.empty();
    }
    try {
      Object result = exchange(socket, "ping", List.of());
      return Optional.of(String.valueOf(((Map<?, ?>) result).get("version")));
    } catch (IOException notThere) {
      return Optional.empty();
    }
  }

  /**
   * Asks.
   *
   * @return the document the agent answers with
   * @throws Failure if there is no agent or it says no
   */
  Object ask(String verb, String... arguments) {
    Path socket = target.socket().orElseThrow(this::notThere);
    try {
      return exchange(socket, verb, List.of(arguments));
    } catch (IOException gone) {
      throw notThere();
    }
  }

  private Failure notThere() {
    target.requireSameUser(); // an agent in there would not be seen from here
    return new Failure(
        "there is no agent in process "
            + target.pid()
            + ": run `attach "
            + target.pid()
            + "` first");
  }

  private static Object exchange(Path socket, String verb, List<String> arguments)
      throws IOException {
    String request = Json.text(Map.of("verb", verb, "args", arguments)) + "\n";
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      ByteBuffer out = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
      while (out.hasRemaining()) {
        channel.write(out);
      }
      ByteBuffer in = ByteBuffer.allocate(16 << 10);
      while (channel.read(in) >= 0) {
        answer.write(in.array(), 0, in.position());
        in.clear();
      }
    }
    Map<String, Object> document = Json.parseObject(answer.toString(StandardCharsets.UTF_8));
    if (!Boolean.TRUE.equals(document.get("ok"))) {
      throw new Failure(String.valueOf(document.get("error")));
    }
    return document.get("result");
  }
}
