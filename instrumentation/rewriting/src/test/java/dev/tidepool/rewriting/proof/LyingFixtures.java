package dev.tidepool.rewriting.proof;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Classes whose being loaded is enough to trust no compressor any more: one world for each. */
@SuppressWarnings({"all", "deprecation", "removal"})
final class LyingFixtures {
  private LyingFixtures() {}

  /** Says that all was read where it was not. */
  static class Liar extends Deflater {
    @Override
    public boolean needsInput() {
      return true;
    }
  }

  /** Keeps what it is given for itself. */
  static class Hoarder extends Deflater {
    byte[] last;

    @Override
    public void setInput(byte[] input, int off, int len) {
      last = input;
      super.setInput(input, off, len);
    }
  }

  /** Puts another deflater where one still has something to read. */
  static class Exchanging extends DeflaterOutputStream {
    Exchanging(OutputStream out) {
      super(out);
    }

    @Override
    protected void deflate() throws IOException {
      def = new Deflater();
    }
  }

  /** Changes nothing that matters. */
  static class Honest extends Deflater {
    Honest() {
      super(BEST_SPEED, true);
    }

    @Override
    public void end() {
      super.end();
    }
  }
}
