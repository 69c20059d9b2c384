package dev.tidepool.apps;

import java.io.IOException;

/** The side of an application that answers over loopback and is driven by another process. */
public interface Server extends AutoCloseable {
  /** Port on the loopback address. */
  int port();

  @Override
  void close() throws IOException;
}
