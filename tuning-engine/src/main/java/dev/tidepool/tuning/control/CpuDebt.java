package dev.tidepool.tuning.control;

import dev.tidepool.tuning.Snapshot;

/**
 * A leaky bucket of collector CPU time, after Go's soft memory limit (half of the CPU) and
 * Netflix's jvmquake: debt grows while collections take more than half of the process's CPU time
 * and is paid off while they take less. At one CPU second per processor of debt the levers are let
 * go.
 */
final class CpuDebt {
  private static final double MOST_SHARE = 0.5;
  static final double LOCK_SECONDS = 600;

  private double debt;
  private double lastGc = Double.NaN;
  private double lastProcess;
  private double lockedUntil = Double.NEGATIVE_INFINITY;
  private int locks;

  /** One reading; whether the levers must be let go now. */
  boolean add(Snapshot now) {
    double gc = now.gc().cpuSeconds();
    double process = now.process().cpuSeconds();
    if (!Double.isNaN(lastGc)) {
      debt = Math.max(0, debt + (gc - lastGc) - MOST_SHARE * (process - lastProcess));
    }
    lastGc = gc;
    lastProcess = process;
    if (debt > now.process().processors() && !locked(now.second())) {
      lockedUntil = now.second() + LOCK_SECONDS;
      locks++;
      debt = 0;
      return true;
    }
    return false;
  }

  boolean locked(double second) {
    return second < lockedUntil;
  }

  int locks() {
    return locks;
  }
}
