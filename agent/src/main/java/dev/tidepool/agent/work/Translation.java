package dev.tidepool.agent.work;

import dev.tidepool.agent.config.Key;
import dev.tidepool.agent.config.Kind;
import dev.tidepool.agent.config.Settings;
import dev.tidepool.agent.config.Units;
import dev.tidepool.rewriting.PoolingEvidence;
import dev.tidepool.rewriting.PoolingMode;
import dev.tidepool.rewriting.PoolingVerify;
import dev.tidepool.rewriting.RewritingSettings;
import dev.tidepool.tuning.TuningMode;
import dev.tidepool.tuning.TuningSettings;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** From the user's words to the settings of each part. */
final class Translation {
  private Translation() {}

  static RewritingSettings rewriting(Settings settings) {
    String minBytes = settings.value(Key.POOLING_MIN_BYTES);
    RewritingSettings calibrated = RewritingSettings.defaults();
    return (minBytes.equals("calibrated")
            ? calibrated
            : calibrated.withMinBytes(Units.bytes(minBytes)))
        .withPooling(pooling(settings))
        .withEvidence(PoolingEvidence.valueOf(upper(settings, Key.POOLING_EVIDENCE)))
        .withVerify(PoolingVerify.valueOf(upper(settings, Key.POOLING_VERIFY)))
        .withInclude(patterns(settings, Key.POOLING_INCLUDE))
        .withExclude(patterns(settings, Key.POOLING_EXCLUDE))
        .without(without(settings));
  }

  /**
   * What the tuning engine is told.
   *
   * @throws IllegalArgumentException with one line where the engine does not take a value
   */
  static TuningSettings tuning(Settings settings) {
    String limit = settings.value(Key.MEMORY_LIMIT);
    return TuningSettings.DEFAULT
        .withMode(tuningMode(settings))
        .withEmergencyCollection(settings.value(Key.TUNING_EMERGENCY_GC).equals("on"))
        .withUncommitDelay(settings.value(Key.TUNING_UNCOMMIT_DELAY).equals("on"))
        .withMemoryLimit(limit.equals("auto") ? 0 : Units.bytes(limit))
        .withCpuTarget(Units.share(settings.value(Key.GC_CPU_TARGET)));
  }

  /** Most bytes the pools may hold. */
  static long poolBudget(Settings settings) {
    String text = settings.value(Key.POOLING_BUDGET);
    return text.endsWith("%")
        ? (long) (Units.share(text) * Runtime.getRuntime().maxMemory())
        : Units.bytes(text);
  }

  private static PoolingMode pooling(Settings settings) {
    PoolingMode wanted = PoolingMode.valueOf(upper(settings, Key.POOLING));
    return wanted == PoolingMode.ON && observesOnly(settings) ? PoolingMode.OBSERVE : wanted;
  }

  private static TuningMode tuningMode(Settings settings) {
    return switch (settings.value(Key.TUNING)) {
      case "off" -> TuningMode.OFF;
      case "on" -> observesOnly(settings) ? TuningMode.OBSERVE : TuningMode.AUTO;
      default -> TuningMode.OBSERVE;
    };
  }

  /**
   * Whether the agent's own classes are kept from shrinking the heap: that is no tuning, but takes
   * back an effect of the agent's; so only where nothing at all may be moved it is left.
   */
  static boolean holdsShrink(Settings settings) {
    return !observesOnly(settings) && tuningMode(settings) != TuningMode.OBSERVE;
  }

  private static boolean observesOnly(Settings settings) {
    return settings.value(Key.MODE).equals("observe");
  }

  private static Set<String> without(Settings settings) {
    String text = settings.value(Key.POOLING_WITHOUT);
    return text.equals(Key.POOLING_WITHOUT.byDefault())
        ? Set.of()
        : new HashSet<>(Kind.words(text));
  }

  private static String patterns(Settings settings, Key key) {
    String text = settings.value(key);
    return text.equals(key.byDefault()) ? "" : text;
  }

  private static String upper(Settings settings, Key key) {
    return settings.value(key).toUpperCase(Locale.ROOT);
  }
}
