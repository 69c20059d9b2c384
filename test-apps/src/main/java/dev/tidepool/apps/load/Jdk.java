package dev.tidepool.apps.load;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One installed JDK.
 *
 * @param home its folder, symbolic links resolved
 * @param feature its feature release: 17, 25...
 * @param version as its release file says
 */
public record Jdk(Path home, int feature, String version) {
  /** Oldest release that the agent runs on. */
  public static final int OLDEST = 17;

  /** The one this process runs on. */
  public static Jdk current() {
    return new Jdk(
        Path.of(System.getProperty("java.home")),
        Runtime.version().feature(),
        System.getProperty("java.version"));
  }

  /**
   * Every JDK to test on: those named in {@code TIDEPOOL_TEST_JDKS} (folders joined by the path
   * separator), else those under /usr/lib/jvm, else the current one; oldest first.
   */
  public static List<Jdk> all() {
    String named = System.getenv("TIDEPOOL_TEST_JDKS");
    List<Path> homes = new ArrayList<>();
    if (named != null && !named.isBlank()) {
      Stream.of(named.split(File.pathSeparator, -1)).map(Path::of).forEach(homes::add);
    } else {
      homes.addAll(installed());
    }
    Map<Path, Jdk> found = new LinkedHashMap<>();
    homes.stream().map(Jdk::at).flatMap(List::stream).forEach(jdk -> found.put(jdk.home, jdk));
    if (found.isEmpty()) {
      return List.of(current());
    }
    return found.values().stream().sorted((a, b) -> Integer.compare(a.feature, b.feature)).toList();
  }

  private static List<Path> installed() {
    Path folder = Path.of("/usr/lib/jvm");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> homes = Files.list(folder)) {
      return homes.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The JDK in a folder; empty where there is none, or one too old. */
  static List<Jdk> at(Path folder) {
    Path release = folder.resolve("release");
    if (!Files.isExecutable(folder.resolve("bin/java")) || !Files.isReadable(release)) {
      return List.of();
    }
    Properties properties = new Properties();
    try (var in = Files.newInputStream(release)) {
      properties.load(in);
      String version = properties.getProperty("JAVA_VERSION", "0").replace("\"", "");
      int feature = Runtime.Version.parse(version).feature();
      return feature < OLDEST ? List.of() : List.of(new Jdk(folder.toRealPath(), feature, version));
    } catch (IOException | IllegalArgumentException e) {
      return List.of();
    }
  }

  public Path java() {
    return home.resolve("bin/java");
  }

  /** Present in a JDK, absent in a runtime image without tools. */
  public boolean hasCompiler() {
    return Files.isExecutable(home.resolve("bin/javac"));
  }

  /** Whether this build has the collector; asked by starting it. */
  public boolean has(Collector collector) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(java().toString(), collector.flag(), "-version")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    } finally {
      process.destroyForcibly();
    }
  }

  @Override
  public String toString() {
    return "JDK " + version + " (" + home + ")";
  }
}
