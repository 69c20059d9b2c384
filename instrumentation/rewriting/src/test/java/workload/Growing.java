package workload;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Makes objects that grow, in ways that may and may not be helped. */
public final class Growing {
  private static final byte[] CHUNK = "eight by".getBytes(StandardCharsets.US_ASCII);

  private Growing() {}

  /** A stream filled in small steps and turned into an array. */
  public static byte[] stream(int size) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < size; i += CHUNK.length) {
      out.write(CHUNK, 0, CHUNK.length);
    }
    return out.toByteArray();
  }

  /** A stream that is given far too much. */
  public static byte[] generous(int size) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(65_536);
    out.write(CHUNK, 0, Math.min(size, CHUNK.length));
    return out.toByteArray();
  }

  /** Text that stays here. */
  public static String text(int size) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < size; i++) {
      text.append((char) ('a' + i % 26));
    }
    return text.toString();
  }

  /** Text whose builder is asked how large it is. */
  public static int asked(int size) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < size; i++) {
      text.append('x');
    }
    return text.capacity();
  }

  /** Bytes whose array a stream is shown. */
  public static int shown(int size) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < size; i++) {
      bytes.write(i);
    }
    int[] length = new int[1];
    bytes.writeTo(
        new OutputStream() {
          @Override
          public void write(int one) {}

          @Override
          public void write(byte[] array, int offset, int count) {
            length[0] = array.length;
          }
        });
    return length[0];
  }

  /** Text whose builder may be asked elsewhere. */
  public static String written(int size) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    for (int i = 0; i < size; i++) {
      out.print('x');
    }
    out.flush();
    return text.toString();
  }

  /** Text whose writer is given away. */
  public static StringWriter writer(int size) {
    StringWriter text = new StringWriter();
    for (int i = 0; i < size; i++) {
      text.write('x');
    }
    return text;
  }

  /** Text whose builder begins with some. */
  public static String greeting(int size) {
    StringBuilder text = new StringBuilder("Dear reader, ");
    for (int i = 0; i < size; i++) {
      text.append((char) ('a' + i % 26));
    }
    return text.toString();
  }

  public static List<Object> list(int size) {
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      list.add(CHUNK);
    }
    return list;
  }

  /** A stream that shows how long its array is. */
  public static int telling(int size) {
    Telling out = new Telling();
    for (int i = 0; i < size; i++) {
      out.write(i);
    }
    return out.length();
  }

  private static final class Telling extends ByteArrayOutputStream {
    int length() {
      return buf.length;
    }
  }
}
