package workload;

import java.io.IOException;
import java.io.InputStream;

/** What a method returns, and callers that need it for as long as they run. */
public final class Results {
  private static final int LENGTH = 20_000;

  private Results() {}

  private static byte[] filled(int seed) {
    byte[] made = new byte[LENGTH];
    for (byte old : made) {
      if (old != 0) {
        throw new IllegalStateException("a new array is zero");
      }
    }
    made[seed & 1023] = (byte) (seed | 1);
    return made;
  }

  private static int sum(byte[] bytes) {
    int sum = 0;
    for (byte one : bytes) {
      sum += one;
    }
    return sum;
  }

  public static int early(int seed) {
    byte[] got = filled(seed);
    return sum(got);
  }

  public static int late(int seed) {
    byte[] first = filled(seed);
    byte[] second = filled(seed + 1);
    return sum(first) - sum(second);
  }

  public static int read(InputStream in) throws IOException {
    byte[] all = in.readAllBytes();
    return sum(all);
  }
}
