package dev.tidepool.agent.config;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The value in force of every key, and where it came from; may change while the agent runs. */
public final class Settings {

  /** Where a value was said, the weightiest last. */
  public enum Origin {
    DEFAULT("default"),
    FILE("file"),
    ENVIRONMENT("environment"),
    PROPERTY("system property"),
    ARGUMENT("agent argument"),
    COMMAND("set by command");

    private final String text;

    Origin(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  /** A value and its origin. */
  public record Entry(String value, Origin origin) {}

  private final Map<Key, Entry> entries = new EnumMap<>(Key.class);

  public Settings() {
    for (Key key : Key.values()) {
      entries.put(key, new Entry(key.byDefault(), Origin.DEFAULT));
    }
  }

  /**
   * Takes a value unless a weightier one stands already.
   *
   * @throws IllegalArgumentException with one line for people where the value is not one of its
   *     kind
   */
  public synchronized void put(Key key, String value, Origin origin) {
    String normal = key.kind().normal(value);
    try {
      key.kind().check().accept(normal);
    } catch (RuntimeException wrong) {
      throw new IllegalArgumentException(
          key.text() + " cannot be \"" + value + "\": it takes " + key.kind().description(), wrong);
    }
    if (origin.compareTo(entries.get(key).origin()) >= 0) {
      entries.put(key, new Entry(normal, origin));
    }
  }

  /** Takes whatever was said back. */
  public synchronized void reset(Key key) {
    entries.put(key, new Entry(key.byDefault(), Origin.DEFAULT));
  }

  /** Puts an earlier entry back. */
  public synchronized void restore(Key key, Entry earlier) {
    entries.put(key, earlier);
  }

  public synchronized Entry entry(Key key) {
    return entries.get(key);
  }

  public String value(Key key) {
    return entry(key).value();
  }

  /** The value of a key that may be {@code none}, as a path. */
  public Optional<String> file(Key key) {
    String value = value(key);
    return value.equals("none") || value.equals("stderr") ? Optional.empty() : Optional.of(value);
  }
}
