package dev.tidepool.agent.serve;

import dev.tidepool.agent.log.Log;
import dev.tidepool.agent.view.Json;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The door of the command line: a Unix domain socket.
 *
 * <p>A request is one line, {@code {"verb":"why","args":["b3f0"]}}; the answer is one line, {@code
 * {"ok":true,"result":...}} or {@code {"ok":false,"error":"..."}}. Unlike loading an agent again,
 * asking here makes the virtual machine print nothing (JEP 451).
 */
public final class ControlDoor implements AutoCloseable, Protocol {
  private final Path socket;
  private final Verbs verbs;

  private ControlDoor(Path socket, Verbs verbs) {
    this.socket = socket;
    this.verbs = verbs;
  }

  /**
   * Opens the door of this process.
   *
   * @throws IOException with the reason where it cannot be opened
   */
  public static ControlDoor open(Doors doors, Verbs verbs) throws IOException {
    String user = System.getProperty("user.name", "user").replace('/', '_');
    Path temporary = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    Path socket = ControlPlace.socket(temporary, user, ProcessHandle.current().pid());
    ControlPlace.prepare(socket.getParent());
    Files.deleteIfExists(socket);
    ControlDoor door = new ControlDoor(socket, verbs);
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(socket));
      doors.open(channel, door);
    } catch (IOException | RuntimeException closed) {
      channel.close();
      throw closed;
    }
    return door;
  }

  @Override
  public boolean isWhole(byte[] bytes, int length) {
    return length > 0 && bytes[length - 1] == '\n';
  }

  @Override
  public byte[] answer(byte[] bytes, int length, SocketAddress from, SocketAddress at) {
    Map<String, Object> answer = new LinkedHashMap<>();
    try {
      Map<String, Object> request =
          Json.parseObject(new String(bytes, 0, length, StandardCharsets.UTF_8));
      List<String> arguments =
          request.get("args") instanceof List<?> list
              ? list.stream().map(String::valueOf).toList()
              : List.of();
      Object result = verbs.call(String.valueOf(request.get("verb")), arguments);
      answer.put("ok", true);
      answer.put("result", result);
    } catch (Exception refused) {
      answer.put("ok", false);
      answer.put("error", Verbs.line(refused));
    }
    return (Json.text(answer) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Takes the socket's file away; the channel is closed by its {@link Doors}. */
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(socket);
  }

  /** Closes and says so when that fails. */
  public void close(Log log) {
    try {
      close();
    } catch (IOException kept) {
      log.failed("could not remove " + socket, kept);
    }
  }
}
