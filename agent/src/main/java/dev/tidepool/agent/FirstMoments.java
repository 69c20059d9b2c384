package dev.tidepool.agent;

import dev.tidepool.agent.config.Units;
import dev.tidepool.tuning.FirstCap;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * What must stand before the application's first instruction: the cap that its container's limit
 * dictates. Everything else waits until the application runs.
 *
 * <p>On the application's own thread, so only the settings that bear on the cap are looked at, and
 * what is wrong in them is passed over: it is said when all settings are read. No lambda and no
 * joined strings here, which would wake more of the JDK than the whole of this needs.
 */
public final class FirstMoments implements Runnable {
  private final String options;
  private Map<String, String> found;

  /**
   * Acts at once.
   *
   * @param options the agent's arguments, {@code key=value,...}, or null
   */
  public FirstMoments(String options) {
    this.options = options;
    this.found = isAllowed() ? FirstCap.apply(limit()) : Map.of();
  }

  /** The flags that were moved, with the values they had; whoever takes them puts them back. */
  Map<String, String> handOver() {
    Map<String, String> taken = found;
    found = Map.of();
    return taken;
  }

  /** Undoes what nobody has taken over, for an agent that could not start. */
  @Override
  public void run() {
    FirstCap.restore(handOver());
  }

  private boolean isAllowed() {
    String mode = word("mode");
    String tuning = word("tuning");
    return (mode == null || mode.equals("auto")) && (tuning == null || tuning.equals("on"));
  }

  private long limit() {
    String limit = word("memory.limit");
    try {
      return limit == null || limit.equals("auto") ? 0 : Units.bytes(limit);
    } catch (IllegalArgumentException said) {
      return 0;
    }
  }

  private String word(String key) {
    String value = near(key);
    if (value == null) {
      String file = near("config");
      value = file == null ? null : ConfigFile.value(file, key);
    }
    return value == null ? null : value.trim().toLowerCase(Locale.ROOT);
  }

  /** From arguments, properties or the environment, the first of these. */
  private String near(String key) {
    String value = null;
    for (String option : options == null ? new String[0] : options.split(",", -1)) {
      int equals = option.indexOf('=');
      if (equals > 0 && option.substring(0, equals).trim().equals(key)) {
        value = option.substring(equals + 1);
      }
    }
    if (value == null) {
      value = System.getProperty("tidepool.".concat(key));
    }
    return value == null
        ? System.getenv("TIDEPOOL_".concat(key.toUpperCase(Locale.ROOT).replace('.', '_')))
        : value;
  }

  /** A class of its own, so that readers of text are woken only where there is such a file. */
  private static final class ConfigFile {
    static String value(String path, String key) {
      Properties content = new Properties();
      try (Reader in = new InputStreamReader(new FileInputStream(path), StandardCharsets.UTF_8)) {
        content.load(in);
      } catch (IOException | IllegalArgumentException said) {
        return null;
      }
      return content.getProperty(key, content.getProperty("tidepool.".concat(key)));
    }
  }
}
