package workload;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** What the scenarios run: a local buffer, handed to an object whose class may have subclasses. */
public class Workload {
  /** Sees the buffer. */
  public static class Filter {
    public int look(byte[] buffer) {
      return buffer[0] + buffer[buffer.length - 1];
    }
  }

  /** A subclass that does not keep it and does not come between. */
  public static class Quiet extends Filter {
    public int other() {
      return 1;
    }
  }

  /** Keeps it. */
  public static class Keeping extends Filter {
    public static byte[] kept;

    @Override
    public int look(byte[] buffer) {
      kept = buffer;
      return 0;
    }
  }

  /** The site: 16 KB, dead when the method leaves. */
  public int work(Filter filter) {
    byte[] buffer = new byte[16384];
    buffer[0] = 3;
    return filter.look(buffer);
  }

  /** A site whose array could be kept to the method, and never is. */
  public byte[] fitted(int n) {
    byte[] buffer = new byte[16384];
    return n >= buffer.length ? buffer : java.util.Arrays.copyOf(buffer, n);
  }

  /** Runs InputStream.transferTo, a site of the JDK. */
  public long transfer() throws IOException {
    return new Plain().transferTo(OutputStream.nullOutputStream());
  }

  /** A stream that inherits transferTo. */
  public static final class Plain extends InputStream {
    private final InputStream in = new ByteArrayInputStream(new byte[100]);

    @Override
    public int read() throws IOException {
      return in.read();
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
      return in.read(b, off, len);
    }
  }
}
