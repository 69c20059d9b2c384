package dev.tidepool.pools.bench;

/** A pool of buffers, as every peer can be seen. One kind of it is loaded in a JVM at a time. */
interface Buffers {
  Object take(int bytes) throws Exception;

  void give(Object buffer) throws Exception;

  default void close() throws Exception {}
}
