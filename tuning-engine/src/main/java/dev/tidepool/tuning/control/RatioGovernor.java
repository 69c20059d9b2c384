package dev.tidepool.tuning.control;

import dev.tidepool.tuning.Collector;
import dev.tidepool.tuning.Pressure;
import dev.tidepool.tuning.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * G1 and Serial: the free ratios say how much is left committed when a collection of the old
 * generation ends. G1 does that at the Remark of a concurrent cycle, which can be provoked; Serial
 * at a full collection, which is not provoked for savings.
 */
public final class RatioGovernor implements Governor {
  /** Stands for the pair of free ratios; the value is the larger one, in percent. */
  public static final String LEVER = "MaxHeapFreeRatio";

  private static final double TOO_LARGE = 1.15;
  private static final double CYCLE_SECONDS = 30;
  private static final double MOST_SECONDS = 600;
  private static final double URGENT_SECONDS = 2;
  private static final double MARKING_SECONDS = 0.03;
  private static final double LEAST_OVER = 1.05;

  /**
   * Past the cap by so much before a cycle is asked for beside the guard's: the cap holds a reserve
   * for what G1 commits beyond it, and each cycle asked for brings young collections before their
   * time, whose cost makes G1 grow the heap again. The guard itself stands at the cap: with it at
   * this, 576 of 600 MB were reached.
   */
  private static final double OVER_CAP = 1.08;

  private static final double CHEAP = 0.08;
  private static final int LEAST_FREE = 30;
  private static final int AFTER_FAILURE = 10;
  private static final double NEAR = 0.8;
  private static final double FAR = 0.6;
  private static final int SERIAL_FREE = 20;
  private static final double FILLED = 0.6;
  private static final double FILLED_SECONDS = 10;
  private static final int MOST_FREE = 70;

  private final HeapLaw law = new HeapLaw();
  private final Cadence cadence = new Cadence();
  private final Alarms alarms = new Alarms();
  private final CpuDebt debt = new CpuDebt();
  private final Quiet quiet = new Quiet();
  private final BackOff vain = BackOff.lasting(CYCLE_SECONDS, MOST_SECONDS);
  private final BackOff urgents = new BackOff(URGENT_SECONDS, CYCLE_SECONDS);
  private long target;
  private long lastFailures = -1;
  private boolean wasLimited;
  private double lastCycle = Double.NEGATIVE_INFINITY;

  @Override
  public void see(Snapshot now) {
    law.see(now);
  }

  @Override
  public List<Move> step(
      Snapshot now, Pressure pressure, ToLongFunction<String> levers, double tau) {
    long ratio = levers.applyAsLong(LEVER);
    boolean letGo = debt.add(now);
    HeapLaw.Target wanted = law.next(now, now.heap().committedBytes(), tau);
    target = wanted.bytes();
    alarms.see(now, wanted);
    boolean limited = wanted.cap() < now.heap().maxBytes();
    if (letGo && !limited) {
      return List.of(new Move.Release("collections took over half of the CPU: levers let go"));
    }
    if (debt.locked(now.second()) && !limited) {
      return List.of();
    }
    List<Move> moves = new ArrayList<>();
    steer(now, ratio, wanted, limited, tau, moves);
    if (now.gc().collector() == Collector.G1) {
      // A cap below what the heap never goes below would have cycles follow each other for nothing.
      boolean mayShrink = wanted.cap() > now.heap().leastBytes();
      moves.add(new Move.Guard(limited && mayShrink ? wanted.cap() : 0));
      cycle(now, wanted, moves);
    }
    return moves;
  }

  private void steer(
      Snapshot now,
      long ratio,
      HeapLaw.Target wanted,
      boolean limited,
      double tau,
      List<Move> moves) {
    boolean failed = failed(now, limited);
    if (ratio < 0) {
      return;
    }
    long free = freeRatio(now, wanted);
    boolean costly = now.gc().cost() > 1.25 * tau;
    boolean near = limited && now.heap().committedBytes() > NEAR * wanted.cap();
    if (now.gc().collector() == Collector.SERIAL) {
      serial(now, ratio, wanted, near, moves);
    } else if (failed && ratio < MOST_FREE && !near) {
      cadence.grown(now.second());
      long more = Math.min(MOST_FREE, Math.max(free, ratio + AFTER_FAILURE));
      moves.add(set(more, false, "a collection failed for want of room"));
    } else if (free > ratio + 5 && costly && !near) {
      cadence.grown(now.second());
      moves.add(set(free, false, reason(now, wanted)));
    } else if (free < ratio - 5 && near) {
      moves.add(set(free, true, reason(now, wanted)));
    } else if (now.heap().liveBytes() > 0 && cadence.low(free < ratio - 5, now.second())) {
      cadence.shrunk(now.second());
      moves.add(set(free, false, reason(now, wanted)));
    }
  }

