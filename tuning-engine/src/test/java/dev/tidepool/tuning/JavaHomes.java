package dev.tidepool.tuning;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JDKs to test on: all under /usr/lib/jvm, or those TIDEPOOL_TEST_JDKS lists. */
public final class JavaHomes {
  private static final List<File> FOUND = find();

  static {
    System.out.println("tests of the tuning engine run on " + FOUND);
    if (FOUND.size() == 1) {
      System.out.println("NOTICE: only one JDK found; set TIDEPOOL_TEST_JDKS=/a/jdk:/another");
    }
  }

  private JavaHomes() {}

  /** Homes, at least the one running this unless others are listed. */
  public static List<File> all() {
    return FOUND;
  }

  private static List<File> find() {
    Map<File, File> homes = new LinkedHashMap<>();
    String listed = System.getenv("TIDEPOOL_TEST_JDKS");
    List<File> candidates = new ArrayList<>();
    if (listed != null && !listed.isBlank()) {
      for (String home : listed.split(File.pathSeparator, -1)) {
        candidates.add(new File(home));
      }
    } else {
      candidates.add(new File(System.getProperty("java.home")));
      File[] installed = new File("/usr/lib/jvm").listFiles();
      if (installed != null) {
        Arrays.sort(installed);
        candidates.addAll(List.of(installed));
      }
    }
    for (File candidate : candidates) {
      if (new File(candidate, "bin/javac").canExecute() && atLeast17(candidate)) {
        homes.putIfAbsent(canonical(candidate), candidate);
      }
    }
    return List.copyOf(homes.keySet());
  }

  private static boolean atLeast17(File home) {
    try {
      for (String line : Files.readAllLines(home.toPath().resolve("release"))) {
        if (line.startsWith("JAVA_VERSION=\"")) {
          return Integer.parseInt(line.substring(14).split("[.\"]", -1)[0]) >= 17;
        }
      }
    } catch (IOException | NumberFormatException unreadable) {
      return false;
    }
    return false;
  }

  private static File canonical(File file) {
    try {
      return file.getCanonicalFile();
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }
}
