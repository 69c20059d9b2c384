package dev.tidepool.tuning;

import java.io.File;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JDKs the tests run child processes on: {@code TIDEPOOL_TEST_JDKS} or all of the machine's.
 */
public final class JavaHomes {
  private JavaHomes() {}

  public static List<File> all() {
    String named = System.getenv("TIDEPOOL_TEST_JDKS");
    Map<String, File> byVersion = new LinkedHashMap<>();
    if (named != null && !named.isBlank()) {
      for (String home : named.split("[:;,]", -1)) {
        byVersion.put(home, new File(home));
      }
    } else {
      File[] found = new File("/usr/lib/jvm").listFiles();
      for (File home : found == null ? new File[0] : found) {
        if (new File(home, "bin/javac").canExecute() && new File(home, "release").exists()) {
          byVersion.putIfAbsent(canonical(home), home);
        }
      }
    }
    byVersion.putIfAbsent(
        canonical(new File(System.getProperty("java.home"))),
        new File(System.getProperty("java.home")));
    return new ArrayList<>(byVersion.values());
  }

  private static String canonical(File file) {
    try {
      return file.getCanonicalPath();
    } catch (java.io.IOException e) {
      return file.getPath();
    }
  }
}
