package dev.tidepool.apps.synthetic;

import dev.tidepool.apps.App;
import java.util.zip.CRC32;

/** A job as a batch program would write it: one fresh buffer of 20 MB each time, used in part. */
public final class TwentyMegabyteJob implements App {
  private static final int BUFFER_BYTES = 20 * 1024 * 1024;
  private static final int USED_BYTES = 100 * 1024;

  @Override
  public long operate(long seed) {
    byte[] buffer = new byte[BUFFER_BYTES];
    int used = USED_BYTES - (int) (seed & 1023);
    long state = seed;
    for (int i = 0; i < used; i++) {
      state = state * 6364136223846793005L + 1442695040888963407L;
      buffer[i] = (byte) (state >>> 56);
    }
    // what was not written must read as zero: a byte of an earlier job would change the checksum
    CRC32 crc = new CRC32();
    crc.update(buffer, 0, used + USED_BYTES);
    crc.update(buffer, BUFFER_BYTES - 4096, 4096);
    return crc.getValue();
  }
}
