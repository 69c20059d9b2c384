package dev.tidepool.apps.soundness;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import okio.Buffer;
import okio.Okio;

/** Cases whose buffers are allocated in class files that javac did not write. */
final class OtherCompilers {
  private OtherCompilers() {}

  private static byte[] material(long seed) {
    byte[] bytes = new byte[50_000];
    Bytes.fill(bytes, bytes.length, seed);
    return bytes;
  }

  /** kotlin-stdlib: InputStream.copyTo and Reader.copyTo. */
  static final class Kotlin implements Case {
    @Override
    public long run(long seed) throws IOException {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      kotlin.io.ByteStreamsKt.copyTo(new ByteArrayInputStream(material(seed)), out, 16 * 1024);
      java.io.StringWriter text = new java.io.StringWriter();
      kotlin.io.TextStreamsKt.copyTo(
          new java.io.StringReader("tide pool ".repeat(3000)), text, 8 * 1024);
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
      InputStream in = new ByteArrayInputStream(material(seed));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      scala.sys.process.BasicIO.transferFully(in, out);
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
