package dev.tidepool.agent.serve;

import java.net.SocketAddress;

/** How the bytes of one door are understood. */
interface Protocol {

  /** Whether these bytes are a whole request. */
  boolean isWhole(byte[] bytes, int length);

  /** The answer to a whole request; what it throws closes the connection without one. */
  byte[] answer(byte[] bytes, int length, SocketAddress from, SocketAddress at);
}
