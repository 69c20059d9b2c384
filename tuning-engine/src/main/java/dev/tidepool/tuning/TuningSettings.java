package dev.tidepool.tuning;

import java.time.Duration;

/**
 * What the user may say to the engine.
 *
 * @param mode what the engine may do by itself
 * @param memoryLimitBytes limit of the whole process, 0 for the container's own
 * @param cpuTarget share of the process's CPU time that collections should cost, 0..1
 * @param emergencyCollection whether one full collection may be forced when a kill is near
 * @param uncommitDelay whether ZGC may be made to give unused memory back sooner
 * @param overrideUserFlags whether flags given on the command line may be moved too
 * @param manualHold how long automatic control stays off a lever that was moved by hand
 * @param ledgerSize decisions kept
 */
public record TuningSettings(
    TuningMode mode,
    long memoryLimitBytes,
    double cpuTarget,
    boolean emergencyCollection,
    boolean uncommitDelay,
    boolean overrideUserFlags,
    Duration manualHold,
    int ledgerSize) {

  /** Least limit, in bytes, that is taken for one. */
  public static final long LEAST_LIMIT = 16L << 20;

  public static final TuningSettings DEFAULT =
      new TuningSettings(TuningMode.AUTO, 0, 0.05, true, true, false, Duration.ofMinutes(10), 512);

  /**
   * @throws IllegalArgumentException with one line for people where a value is out of its range
   */
  public TuningSettings {
    if (!(cpuTarget >= 0.005 && cpuTarget <= 0.5)) {
      throw new IllegalArgumentException("gc.cpu-target must be between 0.5% and 50%");
    }
    if (memoryLimitBytes != 0 && memoryLimitBytes < LEAST_LIMIT) {
      throw new IllegalArgumentException("memory.limit must be at least 16m");
    }
    if (ledgerSize < 1) {
      throw new IllegalArgumentException("the ledger must hold at least one decision");
    }
  }

  public TuningSettings withMode(TuningMode other) {
    return new TuningSettings(
        other,
        memoryLimitBytes,
        cpuTarget,
        emergencyCollection,
        uncommitDelay,
        overrideUserFlags,
        manualHold,
        ledgerSize);
  }

  public TuningSettings withMemoryLimit(long bytes) {
    return new TuningSettings(
        mode,
        bytes,
        cpuTarget,
        emergencyCollection,
        uncommitDelay,
        overrideUserFlags,
        manualHold,
        ledgerSize);
  }

  public TuningSettings withCpuTarget(double ratio) {
    return new TuningSettings(
        mode,
        memoryLimitBytes,
        ratio,
        emergencyCollection,
        uncommitDelay,
        overrideUserFlags,
        manualHold,
        ledgerSize);
  }

  public TuningSettings withEmergencyCollection(boolean allowed) {
    return new TuningSettings(
        mode,
        memoryLimitBytes,
        cpuTarget,
        allowed,
        uncommitDelay,
        overrideUserFlags,
        manualHold,
        ledgerSize);
  }

  public TuningSettings withUncommitDelay(boolean allowed) {
    return new TuningSettings(
        mode,
        memoryLimitBytes,
        cpuTarget,
        emergencyCollection,
        allowed,
        overrideUserFlags,
        manualHold,
        ledgerSize);
  }
}
