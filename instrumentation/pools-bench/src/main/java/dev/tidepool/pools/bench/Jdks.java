package dev.tidepool.pools.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;

/** The JDKs of this machine. */
public final class Jdks {
  private static final int OLDEST = 17;

  private Jdks() {}

  /** The home of the newest under /usr/lib/jvm or in TIDEPOOL_TEST_JDKS; else the running one. */
  static Path newest() throws IOException {
    return homes().stream().max(Comparator.comparingInt(Jdks::feature)).orElse(running());
  }

  /** Each home there and the running one, oldest release first. */
  public static List<Path> all() throws IOException {
    return homes().stream()
        .filter(h -> feature(h) >= OLDEST)
        .sorted(Comparator.comparingInt(Jdks::feature))
        .toList();
  }

  private static Set<Path> homes() throws IOException {
    List<Path> homes = new ArrayList<>(List.of(running()));
    String named = System.getenv("TIDEPOOL_TEST_JDKS");
    if (named != null) {
      Stream.of(named.split("[:;]")).map(Path::of).forEach(homes::add);
    } else if (Files.isDirectory(Path.of("/usr/lib/jvm"))) {
      try (Stream<Path> installed = Files.list(Path.of("/usr/lib/jvm"))) {
        installed.forEach(homes::add);
      }
    }
    Set<Path> real = new LinkedHashSet<>(); // links in one folder lead to others in it
    for (Path home : homes) {
      if (Files.isExecutable(home.resolve("bin/java"))) {
        real.add(home.toRealPath());
      }
    }
    return real;
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

  /** Its release: 17, 25...; 0 where that cannot be told. */
  public static int feature(Path home) {
    Properties release = new Properties();
    try (var in = Files.newInputStream(home.resolve("release"))) {
      release.load(in);
      return Runtime.Version.parse(release.getProperty("JAVA_VERSION").replace("\"", "")).feature();
    } catch (IOException | RuntimeException e) {
      return 0; // not a JDK as we know it
    }
  }
}
