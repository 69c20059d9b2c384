package dev.tidepool.apps.synthetic;

import java.io.OutputStream;
import java.util.zip.CRC32;

/** Keeps the checksum of what is written to it and nothing else. */
final class ChecksumSink extends OutputStream {
  private final CRC32 crc = new CRC32();

  @Override
  public void write(int b) {
    crc.update(b);
  }

  @Override
  public void write(byte[] from, int offset, int length) {
    crc.update(from, offset, length);
  }

  long value() {
    return crc.getValue();
  }
}
