package sample;

import dev.tidepool.tuning.JavaHomes;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;

/** The Java versions that trials run on. */
final class Homes {
  private Homes() {}

  static List<File> all() {
    return JavaHomes.all();
  }

  static File newest() {
    return all().stream().max(Comparator.comparingInt(Homes::major)).orElseThrow();
  }

  static String version(File home) {
    return Integer.toString(major(home));
  }

  private static int major(File home) {
    try {
      for (String line : Files.readAllLines(new File(home, "release").toPath())) {
        if (line.startsWith("JAVA_VERSION=")) {
          return Integer.parseInt(
              line.replace("JAVA_VERSION=", "").replace("\"", "").split("[.+-]", 2)[0]);
        }
      }
    } catch (IOException e) {
      return 0;
    }
    return 0;
  }
}
