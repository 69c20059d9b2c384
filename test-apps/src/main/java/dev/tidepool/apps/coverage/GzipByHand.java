package dev.tidepool.apps.coverage;

import dev.tidepool.apps.Material;
import dev.tidepool.apps.load.Figures.Spread;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * What a program gains that keeps one compressor and resets it, over a new one for each small body:
 * no remedy for compressors can reach more on this machine.
 */
final class GzipByHand {
  private static final int ROUNDS = 9;
  private static final long ROUND_NANOS = Duration.ofMillis(300).toNanos();
  private static final int BATCH = 100;

  private final byte[] body = Material.text(0, 512).getBytes(StandardCharsets.US_ASCII);
  private final Deflater kept = new Deflater(Deflater.DEFAULT_COMPRESSION, true);

  private GzipByHand() {}

  /** Operations/s with the one that is kept over those with new ones, both in turn. */
  static Spread ratio() throws IOException {
    GzipByHand loop = new GzipByHand();
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      double anew = loop.perSecond(true);
      double again = loop.perSecond(false);
      if (round >= ROUNDS / 3) { // compiled by then
        ratios.add(again / anew);
      }
    }
    loop.kept.end();
    return Spread.of(ratios);
  }

  private double perSecond(boolean anew) throws IOException {
    long start = System.nanoTime();
    long operations = 0;
    long took = 0;
    for (; took < ROUND_NANOS; took = System.nanoTime() - start) {
      for (int i = 0; i < BATCH; i++) {
        pack(anew);
      }
      operations += BATCH;
    }
    return operations * 1e9 / took;
  }

  private void pack(boolean anew) throws IOException {
    Deflater deflater = anew ? new Deflater(Deflater.DEFAULT_COMPRESSION, true) : kept;
    ByteArrayOutputStream packed = new ByteArrayOutputStream(body.length);
    try (DeflaterOutputStream out = new DeflaterOutputStream(packed, deflater)) {
      out.write(body);
    }
    if (packed.size() == 0) {
      throw new IllegalStateException("nothing was packed");
    }
    if (anew) {
      deflater.end();
    } else {
      deflater.reset();
    }
  }
}
