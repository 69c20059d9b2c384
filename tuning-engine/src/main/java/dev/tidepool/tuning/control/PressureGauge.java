package dev.tidepool.tuning.control;

import dev.tidepool.tuning.Pressure;
import dev.tidepool.tuning.Pressure.Level;
import dev.tidepool.tuning.Snapshot;
import java.util.Locale;

/** From snapshots to pressure: up at once, down only after some calm. */
public final class PressureGauge {
  private static final double MARGIN = 0.03;
  private static final double CALM_SECONDS = 5;
  private static final double STALL_MEMORY_SECONDS = 10;

  private static final double COLLECTOR_SECONDS = 8;
  private static final double LEAST_STALL = 0.05;

  private double lastSecond = Double.NaN;
  private double lastCpu;
  private double collectors;
  private Level level = Level.NONE;
  private double calmSince = Double.NaN;
  private long stalls = -1;
  private double lastStall = Double.NEGATIVE_INFINITY;

  public Pressure read(Snapshot now) {
    Pressure raw = raw(now);
    Level wanted = levelOf(raw.ratio());
    if (wanted.compareTo(level) >= 0) {
      level = wanted;
      calmSince = Double.NaN;
    } else if (raw.ratio() < level.from() - MARGIN) {
      if (Double.isNaN(calmSince)) {
        calmSince = now.second();
      } else if (now.second() - calmSince >= CALM_SECONDS) {
        level = wanted;
        calmSince = Double.NaN;
      }
    } else {
      calmSince = Double.NaN;
    }
    return new Pressure(level, raw.ratio(), raw.cause());
  }

  private static Level levelOf(double ratio) {
    Level found = Level.NONE;
    for (Level each : Level.values()) {
      if (ratio >= each.from()) {
        found = each;
      }
    }
    return found;
  }

  private Pressure raw(Snapshot now) {
    Pressure worst = Pressure.CALM;
    long limit = now.container().limitBytes();
    if (limit > 0) {
      double share = (double) now.container().workingSetBytes() / limit;
      worst = worse(worst, share, "working set %d %% of the container's limit", share);
    }
    if (now.heap().maxBytes() > 0) {
      double share = (double) now.heap().liveBytes() / now.heap().maxBytes();
      worst = worse(worst, share, "live set %d %% of the maximum heap", share);
    }
    if (stalls >= 0 && now.gc().stalls() > stalls) {
      lastStall = now.second();
    }
    stalls = now.gc().stalls();
    if (now.second() - lastStall < STALL_MEMORY_SECONDS) {
      worst = worse(worst, Level.HIGH.from(), "threads stalled on allocation", 0);
    }
    worst =
        worse(
            worst,
            collectorRatio(now),
            "collections take %d %% of the CPU time",
            now.gc().cpuRatio());
    double psi = now.container().stallRatio();
    if (psi > LEAST_STALL) {
      worst =
          worse(
              worst, Math.min(1, 0.80 + 0.4 * psi), "tasks wait for memory %d %% of the time", psi);
    }
    double machinePsi = now.container().machineStallRatio();
    if (machinePsi > LEAST_STALL) {
      // Whoever waits there may be a neighbour: a reason to be modest, none to give up the pools.
      worst =
          worse(
              worst,
              Level.LOW.from(),
              "tasks of this machine wait for memory %d %% of the time",
              machinePsi);
    }
    return worst;
  }

  /** Collector cost counts where it is a load on the machine too, not only a share of little. */
  private double collectorRatio(Snapshot now) {
    double ratio = now.gc().cpuRatio();
    double machine = collectorCpu(now) / now.process().processors();
    return ratio < 0.25 || machine < 0.05 ? 0 : Math.min(0.96, 0.70 + (ratio - 0.25));
  }

  /**
   * Processors that collections kept busy over the last seconds: a quiet day before says nothing.
   */
  private double collectorCpu(Snapshot now) {
    double passed = now.second() - lastSecond;
    if (passed > 0) {
      double keep = Math.exp(-passed / COLLECTOR_SECONDS);
      collectors = keep * collectors + (1 - keep) * (now.gc().cpuSeconds() - lastCpu) / passed;
    }
    lastSecond = now.second();
    lastCpu = now.gc().cpuSeconds();
    return collectors;
  }

  private static Pressure worse(Pressure so, double ratio, String cause, double percent) {
    return ratio <= so.ratio()
        ? so
        : new Pressure(
            Level.NONE, ratio, String.format(Locale.ROOT, cause, Math.round(percent * 100)));
  }
}
