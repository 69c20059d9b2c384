package dev.tidepool.apps.synthetic;

import dev.tidepool.apps.App;
import dev.tidepool.apps.Fold;
import dev.tidepool.apps.Material;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/** Three loops, each of one kind of buffer and of nearly nothing else. */
public final class Buffers {
  /** What the growing loop ends up with, bytes. */
  public static final int GROWN_BYTES = 300 * 1024;

  private static final int CHUNK = 8 * 1024;
  private static final int DIRECT_BYTES = 1 << 20;

  /** For whom the grown array was made: it is not the loop's own any more. */
  private static volatile byte[] handed = {};

  private Buffers() {}

  /** A stream filled chunk by chunk, then turned into an array that somebody else gets. */
  public static App growing() {
    byte[] chunk = Material.noise(5, CHUNK);
    return seed -> {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (int left = GROWN_BYTES; left > 0; left -= CHUNK) {
        out.write(chunk, 0, Math.min(CHUNK, left));
      }
      handed = out.toByteArray();
      byte[] grown = handed;
      return new Fold()
          .add(seed)
          .add(grown.length)
          .add(grown[(int) (seed * 997 % GROWN_BYTES)])
          .value();
    };
  }

  /** Bodies of half a kilobyte, each packed by a stream of its own. */
  public static App smallGzip() {
    byte[][] bodies = new byte[16][];
    for (int i = 0; i < bodies.length; i++) {
      bodies[i] = Material.text(i, 512).getBytes(StandardCharsets.US_ASCII);
    }
    return seed -> packed(bodies[(int) (seed % bodies.length)]);
  }

  private static long packed(byte[] body) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream(512);
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(body);
    }
    return new Fold().add(packed.toByteArray()).value();
  }

  /** A megabyte outside the heap, filled, looked at, dropped. */
  public static App direct() {
    byte[] filling = Material.noise(6, DIRECT_BYTES);
    return seed -> {
      ByteBuffer buffer = ByteBuffer.allocateDirect(DIRECT_BYTES);
      buffer.put(filling).flip();
      return new Fold().add(buffer.getLong((int) (seed * 4096))).add(buffer.remaining()).value();
    };
  }
}
