package dev.tidepool.apps.process;

import java.util.Locale;

/** A flat JSON object of numbers and plain words on one line, made without a library. */
final class JsonLine {
  private final StringBuilder text = new StringBuilder("{");

  JsonLine put(String key, long value) {
    return raw(key, Long.toString(value));
  }

  JsonLine put(String key, double value) {
    return raw(key, String.format(Locale.ROOT, "%.6f", value));
  }

  /** The word may hold anything but control characters. */
  JsonLine put(String key, String word) {
    return raw(key, '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
  }

  String text() {
    return text + "}";
  }

  private JsonLine raw(String key, String value) {
    text.append(text.length() > 1 ? "," : "").append('"').append(key).append("\":").append(value);
    return this;
  }
}
