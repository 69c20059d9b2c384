package workload;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Streams of which some keep what {@code readAllBytes} returns, or what it is made from. */
public final class Streams {
  public static final int LENGTH = 20_000;
  private static final int KEPT = 16;

  private static final byte[][] hoard = new byte[KEPT][];
  private static final byte[][] hoardedAs = new byte[KEPT][];
  private static int hoarded;

  private Streams() {}

  /** Bytes that tell of the seed, none of them zero. */
  public static byte[] content(int seed) {
    byte[] content = new byte[LENGTH];
    Arrays.fill(content, (byte) (seed | 1));
    return content;
  }

  /** A stream of that content, of the kind that a number says; the first three are harmless. */
  public static InputStream of(int kind, int seed) {
    InputStream plain = new ByteArrayInputStream(content(seed));
    return switch (kind) {
      case 0 -> plain;
      case 1 -> new BufferedInputStream(plain, 4096);
      case 2 -> new Wrapper(plain);
      case 3 -> new Hoarder(plain);
      case 4 -> new Wrapper(new Hoarder(plain));
      case 5 -> new Sharer(plain);
      case 6 -> new Turncoat(plain);
      default -> throw new IllegalArgumentException("kind " + kind);
    };
  }

  /** Whether what was kept is as it was when it was kept. */
  public static boolean isIntact() {
    for (int i = 0; i < KEPT; i++) {
      if (hoard[i] != null && !Arrays.equals(hoard[i], hoardedAs[i])) {
        return false;
      }
    }
    return true;
  }

  private static void hoard(byte[] array, byte[] as) {
    hoard[hoarded % KEPT] = array;
    hoardedAs[hoarded++ % KEPT] = as;
  }

  private static final class Wrapper extends FilterInputStream {
    Wrapper(InputStream in) {
      super(in);
    }
  }

  /** Keeps each array that it is asked to fill, and wants to find in it what it has put there. */
  private static final class Hoarder extends FilterInputStream {
    Hoarder(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
      int n = in.read(b, off, len);
      hoard(b, b.clone());
      return n;
    }

    @Override
    public byte[] readAllBytes() throws IOException {
      byte[] all = super.readAllBytes();
      hoard(all, all.clone());
      return all;
    }
  }

  /** Returns the same array to everybody. */
  private static final class Sharer extends FilterInputStream {
    private static byte[] shared;

    Sharer(InputStream in) {
      super(in);
    }

    @Override
    public byte[] readAllBytes() throws IOException {
      shared = shared == null || shared.length == 0 ? super.readAllBytes() : shared;
      hoard(shared, shared.clone());
      return shared;
    }
  }

  /** Whom it wraps when it is asked it does not read from. */
  private static final class Turncoat extends FilterInputStream {
    Turncoat(InputStream in) {
      super(in);
    }

    @Override
    public byte[] readAllBytes() throws IOException {
      InputStream honest = in;
      in = new Hoarder(honest);
      byte[] all = in.readAllBytes();
      in = honest;
      return all;
    }
  }
}
