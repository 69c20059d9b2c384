package dev.tidepool.agent.config;

import java.util.Locale;
import java.util.Optional;

/** Everything that can be set, with its default as the user would write it. */
public enum Key {
  MODE("auto", Kind.oneOf("auto", "observe"), true),
  POOLING("on", Kind.oneOf("on", "off", "observe"), true),
  TUNING("on", Kind.oneOf("on", "off", "observe"), true),
  POOLING_MIN_BYTES("pooling.min-bytes", "calibrated", Kind.sizeOr("calibrated"), true),
  POOLING_BUDGET("pooling.budget", "5%", Kind.SIZE_OR_SHARE, true),
  POOLING_EVIDENCE("pooling.evidence", "proven", Kind.oneOf("proven", "observed"), true),
  POOLING_VERIFY("pooling.verify", "sample", Kind.oneOf("off", "sample", "poison"), true),
  POOLING_INCLUDE("pooling.include", "all", Kind.PATTERNS, true),
  POOLING_EXCLUDE("pooling.exclude", "none", Kind.PATTERNS, true),
  POOLING_WITHOUT(
      "pooling.without",
      "none",
      Kind.someOf(
          "PoolLocal",
          "PoolOwned",
          "Presize",
          "RecycleOutgrown",
          "RecycleHandedBack",
          "RecycleNative",
          "RecycleDirect"),
      true),
  TUNING_EMERGENCY_GC("tuning.emergency-gc", "on", Kind.oneOf("on", "off"), true),
  TUNING_UNCOMMIT_DELAY("tuning.uncommit-delay", "on", Kind.oneOf("on", "off"), true),
  MEMORY_LIMIT("memory.limit", "auto", Kind.sizeOr("auto"), true),
  GC_CPU_TARGET("gc.cpu-target", "5%", Kind.SHARE, true),
  HTTP("127.0.0.1:7717", Kind.ADDRESS_OR_OFF, false),
  HTTP_TOKEN_FILE("http.token-file", "none", Kind.FILE, false),
  PLAN("none", Kind.FILE, false),
  REPORT("none", Kind.REPORT_FILE, false),
  CONFIG("none", Kind.FILE, false),
  LOG("stderr", Kind.FILE, true),
  LOG_LEVEL("log.level", "warn", Kind.oneOf("off", "error", "warn", "info", "debug"), true);

  private final String text;
  private final String byDefault;

  @SuppressWarnings("ImmutableEnumChecker") // a record whose check keeps nothing
  private final Kind kind;

  private final boolean changeable;

  Key(String byDefault, Kind kind, boolean changeable) {
    this.text = name().toLowerCase(Locale.ROOT);
    this.byDefault = byDefault;
    this.kind = kind;
    this.changeable = changeable;
  }

  Key(String text, String byDefault, Kind kind, boolean changeable) {
    this.text = text;
    this.byDefault = byDefault;
    this.kind = kind;
    this.changeable = changeable;
  }

  /** As the user writes it: {@code pooling.min-bytes}. */
  public String text() {
    return text;
  }

  public String byDefault() {
    return byDefault;
  }

  /** What values are taken. */
  public Kind kind() {
    return kind;
  }

  /** Whether it may be set while the agent runs. */
  public boolean isChangeable() {
    return changeable;
  }

  /** Name of the system property. */
  public String property() {
    return "tidepool." + text;
  }

  /** Name of the environment variable: dots and dashes become underscores. */
  public String environment() {
    return "TIDEPOOL_" + text.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  public static Optional<Key> of(String text) {
    for (Key key : values()) {
      if (key.text.equals(text)) {
        return Optional.of(key);
      }
    }
    return Optional.empty();
  }

  /** The known key that takes the fewest edits to reach from what was written. */
  public static Key nearest(String text) {
    Key best = MODE;
    int least = Integer.MAX_VALUE;
    for (Key key : values()) {
      int edits = EditDistance.between(text, key.text);
      if (edits < least) {
        least = edits;
        best = key;
      }
    }
    return best;
  }
}
