package dev.tidepool.agent.config;

import dev.tidepool.agent.config.Settings.Origin;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Reads all sources into {@link Settings}; what is wrong in them becomes one line each. */
public final class SettingsReader {
  /** First option that the command line's {@code attach} adds: where it put the jar. */
  public static final String ATTACHED_JAR = "attach.jar";

  private static final String PROPERTY_PREFIX = "tidepool.";
  private static final String ENVIRONMENT_PREFIX = "TIDEPOOL_";

  private final Settings settings = new Settings();
  private final List<String> complaints = new ArrayList<>();

  private SettingsReader() {}

  /** What was read, and what was wrong with it. */
  public record Result(Settings settings, List<String> complaints) {}

  /**
   * Reads arguments, properties, environment, and the file that one of them names.
   *
   * @param options the agent's arguments, {@code key=value,...}, or null
   */
  public static Result read(
      String options, Properties properties, Map<String, String> environment) {
    SettingsReader reader = new SettingsReader();
    reader.environment(environment);
    reader.properties(properties);
    reader.arguments(options);
    reader.settings.file(Key.CONFIG).ifPresent(reader::file);
    return new Result(reader.settings, List.copyOf(reader.complaints));
  }

  private void arguments(String options) {
    if (options == null) {
      return;
    }
    for (String option : options.split(",", -1)) {
      int equals = option.indexOf('=');
      String name = equals < 0 ? option.trim() : option.substring(0, equals).trim();
      if (name.equals(ATTACHED_JAR) || name.isEmpty()) {
        continue;
      }
      if (equals < 0) {
        complaints.add("argument \"" + name + "\" has no value: write key=value");
      } else {
        take(name, option.substring(equals + 1), Origin.ARGUMENT, "");
      }
    }
  }

  private void properties(Properties properties) {
    for (String name : properties.stringPropertyNames()) {
      if (name.startsWith(PROPERTY_PREFIX)) {
        String value = properties.getProperty(name);
        take(name.substring(PROPERTY_PREFIX.length()), value, Origin.PROPERTY, "");
      }
    }
  }

  private void environment(Map<String, String> environment) {
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(ENVIRONMENT_PREFIX)) {
            environmentEntry(name, value);
          }
        });
  }

  /**
   * Container platforms put variables of their own under a service's name, so an unknown one is
   * worth a line only where it looks like a slip of the pen.
   */
  private void environmentEntry(String name, String value) {
    Key nearest = Key.MODE;
    int least = Integer.MAX_VALUE;
    for (Key key : Key.values()) {
      int edits = EditDistance.between(name, key.environment());
      if (edits < least) {
        least = edits;
        nearest = key;
      }
    }
    if (least == 0) {
      put(nearest, value, Origin.ENVIRONMENT);
    } else if (least <= 2) {
      complaints.add("unknown " + name + ", did you mean " + nearest.environment() + "?");
    }
  }

  private void file(String path) {
    Properties content = new Properties();
    try (Reader in = new InputStreamReader(new FileInputStream(path), StandardCharsets.UTF_8)) {
      content.load(in);
    } catch (IOException | IllegalArgumentException unreadable) {
      complaints.add("cannot read config file " + path + ", going on without it");
      return;
    }
    for (String name : content.stringPropertyNames()) {
      String plain =
          name.startsWith(PROPERTY_PREFIX) ? name.substring(PROPERTY_PREFIX.length()) : name;
      take(plain, content.getProperty(name), Origin.FILE, " in " + path);
    }
  }

  private void take(String name, String value, Origin origin, String where) {
    Key.of(name)
        .ifPresentOrElse(
            key -> put(key, value, origin), () -> complaints.add(unknown(name) + where));
  }

  private void put(Key key, String value, Origin origin) {
    try {
      settings.put(key, value, origin);
    } catch (IllegalArgumentException wrong) {
      complaints.add(wrong.getMessage() + "; " + settings.value(key) + " is used");
    }
  }

  /** The line for a key nobody knows. */
  public static String unknown(String name) {
    return "unknown key \"" + name + "\", did you mean \"" + Key.nearest(name).text() + "\"?";
  }
}
