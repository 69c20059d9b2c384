package dev.tidepool.apps.coverage;

import dev.tidepool.apps.Catalogue;
import dev.tidepool.apps.load.Collector;
import dev.tidepool.apps.load.Jdk;
import dev.tidepool.apps.load.Plan;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Prints where applications allocate their large arrays: what a remedy has to aim at. */
public final class HotArrays {
  private static final int MOST = 12;

  private HotArrays() {}

  /**
   * Counts one application after the other.
   *
   * @param args names of applications
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    for (String name : args) {
      Plan plan =
          Plan.of(Catalogue.of(name), Jdk.current(), Collector.G1)
              .lasting(Duration.ofSeconds(5), Duration.ofSeconds(3));
      print(name, LargeArrays.count(plan), System.out);
    }
  }

  private static void print(String name, LargeArrays arrays, PrintStream out) {
    long all = arrays.stacks().stream().mapToLong(LargeArrays.Stack::bytes).sum();
    out.printf(
        Locale.ROOT,
        "%n## %s%n%,.1f KB an operation in arrays of 1 KB and more%n%n",
        name,
        arrays.bytesPerOperation() / 1024);
    int number = 0;
    for (LargeArrays.Stack stack : arrays.stacks().stream().limit(MOST).toList()) {
      out.printf(
          Locale.ROOT,
          "%d. %.1f %% `%s` %,d of %,d .. %,d bytes%n",
          ++number,
          100.0 * stack.bytes() / all,
          stack.type(),
          stack.count(),
          stack.smallest(),
          stack.largest());
      stack.frames().forEach(frame -> out.println("   - " + frame));
    }
  }
}
