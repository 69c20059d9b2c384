package dev.tidepool.agent.config;

/**
 * Where to listen.
 *
 * @param port 0 for any free one
 */
public record HostPort(String host, int port) {

  /**
   * Reads {@code host:port}, {@code [v6]:port} or a port alone, which means loopback.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "127.0.0.1" : text.substring(0, colon);
    int port = Integer.parseInt(text.substring(colon + 1));
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    if (host.isBlank() || port < 0 || port > 65_535) {
      throw new IllegalArgumentException("not address:port: " + text);
    }
    return new HostPort(host, port);
  }

  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
