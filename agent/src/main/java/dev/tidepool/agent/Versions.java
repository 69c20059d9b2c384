package dev.tidepool.agent;

import dev.tidepool.agent.config.SettingsReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Which version is running, and which one was brought along. */
public final class Versions {
  private static final String UNKNOWN = "unknown";

  private Versions() {}

  /** Version of the jar this class came from. */
  public static String running() {
    try (InputStream in = Versions.class.getResourceAsStream("/version")) {
      return in == null ? UNKNOWN : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      return UNKNOWN;
    }
  }

  /** Version of the jar that the options of an attach name, else of the running one. */
  static String ofAttached(String options, File running) {
    String prefix = SettingsReader.ATTACHED_JAR + "=";
    for (String option : options == null ? new String[0] : options.split(",", -1)) {
      if (option.startsWith(prefix)) {
        File jar = new File(option.substring(prefix.length()));
        return jar.equals(running) ? running() : of(jar);
      }
    }
    return running();
  }

  private static String of(File jar) {
    try (ZipFile zip = new ZipFile(jar)) {
      ZipEntry entry = zip.getEntry("dev/tidepool/inner/version");
      if (entry == null) {
        return UNKNOWN;
      }
      try (InputStream in = zip.getInputStream(entry)) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException unreadable) {
      return UNKNOWN;
    }
  }
}
