package dev.tidepool.apps.synthetic;

import dev.tidepool.apps.App;
import dev.tidepool.apps.Fold;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A service that copies streams the way everybody writes it: a request moves a few small bodies
 * through a fresh local buffer of 64 KB each. It holds 96 MB of live data, as services do.
 */
public final class CopyService implements App {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int BODIES = 4;
  private static final int LIVE_BLOCKS = 96 * 16;

  private final byte[][] live = new byte[LIVE_BLOCKS][BUFFER_BYTES];

  @Override
  public long operate(long seed) throws IOException {
    Fold fold = new Fold().add(live[(int) (seed % LIVE_BLOCKS)][17]);
    for (int body = 0; body < BODIES; body++) {
      int length = 512 + (int) (Fold.mix(seed + body) & 4095);
      ChecksumSink sink = new ChecksumSink();
      long copied = copy(new SeededStream(seed + body, length), sink);
      fold.add(copied).add(sink.value());
    }
    return fold.value();
  }

  private static long copy(InputStream from, OutputStream to) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long total = 0;
    int count;
    while ((count = from.read(buffer)) >= 0) {
      to.write(buffer, 0, count);
      total += count;
    }
    return total;
  }
}