  /**
   * Whether a collection found no room to copy to, or stopped everything for all of the heap, since
   * the last look. Inside a limit a full collection may be the emergency's own.
   */
  private boolean failed(Snapshot now, boolean limited) {
    long full = limited ? 0 : now.gc().fullCollections();
    long failures = now.jfr().evacuationFailures() + full;
    boolean more = lastFailures >= 0 && failures > lastFailures && limited == wasLimited;
    lastFailures = failures;
    wasLimited = limited;
    return more;
  }

  /**
   * Tight ratios cost Serial full collections, each of them a stop of the whole application. So
   * they are set where the container's limit is near, and go back once it is not.
   */
  private static void serial(
      Snapshot now, long ratio, HeapLaw.Target wanted, boolean near, List<Move> moves) {
    boolean far = now.heap().committedBytes() < FAR * wanted.cap();
    if (near && ratio > SERIAL_FREE) {
      moves.add(set(SERIAL_FREE, true, reason(now, wanted)));
    } else if (far && ratio == SERIAL_FREE) {
      moves.add(set(MOST_FREE, true, reason(now, wanted)));
    }
  }

  /**
   * Free share after a collection that leaves the live set and makes the heap the target's size.
   */
  private static long freeRatio(Snapshot now, HeapLaw.Target wanted) {
    double found = Math.max(1, Math.max(now.heap().liveBytes(), now.heap().recentAfterBytes()));
    double marking = found + MARKING_SECONDS * now.gc().allocationRate();
    double free = 100 * (1 - marking / Math.max(marking, (double) wanted.bytes()));
    return Math.max(LEAST_FREE, Math.min(MOST_FREE, 5 * (long) (free / 5)));
  }

  private void cycle(Snapshot now, HeapLaw.Target wanted, List<Move> moves) {
    double since = now.second() - lastCycle;
    long committed = now.heap().committedBytes();
    boolean limited = wanted.cap() < now.heap().maxBytes();
    boolean urgent =
        limited
            && committed > Math.max(OVER_CAP * wanted.cap(), LEAST_OVER * now.heap().leastBytes());
    boolean filled = limited && now.heap().recentAfterBytes() > FILLED * wanted.cap();
    boolean isQuiet = quiet.read(now);
    // Before the first collection nobody knows what is live, and little can be garbage.
    boolean known = now.heap().liveBytes() > 0;
    boolean large = known && committed > TOO_LARGE * wanted.bytes() + (16L << 20);
    vain.see(committed);
    urgents.see(committed);
    if (urgent && urgents.due(now.second(), committed)) {
      provoke(now, "committed heap nears what the container allows", moves);
    } else if (filled && since >= FILLED_SECONDS) {
      provoke(now, "the old generation fills up", moves);
    } else if (isQuiet && known && (large || quiet.unseen(now)) && quiet.cycleDue(now)) {
      provoke(now, "little to do, and garbage may be waiting", moves);
    } else if (large
        && !isQuiet
        && since >= CYCLE_SECONDS
        && !cadence.held(now.second())
        && now.gc().cost() < CHEAP
        && vain.due(now.second(), committed)) {
      provoke(now, reason(now, wanted), moves);
    }
  }

  private void provoke(Snapshot now, String reason, List<Move> moves) {
    lastCycle = now.second();
    moves.add(new Move.Cycle(reason));
  }

  private static Move set(long percent, boolean forced, String reason) {
    return new Move.Set(LEVER, percent, forced, reason);
  }

  private static String reason(Snapshot now, HeapLaw.Target wanted) {
    return String.format(
        Locale.ROOT,
        "committed %d MB, live %d MB, wanted %d MB",
        now.heap().committedBytes() >> 20,
        now.heap().liveBytes() >> 20,
        wanted.bytes() >> 20);
  }

  @Override
  public long targetBytes() {
    return target;
  }

  @Override
  public List<String> alarms() {
    return alarms.lines(debt);
  }

  @Override
  public void rebuke(double second) {
    cadence.rebuke(second);
  }
}
