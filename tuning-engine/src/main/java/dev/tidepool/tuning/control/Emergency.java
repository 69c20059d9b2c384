package dev.tidepool.tuning.control;

import dev.tidepool.tuning.Collector;
import dev.tidepool.tuning.Pressure;
import dev.tidepool.tuning.Pressure.Level;
import dev.tidepool.tuning.Snapshot;
import java.util.ArrayList;
import java.util.List;

/**
 * What is done when the container's limit is near: pools first (they follow the pressure by
 * themselves), free native memory, and where a kill is near one collection of the whole heap, at
 * most one in half a minute and none where the last one found little.
 */
public final class Emergency {
  private static final double COLLECT_EVERY = 30;
  private static final double TRIM_EVERY = 60;
  private static final double TRIM_SELDOM = 1_800;
  private static final double WORTH_A_TRIM = 0.01;
  private static final double LEAST_FREED = 0.10;
  private static final double VAIN_SECONDS = 300;
  private static final double HORIZON_SECONDS = 1.0;

  private double lastCollect = Double.NEGATIVE_INFINITY;
  private double lastTrim = Double.NEGATIVE_INFINITY;
  private double trimEvery = TRIM_EVERY;
  private long beforeCollect;
  private double lastSecond = Double.NaN;
  private long lastWorkingSet;
  private double growth;

  /** The moves for this moment; called on every round, also those within a second. */
  public List<Move> step(Snapshot now, Pressure pressure, boolean mayCollect) {
    follow(now);
    long limit = now.container().limitBytes();
    if (limit == 0 || pressure.level().compareTo(Level.MEDIUM) < 0) {
      return List.of();
    }
    List<Move> moves = new ArrayList<>();
    long used = now.container().workingSetBytes();
    if (used > 0.85 * limit && now.second() - lastTrim >= trimEvery) {
      lastTrim = now.second();
      moves.add(new Move.TrimNative("working set near the container's limit"));
    }
    if (mayCollect && isKillNear(now, used, limit) && isCollectionWorthIt(now)) {
      lastCollect = now.second();
      beforeCollect = now.heap().usedBytes();
      moves.add(
          new Move.Collect(
              "a kill is near: working set " + percent(used, limit) + " % of the limit"));
    }
    return moves;
  }

  /** Told what a trim has brought: one that brought nothing is not repeated soon. */
  void trimmed(double shareOfWorkingSet) {
    boolean worth = shareOfWorkingSet >= WORTH_A_TRIM;
    trimEvery = worth ? TRIM_EVERY : Math.min(TRIM_SELDOM, 2 * trimEvery);
  }

  private void follow(Snapshot now) {
    long used = now.container().workingSetBytes();
    if (!Double.isNaN(lastSecond) && now.second() > lastSecond) {
      double passed = now.second() - lastSecond;
      double keep = Math.exp(-passed / 0.5);
      growth = keep * growth + (1 - keep) * (used - lastWorkingSet) / passed;
    }
    lastSecond = now.second();
    lastWorkingSet = used;
  }

  /** Nearly there, or on the way to be there within the next second. */
  private boolean isKillNear(Snapshot now, long used, long limit) {
    long outside = Math.max(used - now.heap().committedBytes(), HeapLaw.knownOutside(now));
    double ahead =
        Math.min(
            used + Math.max(0, growth) * HORIZON_SECONDS,
            (double) (outside + now.heap().committedBytes()));
    return used > Level.CRITICAL.from() * limit || (used > 0.80 * limit && ahead > 0.98 * limit);
  }

  private boolean isCollectionWorthIt(Snapshot now) {
    double since = now.second() - lastCollect;
    if (since < COLLECT_EVERY) {
      return false;
    }
    boolean vain =
        beforeCollect > 0
            && now.heap().afterMajorBytes() > (1 - LEAST_FREED) * beforeCollect
            && now.gc().collector() != Collector.OTHER;
    return !vain || since >= VAIN_SECONDS;
  }

  private static long percent(long used, long limit) {
    return 100 * used / limit;
  }
}
