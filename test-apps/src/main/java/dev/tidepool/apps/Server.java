package dev.tidepool.apps;

import java.io.IOException;

/** The side of an application that answers over loopback and is driven by another process. */
public interface Server extends AutoCloseable {
  /**
   * Lets the JDK's HTTP server send at once, as one that is served from would: it else holds a body
   * back until the headers are acknowledged, 40 ms later, and does nothing meanwhile. To be called
   * before its first use.
   */
  static void sendAtOnce() {
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  /** Port on the loopback address. */
  int port();

  @Override
  void close() throws IOException;
}
