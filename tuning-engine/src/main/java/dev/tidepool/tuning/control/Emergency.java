package dev.tidepool.tuning.control;

import dev.tidepool.tuning.Collector;
import dev.tidepool.tuning.Pressure;
import dev.tidepool.tuning.Pressure.Level;
import dev.tidepool.tuning.Snapshot;
import java.util.ArrayList;
import java.util.List;

/**
 * What is done when the container's limit is near: pools first (they follow the pressure by
 * themselves), free native memory, a concurrent cycle where one can be asked for, and where a kill
 * is near one collection of the whole heap, at most one in half a minute (Serial: see below).
 *
 * <p>A collection that gave the system nothing back within seconds is not repeated soon, and later
 * each time: what it freed inside the heap averts no kill. On a heap that cannot shrink there is
 * none at all.
 */
public final class Emergency {
  private static final double COLLECT_EVERY = 30;
  private static final double TRIM_EVERY = 60;
  private static final double TRIM_SELDOM = 1_800;
  private static final double WORTH_A_TRIM = 0.01;
  private static final double LEAST_FREED = 0.10;

  /**
   * Serial has no other means: on 25 its old generation grows without a collection of its own, and
   * measured beside growing native memory, 600 MB were full again 13 s after a collection that gave
   * a fifth of them back. So where one helps, the next may come as soon as the time for which they
   * stop the application is no more than this share of it: a kill is worse.
   */
  private static final double MOST_STOPPED = 0.05;

  private static final double VAIN_SECONDS = 300;
  private static final double LONGEST_SECONDS = 3_600;
  private static final double JUDGED_SECONDS = 5;
  private static final double CYCLE_EVERY = 10;
  private static final double LEAST_OVER = 1.05;
  private static final double HORIZON_SECONDS = 1.0;

  /**
   * Shenandoah gives memory back when its soft maximum is written, which the governor does within
   * seconds; a full collection before that would stop everything for what is had without.
   */
  private static final double GOVERNED_SECONDS = 8;

  private double lastCollect = Double.NEGATIVE_INFINITY;
  private double lastTrim = Double.NEGATIVE_INFINITY;
  private double trimEvery = TRIM_EVERY;
  private double collectEvery = COLLECT_EVERY;
  private boolean judging;
  private long setBefore;
  private long committedBefore;
  private double pausesBefore;
  private double paused;
  private double share;
  private final BackOff cycles = new BackOff(CYCLE_EVERY, VAIN_SECONDS);
  private final boolean heapShrinks;
  private double nearSince = Double.NaN;
  private double lastSecond = Double.NaN;
  private long lastWorkingSet;
  private double growth;

  /**
   * For one process.
   *
   * @param heapShrinks whether a collection can make the heap smaller at all
   */
  Emergency(boolean heapShrinks) {
    this.heapShrinks = heapShrinks;
  }

  /** The moves for this moment; called on every round, also those within a second. */
  public List<Move> step(Snapshot now, Pressure pressure, boolean mayCollect) {
    follow(now);
    judge(now);
    long limit = now.container().limitBytes();
    if (limit == 0 || pressure.level().compareTo(Level.MEDIUM) < 0) {
      return List.of();
    }
    List<Move> moves = new ArrayList<>();
    long used = now.container().workingSetBytes();
    if (used > 0.85 * limit && now.second() - lastTrim >= trimEvery) {
      lastTrim = now.second();
      moves.add(new Move.TrimNative(true, "working set near the container's limit"));
    }
    long fixed = fixed(now);
    if (now.gc().collector() == Collector.ZGC) {
      cycle(now, fixed, limit, moves);
    } else if (isKillNear(now) && mayCollect && isCollectionWorthIt(now)) {
      lastCollect = now.second();
      judging = true;
      share = 1;
      setBefore = fixed;
      committedBefore = now.heap().committedBytes();
      pausesBefore = now.gc().pauseSeconds();
      paused = Double.NaN;
      moves.add(
          new Move.Collect(
              "a kill is near: working set " + percent(used, limit) + " % of the limit"));
    }
    return moves;
  }

  /** An explicit collection of ZGC is a concurrent cycle, so there it may come earlier. */
  private void cycle(Snapshot now, long fixed, long limit, List<Move> moves) {
    long used = now.heap().usedBytes();
    cycles.see(used);
    if (heapShrinks && fixed > Level.HIGH.from() * limit && cycles.due(now.second(), used)) {
      moves.add(
          new Move.Cycle("working set " + percent(fixed, limit) + " % of the container's limit"));
    }
  }

  /** What the last collection gave back to the system, seen some seconds later. */
  private void judge(Snapshot now) {
    if (!judging) {
      return;
    }
    paused = Double.isNaN(paused) ? now.gc().pauseSeconds() - pausesBefore : paused;
    share = Math.min(share, (double) fixed(now) / Math.max(1, setBefore));
    share = Math.min(share, (double) now.heap().committedBytes() / Math.max(1, committedBefore));
    if (now.second() - lastCollect >= JUDGED_SECONDS) {
      judging = false;
      if (share > 1 - LEAST_FREED) {
        collectEvery = Math.min(LONGEST_SECONDS, Math.max(VAIN_SECONDS, 2 * collectEvery));
      } else {
        boolean serial = now.gc().collector() == Collector.SERIAL;
        collectEvery = serial ? Math.min(COLLECT_EVERY, paused / MOST_STOPPED) : COLLECT_EVERY;
      }
    }
  }

  /** Told what a trim has brought: one that brought nothing is not repeated soon. */
  void trimmed(Snapshot now, long bytes) {
    boolean worth = bytes >= WORTH_A_TRIM * now.container().workingSetBytes();
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
    if (!isNear(now, fixed(now), now.container().limitBytes())) {
      nearSince = Double.NaN;
    } else if (Double.isNaN(nearSince)) {
      nearSince = now.second();
    }
  }

  /** Pages of files go before anybody is killed, those in use too. */
  private static long fixed(Snapshot now) {
    return now.container().workingSetBytes() - now.container().activeFileBytes();
  }

  /** Near the limit, and for so long that what else may help has had its time. */
  private boolean isKillNear(Snapshot now) {
    boolean governed = now.gc().collector() == Collector.SHENANDOAH;
    return now.second() - nearSince >= (governed ? GOVERNED_SECONDS : 0);
  }

  /** Nearly there, or on the way to be there within the next second. */
  private boolean isNear(Snapshot now, long used, long limit) {
    if (limit == 0) {
      return false;
    }
    long outside = Math.max(used - now.heap().committedBytes(), HeapLaw.knownOutside(now));
    double ahead =
        Math.min(
            used + Math.max(0, growth) * HORIZON_SECONDS,
            (double) (outside + now.heap().committedBytes()));
    return used > Level.CRITICAL.from() * limit || (used > 0.80 * limit && ahead > 0.98 * limit);
  }

  private boolean isCollectionWorthIt(Snapshot now) {
    return heapShrinks
        && now.second() - lastCollect >= collectEvery
        && now.heap().committedBytes() > LEAST_OVER * now.heap().leastBytes();
  }

  private static long percent(long used, long limit) {
    return 100 * used / limit;
  }
}
