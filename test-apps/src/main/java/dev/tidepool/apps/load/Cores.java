package dev.tidepool.apps.load;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Some cores of the machine, from one on.
 *
 * @param list as {@code taskset} reads it
 */
public record Cores(String list) {
  private static final long LONGEST_SECONDS = 10;

  /** One half of the machine and the other; where it has one core only, that one twice. */
  public static List<Cores> halves() {
    int all = Runtime.getRuntime().availableProcessors();
    int half = Math.max(1, all / 2);
    Cores first = new Cores("0-" + (half - 1));
    return List.of(first, all == 1 ? first : new Cores(half + "-" + (2 * half - 1)));
  }

  /** Keeps all threads of a process here; it runs where it likes if there is no taskset. */
  void hold(long pid) throws IOException, InterruptedException {
    Process taskset;
    try {
      taskset =
          new ProcessBuilder("taskset", "-apc", list, Long.toString(pid))
              .redirectErrorStream(true)
              .redirectOutput(new File("/dev/null"))
              .start();
    } catch (IOException none) {
      return;
    }
    // a thread that ends meanwhile makes it fail for that thread only
    if (!taskset.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
      taskset.destroyForcibly();
      throw new IOException("taskset did not end");
    }
  }
}
