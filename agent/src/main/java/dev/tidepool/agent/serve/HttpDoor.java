package dev.tidepool.agent.serve;

import dev.tidepool.agent.config.HostPort;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The door of browsers and scrapers.
 *
 * <p>Reading is open on loopback; changing anything, or reading from elsewhere, needs the token.
 * Without the token the Host header must name this machine's own address, so that no web page can
 * reach in through a name of its own (DNS rebinding).
 */
public final class HttpDoor implements Protocol {
  private static final int PORTS_TRIED = 100;

  private final HttpAnswers answers;
  private final Token token;
  private final InetSocketAddress address;

  private HttpDoor(HttpAnswers answers, Token token, InetSocketAddress address) {
    this.answers = answers;
    this.token = token;
    this.address = address;
  }

  /**
   * Opens the door at the wanted port or the next free one.
   *
   * @throws IOException if the address is not of this machine, or 100 ports in a row are taken
   */
  public static HttpDoor open(Doors doors, HostPort wanted, Token token, HttpAnswers answers)
      throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      bind(channel, wanted);
      InetSocketAddress address = (InetSocketAddress) channel.getLocalAddress();
      HttpDoor door = new HttpDoor(answers, token, address);
      doors.open(channel, door);
      return door;
    } catch (IOException | RuntimeException closed) {
      channel.close();
      throw closed;
    }
  }

  private static void bind(ServerSocketChannel channel, HostPort wanted) throws IOException {
    InetAddress host = InetAddress.getByName(wanted.host());
    int last = wanted.port() == 0 ? 0 : Math.min(65_535, wanted.port() + PORTS_TRIED - 1);
    for (int port = wanted.port(); ; port++) {
      try {
        channel.bind(new InetSocketAddress(host, port), 50);
        return;
      } catch (BindException taken) {
        if (port >= last) {
          throw taken;
        }
      }
    }
  }

  /** Where the door is in the end. */
  public HostPort at() {
    return new HostPort(address.getAddress().getHostAddress(), address.getPort());
  }

  @Override
  public boolean isWhole(byte[] bytes, int length) {
    return HttpRequest.isWhole(bytes, length);
  }

  @Override
  public byte[] answer(byte[] bytes, int length, SocketAddress from, SocketAddress at) {
    HttpRequest request;
    try {
      request = HttpRequest.parse(bytes, length);
    } catch (IllegalArgumentException nonsense) {
      return HttpAnswer.text(400, "not an HTTP request").bytes(true);
    }
    boolean head = request.method().equals("HEAD");
    HttpAnswer refused = refusal(request, from, at);
    return (refused != null ? refused : dispatch(request)).bytes(!head);
  }

  private HttpAnswer refusal(HttpRequest request, SocketAddress from, SocketAddress at) {
    boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
    if (token.matches(request)) {
      return null;
    }
    if (!namesThisMachine(request.header("host"), at)) {
      return HttpAnswer.text(403, "the Host header does not name this machine");
    }
    boolean local =
        from instanceof InetSocketAddress remote && remote.getAddress().isLoopbackAddress();
    if (reads && local) {
      return null;
    }
    return token.isSet()
        ? HttpAnswer.text(401, "send the token: Authorization: Bearer TOKEN")
        : HttpAnswer.text(403, "not without a token: start with http.token-file=FILE");
  }

  private static boolean namesThisMachine(String host, SocketAddress at) {
    int colon = host.lastIndexOf(':');
    boolean hasPort = colon > 0 && !host.endsWith("]");
    String name = hasPort ? host.substring(0, colon) : host;
    if (name.startsWith("[") && name.endsWith("]")) {
      name = name.substring(1, name.length() - 1);
    }
    return name.equalsIgnoreCase("localhost")
        || name.equals("127.0.0.1")
        || name.equals("::1")
        || (at instanceof InetSocketAddress local
            && name.equals(local.getAddress().getHostAddress()));
  }

  private HttpAnswer dispatch(HttpRequest request) {
    return switch (request.method()) {
      case "GET", "HEAD" -> answers.read(request);
      case "POST" -> answers.change(request);
      default -> HttpAnswer.text(405, "GET, HEAD or POST");
    };
  }

  /**
   * An answer to be sent.
   *
   * @param type of the content
   */
  record HttpAnswer(int status, String type, String content) {
    private static final Map<Integer, String> REASONS =
        Map.of(
            200, "OK",
            400, "Bad Request",
            401, "Unauthorized",
            403, "Forbidden",
            404, "Not Found",
            405, "Method Not Allowed",
            409, "Conflict",
            500, "Internal Server Error");

    static HttpAnswer text(int status, String line) {
      return new HttpAnswer(status, "text/plain; charset=utf-8", line + "\n");
    }

    static HttpAnswer json(String content) {
      return new HttpAnswer(200, "application/json", content);
    }

    byte[] bytes(boolean withContent) {
      byte[] body = content.getBytes(StandardCharsets.UTF_8);
      String head =
          "HTTP/1.1 "
              + status
              + " "
              + REASONS.get(status)
              + "\r\nContent-Type: "
              + type
              + "\r\nContent-Length: "
              + body.length
              + "\r\nConnection: close\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff"
              + "\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline';"
              + " script-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'\r\n\r\n";
      byte[] headBytes = head.getBytes(StandardCharsets.ISO_8859_1);
      if (!withContent) {
        return headBytes;
      }
      byte[] all = new byte[headBytes.length + body.length];
      System.arraycopy(headBytes, 0, all, 0, headBytes.length);
      System.arraycopy(body, 0, all, headBytes.length, body.length);
      return all;
    }
  }
}
