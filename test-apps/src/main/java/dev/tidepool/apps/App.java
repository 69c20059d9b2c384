package dev.tidepool.apps;

import java.io.IOException;

/** One application under load. Operations may run in several threads at once. */
public interface App extends AutoCloseable {
  /**
   * Does one piece of work.
   *
   * @param seed the work depends on this alone
   * @return checksum of everything produced; the same for the same seed on the same JDK
   */
  long operate(long seed) throws Exception;

  @Override
  default void close() throws IOException {}
}
