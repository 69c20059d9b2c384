package dev.tidepool.agent;

import dev.tidepool.agent.config.SettingsReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Which version is running, and which one was brought along. */
public final class Versions {
  private static final String UNKNOWN = "unknown";
  private static final String ENTRY = "dev/tidepool/inner/version";

  private Versions() {}

  /** Version of the jar this class came from. */
  public static String running() {
    try (InputStream in = Versions.class.getResourceAsStream("/version")) {
      return in == null ? UNKNOWN : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      return UNKNOWN;
    }
  }

  /**
   * Version of the jar that an attach brought along.
   *
   * @param options of the attach; they name the jar where our own command line made them
   * @param running the jar of the agent that is here
   */
  static String ofAttached(String options, File running) {
    String prefix = SettingsReader.ATTACHED_JAR + "=";
    for (String option : options == null ? new String[0] : options.split(",", -1)) {
      if (option.startsWith(prefix)) {
        File jar = new File(option.substring(prefix.length()));
        return jar.equals(running) ? running() : of(jar);
      }
    }
    return lastOnClassPath();
  }

  /** Each agent's jar goes to the end of the application's class path, once. */
  private static String lastOnClassPath() {
    String last = running();
    try {
      for (URL place : Collections.list(ClassLoader.getSystemResources(ENTRY))) {
        URLConnection connection = place.openConnection();
        connection.setUseCaches(false); // the jar is not to stay open
        try (InputStream in = connection.getInputStream()) {
          last = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
      }
    } catch (IOException | RuntimeException unreadable) {
      return running();
    }
    return last;
  }

  private static String of(File jar) {
    try (ZipFile zip = new ZipFile(jar)) {
      ZipEntry entry = zip.getEntry(ENTRY);
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
