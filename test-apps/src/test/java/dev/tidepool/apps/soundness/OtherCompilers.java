package dev.tidepool.apps.soundness;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import okio.Buffer;
import okio.Okio;
import org.apache.pdfbox.io.IOUtils;

/**
 * Cases whose buffers are allocated in class files that today's javac did not write. Each copies
 * piece by piece: a buffer for every piece, so that the place is hot enough to be looked at.
 */
final class OtherCompilers {
  private static final int PIECE = 2_500;

  private OtherCompilers() {}

  private static byte[] material(long seed) {
    byte[] bytes = new byte[50_000];
    Bytes.fill(bytes, bytes.length, seed);
    return bytes;
  }

  private static InputStream piece(byte[] bytes, int at) {
    return new ByteArrayInputStream(bytes, at, PIECE);
  }

  /** pdfbox-io, which is built with JDK 8: IOUtils.copy. */
  static final class Javac8 implements Case {
    @Override
    public long run(long seed) throws IOException {
      byte[] bytes = material(seed);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (int at = 0; at < bytes.length; at += PIECE) {
        IOUtils.copy(piece(bytes, at), out);
      }
      return Bytes.sum(out.toByteArray());
    }
  }

  /** kotlin-stdlib: InputStream.copyTo and Reader.copyTo. */
  static final class Kotlin implements Case {
    @Override
    public long run(long seed) throws IOException {
      byte[] bytes = material(seed);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      java.io.StringWriter text = new java.io.StringWriter();
      for (int at = 0; at < bytes.length; at += PIECE) {
        kotlin.io.ByteStreamsKt.copyTo(piece(bytes, at), out, 16 * 1024);
        kotlin.io.TextStreamsKt.copyTo(
            new java.io.StringReader("tide pool ".repeat(150)), text, 8 * 1024);
      }
      return Bytes.sum(out.toByteArray()) * 31 + text.toString().hashCode();
    }
  }

  /** okio's buffers and streams. */
  static final class OkioCopy implements Case {
    @Override
    public long run(long seed) throws IOException {
      Buffer buffer = new Buffer();
      buffer.writeAll(Okio.source(new ByteArrayInputStream(material(seed))));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      buffer.copyTo(out);
      return Bytes.sum(out.toByteArray()) * 31 + buffer.sha256().hashCode();
    }
  }

  /** scala-library: BasicIO.transferFully. */
  static final class Scala implements Case {
    @Override
    public long run(long seed) {
      byte[] bytes = material(seed);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (int at = 0; at < bytes.length; at += PIECE) {
        scala.sys.process.BasicIO.transferFully(piece(bytes, at), out);
      }
      return Bytes.sum(out.toByteArray());
    }
  }

  /** scala-library again, into a stream that keeps what it is handed. */
  static final class ScalaIntoKeeper implements Case {
    private final OutputStream keeper = new Escapes.KeepingStream();

    @Override
    public long run(long seed) {
      // one read's worth: the copy itself writes its buffer again for more
      byte[] bytes = Arrays.copyOf(material(seed), 8000);
      scala.sys.process.BasicIO.transferFully(new ByteArrayInputStream(bytes), keeper);
      return Bytes.sum(bytes);
    }
  }
}
