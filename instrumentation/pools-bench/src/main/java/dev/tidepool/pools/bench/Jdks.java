package dev.tidepool.pools.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/** The JDKs of this machine. */
final class Jdks {
  private Jdks() {}

  /** The home of the newest under /usr/lib/jvm or in TIDEPOOL_TEST_JDKS; else the running one. */
  static Path newest() throws IOException {
    List<Path> homes = new ArrayList<>(List.of(running()));
    String named = System.getenv("TIDEPOOL_TEST_JDKS");
    if (named != null) {
      Stream.of(named.split("[:;]")).map(Path::of).forEach(homes::add);
    } else if (Files.isDirectory(Path.of("/usr/lib/jvm"))) {
      try (Stream<Path> installed = Files.list(Path.of("/usr/lib/jvm"))) {
        installed.forEach(homes::add);
      }
    }
    return homes.stream()
        .filter(h -> Files.isExecutable(h.resolve("bin/java")))
        .max(Comparator.comparingInt(Jdks::feature))
        .orElse(running());
  }

  static boolean isThis(Path home) throws IOException {
    return home.toRealPath().equals(running().toRealPath());
  }

  /** Runs a main class with this one's class path and properties; its exit status. */
  static int runThere(Path home, Class<?> main, String... args)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/java").toString()));
    for (String key : List.of("bench.quick", "bench.only", "jmh.ignoreLock")) {
      if (System.getProperty(key) != null) {
        command.add("-D" + key + "=" + System.getProperty(key));
      }
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(args));
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  private static Path running() {
    return Path.of(System.getProperty("java.home"));
  }

  private static int feature(Path home) {
    Properties release = new Properties();
    try (var in = Files.newInputStream(home.resolve("release"))) {
      release.load(in);
      return Runtime.Version.parse(release.getProperty("JAVA_VERSION").replace("\"", "")).feature();
    } catch (IOException | RuntimeException e) {
      return 0; // not a JDK as we know it
    }
  }
}
