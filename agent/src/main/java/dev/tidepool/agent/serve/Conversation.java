package dev.tidepool.agent.serve;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/** One connection: a request comes in, an answer goes out, done. */
final class Conversation {
  private static final int LONGEST_REQUEST = 64 << 10;
  private static final long LONGEST_NANOS = 10_000_000_000L;

  private final SocketChannel channel;
  private final Protocol protocol;
  private final long deadline = System.nanoTime() + LONGEST_NANOS;
  private byte[] request = new byte[1024];
  private int length;
  private ByteBuffer answer;

  Conversation(SocketChannel channel, Protocol protocol) {
    this.channel = channel;
    this.protocol = protocol;
  }

  boolean isOverdue(long now) {
    return now - deadline > 0;
  }

  boolean isAnswering() {
    return answer != null;
  }

  /**
   * Takes one step.
   *
   * @return whether there is more to come
   * @throws IOException if the other side has gone
   */
  boolean step(SelectionKey key) throws IOException {
    if (answer == null) {
      if (!read()) {
        return false;
      }
      if (!protocol.isWhole(request, length)) {
        return length < LONGEST_REQUEST;
      }
      answer =
          ByteBuffer.wrap(
              protocol.answer(
                  request, length, channel.getRemoteAddress(), channel.getLocalAddress()));
      if (key.isValid()) {
        key.interestOps(SelectionKey.OP_WRITE);
      }
    }
    channel.write(answer);
    return answer.hasRemaining();
  }

  private boolean read() throws IOException {
    if (length == request.length) {
      request = Arrays.copyOf(request, Math.min(LONGEST_REQUEST, length * 2));
    }
    int count = channel.read(ByteBuffer.wrap(request, length, request.length - length));
    if (count < 0) {
      return false;
    }
    length += count;
    return true;
  }

  void close() {
    try {
      channel.close();
    } catch (IOException gone) {
      // it is closed either way
    }
  }
}
