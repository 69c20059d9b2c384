package dev.tidepool.rewriting.gate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The JDKs to test on: all under /usr/lib/jvm, or those TIDEPOOL_TEST_JDKS lists. */
final class Jdks {
  private static final List<Path> FOUND = find();

  static {
    System.out.println("tests of rewriting run on " + FOUND);
    if (FOUND.size() == 1) {
      System.out.println("NOTICE: only one JDK found; set TIDEPOOL_TEST_JDKS=/a/jdk:/another");
    }
  }

  private Jdks() {}

  /** Homes, at least the one running this. */
  static List<Path> all() {
    return FOUND;
  }

  private static List<Path> find() {
    Map<Path, Path> homes = new LinkedHashMap<>();
    String listed = System.getenv("TIDEPOOL_TEST_JDKS");
    List<Path> candidates = new ArrayList<>();
    if (listed != null && !listed.isBlank()) {
      for (String home : listed.split(":", -1)) {
        candidates.add(Path.of(home));
      }
    } else {
      candidates.add(Path.of(System.getProperty("java.home")));
      try (Stream<Path> installed = Files.list(Path.of("/usr/lib/jvm"))) {
        installed.sorted().forEach(candidates::add);
      } catch (IOException none) {
        // the one running this will do
      }
    }
    for (Path candidate : candidates) {
      if (Files.isExecutable(candidate.resolve("bin/javac")) && atLeast17(candidate)) {
        homes.putIfAbsent(real(candidate), candidate);
      }
    }
    return List.copyOf(homes.keySet());
  }

  private static boolean atLeast17(Path home) {
    try {
      for (String line : Files.readAllLines(home.resolve("release"))) {
        if (line.startsWith("JAVA_VERSION=\"")) {
          return Integer.parseInt(line.substring(14).split("[.\"]", -1)[0]) >= 17;
        }
      }
    } catch (IOException | NumberFormatException unreadable) {
      return false;
    }
    return false;
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }
}
