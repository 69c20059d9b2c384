package dev.tidepool.apps.load;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The agent to attach at start.
 *
 * @param jar the one file a user needs
 * @param options its settings, as a user would write them
 */
public record Agent(Path jar, Map<String, String> options) {
  /**
   * The jar that this build made.
   *
   * @throws IllegalStateException if it is not there
   */
  public static Agent built(Map<String, String> options) {
    Path jar = Path.of(System.getProperty("tidepool.jar", "agent/target/tidepool.jar"));
    if (!Files.isRegularFile(jar)) {
      throw new IllegalStateException(
          "no agent at " + jar + ": run 'mvn -q -DskipTests package' first");
    }
    return new Agent(jar.toAbsolutePath().normalize(), options);
  }

  /** The same agent with one more setting. */
  public Agent with(String key, String value) {
    Map<String, String> more = new TreeMap<>(options);
    more.put(key, value);
    return new Agent(jar, more);
  }

  /** The argument of the java command. */
  public String argument() {
    String settings =
        new TreeMap<>(options)
            .entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
    return "-javaagent:" + jar + (settings.isEmpty() ? "" : "=" + settings);
  }
}
