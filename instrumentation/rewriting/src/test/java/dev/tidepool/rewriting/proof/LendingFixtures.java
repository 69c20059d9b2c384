package dev.tidepool.rewriting.proof;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** Arrays handed to compressors, which have them until they were read or the call throws. */
@SuppressWarnings({"all", "deprecation", "removal"})
class LendingFixtures {
  static void own(OutputStream out) throws IOException {
    byte[] b = new byte[4096];
    GZIPOutputStream gzip = new GZIPOutputStream(out);
    gzip.write(b, 0, 100);
    gzip.finish();
  }

  static void given(GZIPOutputStream gzip) throws IOException {
    gzip.write(new byte[4096], 0, 100);
  }

  static void caughtHere(OutputStream out) {
    byte[] b = new byte[4096];
    try {
      new GZIPOutputStream(out).write(b, 0, 100);
    } catch (IOException e) {
      b[0] = 1;
    }
  }

  static void caughtBelow(OutputStream out) throws IOException {
    catches(new byte[4096], out);
  }

  private static void catches(byte[] b, OutputStream out) throws IOException {
    GZIPOutputStream gzip = new GZIPOutputStream(out);
    try {
      gzip.write(b, 0, 100);
    } catch (IOException e) {
      gzip.flush();
    }
    gzip.finish();
  }

  static void caughtTwoBelow(OutputStream out) {
    triesAgain(new byte[4096], out);
  }

  private static void triesAgain(byte[] b, OutputStream out) {
    for (int i = 0; i < 3; i++) {
      try {
        goesOn(b, out);
        return;
      } catch (IOException e) {
        // once more
      }
    }
  }

  static void thrownOn(OutputStream out) throws IOException {
    goesOn(new byte[4096], out);
  }

  private static void goesOn(byte[] b, OutputStream out) throws IOException {
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      synchronized (out) {
        gzip.write(b, 0, 100);
      }
    } catch (IllegalStateException e) {
      throw new IOException(e);
    } finally {
      out.flush();
    }
  }

  static void tellsAndThrows(OutputStream out) throws IOException {
    tells(new byte[4096], out);
  }

  private static void tells(byte[] b, OutputStream out) throws IOException {
    try {
      new GZIPOutputStream(out).write(b, 0, 100);
    } catch (IOException e) {
      told(e, out);
    }
    out.flush();
  }

  private static void told(IOException e, OutputStream out) throws IOException {
    try {
      out.flush();
    } catch (NullPointerException ignored) {
      // what went wrong first counts
    }
    throw e;
  }

  static void tellsAndPerhapsThrows(OutputStream out) throws IOException {
    tellsPerhaps(new byte[4096], out);
  }

  private static void tellsPerhaps(byte[] b, OutputStream out) throws IOException {
    try {
      new GZIPOutputStream(out).write(b, 0, 100);
    } catch (IOException e) {
      toldPerhaps(e, out);
    }
  }

  private static void toldPerhaps(IOException e, OutputStream out) throws IOException {
    if (out != null) {
      throw e;
    }
  }

  static void givenAndCaughtBelow(GZIPOutputStream gzip) {
    catchesOf(new byte[4096], gzip);
  }

  private static void catchesOf(byte[] b, GZIPOutputStream gzip) {
    try {
      gzip.write(b, 0, 100);
    } catch (IOException e) {
      // the caller is not told
    }
  }

  static byte[] result(OutputStream out) throws IOException {
    return new byte[] {packedCopy(out)[0]};
  }

  private static byte[] packedCopy(OutputStream out) throws IOException {
    byte[] b = new byte[4096];
    new GZIPOutputStream(out).write(b, 0, 100);
    return b;
  }

  static int resultCaught(OutputStream out) {
    return packedCopyCaught(out)[0];
  }

  private static byte[] packedCopyCaught(OutputStream out) {
    byte[] b = new byte[4096];
    try {
      new GZIPOutputStream(out).write(b, 0, 100);
    } catch (IOException e) {
      b[0] = 1;
    }
    return b;
  }

  static void owner(OutputStream out, byte[] text) throws IOException {
    ByteArrayOutputStream made = new ByteArrayOutputStream(64);
    made.write(text, 0, text.length);
    made.writeTo(new GZIPOutputStream(out));
  }

  /** What deflate() does is nothing to the array: only the deflater has it. */
  static class Counting extends DeflaterOutputStream {
    int rounds;

    Counting(OutputStream out) {
      super(out);
    }

    @Override
    protected void deflate() throws IOException {
      rounds++;
      super.deflate();
    }
  }

  /** Waits as its superclass does. */
  static class Waiting extends DeflaterOutputStream {
    Waiting(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] b, int off, int len) throws IOException {
      def.setInput(b, off, len);
      do {
        deflate();
      } while (!def.needsInput());
    }
  }

  /** Returns before all was read. */
  static class Hasty extends DeflaterOutputStream {
    Hasty(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] b, int off, int len) throws IOException {
      def.setInput(b, off, len);
      if (len < 10) {
        return;
      }
      while (!def.needsInput()) {
        deflate();
      }
    }
  }

  /** Has it wrong. */
  static class Reversed extends DeflaterOutputStream {
    Reversed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] b, int off, int len) throws IOException {
      def.setInput(b, off, len);
      while (def.needsInput()) {
        deflate();
      }
    }
  }

  /** Asks another deflater. */
  static class Mistaken extends DeflaterOutputStream {
    private final Deflater other = new Deflater();

    Mistaken(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] b, int off, int len) throws IOException {
      def.setInput(b, off, len);
      while (!other.needsInput()) {
        deflate();
      }
    }
  }

  /** Lends to its own deflater, of which nothing is known. */
  static class Elsewhere extends DeflaterOutputStream {
    Deflater other = new Deflater();

    Elsewhere(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] b, int off, int len) throws IOException {
      other.setInput(b, off, len);
      while (!other.needsInput()) {
        deflate();
      }
    }
  }

  /** What goes wrong while it waits is not told. */
  static class Silent extends DeflaterOutputStream {
    Silent(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] b, int off, int len) {
      def.setInput(b, off, len);
      try {
        while (!def.needsInput()) {
          deflate();
        }
      } catch (IOException e) {
        // nobody knows
      }
    }
  }

  /** The array is its own. */
  static class Here extends DeflaterOutputStream {
    Here(OutputStream out) {
      super(out);
    }

    void write() throws IOException {
      def.setInput(new byte[4096], 0, 4096);
      while (!def.needsInput()) {
        deflate();
      }
    }
  }

  /** Hides what goes wrong in what it wraps. */
  static class Hiding extends OutputStream {
    private final OutputStream out;

    Hiding(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] b, int off, int len) {
      try {
        out.write(b, off, len);
      } catch (IOException e) {
        // as PrintStream
      }
    }
  }
}
