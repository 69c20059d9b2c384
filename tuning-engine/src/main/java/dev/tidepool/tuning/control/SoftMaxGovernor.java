package dev.tidepool.tuning.control;

import dev.tidepool.tuning.Collector;
import dev.tidepool.tuning.Pressure;
import dev.tidepool.tuning.Snapshot;
import dev.tidepool.tuning.levers.Levers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** ZGC and Shenandoah: the soft maximum follows the law, and what ZGC does not need goes back. */
public final class SoftMaxGovernor implements Governor {
  public static final String LEVER = Levers.SOFT_MAX;

  private static final double DEAD_BAND = 0.08;
  private static final double STEP = 0.10;
  private static final double QUIET_STEP = 0.25;
  private static final double QUIET_SECONDS = 8;
  private static final double GROWTH_SETTLE_SECONDS = 4;
  private static final long GRAIN = 2L << 20;
  private static final int MOST_NUDGES = 3;

  /** A cap that has moved by less than this share of the limit is not worth a write of the flag. */
  private static final double WORTH = 0.01;

  private static final double OVER_ROOM = 1.03;
  private static final double UNCOMMIT_TO = 0.9;

  /**
   * While the limit is being lowered. What is given back at once comes back in part with the next
   * cycle (measured: 60 to 100 MB), and a limit that went down behind it by smaller steps stood
   * where the heap could not stay: killed at 0.75 and 0.9 of the room. So one step that is large
   * enough for the limit yet to come, or none where what is live leaves no room for it.
   */
  private static final double UNCOMMIT_TO_SINKING = 0.6;

  private static final double SINKING_SECONDS = 60;
  private static final long UNTIL_CYCLE = 24L << 20;

  /** Share of the soft maximum below which Shenandoah begins a cycle at once. */
  private static final double LEAST_FREE = 0.10;

  private static final double UNCOMMIT_SECONDS = 3;
  private static final double VAIN_SECONDS = 120;

  private final HeapLaw law = new HeapLaw();
  private final Cadence cadence = new Cadence();
  private final Alarms alarms = new Alarms();
  private final CpuDebt debt = new CpuDebt();
  private final Quiet quiet = new Quiet();
  private final UncommitRule uncommit = new UncommitRule();
  private final BackOff uncommits = new BackOff(UNCOMMIT_SECONDS, VAIN_SECONDS);
  private final SlidingMax limits = new SlidingMax(SINKING_SECONDS);
  private long target;
  private long lastStalls = -1;
  private long lastDegenerated;
  private double lastGrowth = Double.NEGATIVE_INFINITY;
  private double lastQuietStep = Double.NEGATIVE_INFINITY;
  private boolean nudged;
  private int nudges;
  private long committedAtNudge;

  @Override
  public void see(Snapshot now) {
    law.see(now);
  }

  @Override
  public List<Move> step(
      Snapshot now, Pressure pressure, ToLongFunction<String> levers, double tau) {
    List<Move> moves =
        decide(now, levers.applyAsLong(LEVER), levers.applyAsLong(Levers.UNCOMMIT_DELAY), tau);
    for (Move move : moves) {
      if (move instanceof Move.Set set && set.lever().equals(LEVER)) {
        // At once: the heap follows before the next step, and would seem to rise over the old one.
        law.moved(set.value());
      }
    }
    return moves;
  }

  private List<Move> decide(Snapshot now, long size, long delay, double tau) {
    boolean letGo = debt.add(now);
    boolean stalled = stalled(now);
    HeapLaw.Target wanted = law.next(now, size > 0 ? size : now.heap().committedBytes(), tau);
    target = grain(wanted.bytes());
    alarms.see(now, wanted);
    boolean locked = letGo || debt.locked(now.second());
    List<Move> moves = new ArrayList<>();
    if (size > 0) {
      long held = held(now, size, wanted);
      if (held > 0) {
        moves.add(set(held == size ? held - GRAIN : held, true, heldReason(now, wanted)));
      } else {
        moves.addAll(
            locked ? locked(size, wanted, now, letGo) : sizes(now, size, wanted, stalled, tau));
      }
    }
    uncommit.step(now, delay, size, wanted, locked).ifPresent(moves::add);
    return moves;
  }

  /** What is asked back now, 0 where nothing is. */
  private long held(Snapshot now, long size, HeapLaw.Target wanted) {
    uncommits.see(now.heap().committedBytes());
    limits.add(now.second(), now.container().limitBytes());
    long held = heldFor(now, wanted, grain(wanted.cap()));
    if (held == 0 || !uncommits.due(now.second(), now.heap().committedBytes())) {
      return 0;
    }
    lastGrowth = now.second();
    if (size > wanted.room()) {
      law.crept(now);
    }
    return held;
  }

  private List<Move> sizes(
      Snapshot now, long size, HeapLaw.Target wanted, boolean stalled, double tau) {
    long cap = grain(wanted.cap());
    if (size > cap + WORTH * now.container().limitBytes()) {
      cadence.shrunk(now.second());
      lastGrowth = now.second();
      return List.of(set(cap, true, limitReason(now)));
    }
    boolean isQuiet = quiet.read(now);
    if (!isQuiet && isBetterLeft(now, wanted)) {
      long most = grain(now.heap().maxBytes());
      return size < most ? List.of(set(most, false, "there is work again")) : List.of();
    }
    boolean costly = now.gc().cost() > 1.25 * tau || stalled;
    if (target > size * (1 + DEAD_BAND) && costly) {
      return grow(now, size, cap, stalled);
    }
    if (now.heap().liveBytes() == 0) {
      // Before the first collection nobody knows what is live: a size below it would cost at once.
      return List.of();
    }
    List<Move> moves = new ArrayList<>();
    if (isQuiet && !cadence.held(now.second())) {
      shrinkQuiet(now, size, moves);
    } else if (cadence.low(target < size * (1 - DEAD_BAND), now.second())) {
      cadence.shrunk(now.second());
      moves.add(set(smaller(now, size), false, lawReason(now, tau)));
    }
    return moves;
  }

  /**
   * What the soft maximum is to be set to so that memory is given back, 0 where there is no need or
   * this is not the moment.
   *
   * <p>Shenandoah gives back what is free above the soft maximum whenever that is changed, and else
   * keeps it for five minutes. But it stops giving back as soon as a cycle begins: measured, 5 MB
   * instead of 128. So it is asked for between two cycles, with room left for some milliseconds
   * until the next. ZGC has no such moment: there a lower soft maximum gives nothing back, and
   * costs cycles.
   */
  private long heldFor(Snapshot now, HeapLaw.Target wanted, long cap) {
    double most = OVER_ROOM * Math.max(wanted.room(), now.heap().leastBytes());
    if (now.gc().collector() != Collector.SHENANDOAH
        || now.container().limitBytes() == 0
        || now.heap().committedBytes() <= most) {
      return 0;
    }
    boolean sinking = now.container().limitBytes() < limits.max();
    double part = sinking ? UNCOMMIT_TO_SINKING : UNCOMMIT_TO;
    long to = Math.min(cap, grain((long) (part * wanted.room())));
    double next = now.heap().usedBytes() + UNTIL_CYCLE + Overshoot.evacuationReserve(now);
    return next < (1 - LEAST_FREE) * to ? to : 0;
  }

  /**
   * Under load Shenandoah answers a soft maximum below its mind with cycle after cycle, and commits
   * as much all the same: measured, 8 % of the CPU in place of 2 %, and no byte less. So where no
   * container sets a limit it is only asked for memory when there is little to do.
   */
  private static boolean isBetterLeft(Snapshot now, HeapLaw.Target wanted) {
    return now.gc().collector() == Collector.SHENANDOAH && wanted.cap() >= now.heap().maxBytes();
  }

  /**
   * A small step; but what was never committed is nobody's, and the heap is kept from growing into
   * it at once.
   */
  private long smaller(Snapshot now, long size) {
    long step = (long) (size * (1 - STEP));
    long committed = grain(now.heap().committedBytes() + now.heap().committedBytes() / 20);
    return Math.max(target, Math.min(step, committed));
  }

  /**
   * With the levers let go the limit of the container still stands: past it lies a kill, which is
   * worse than any cost.
   */
  private List<Move> locked(long size, HeapLaw.Target wanted, Snapshot now, boolean letGo) {
    long cap = grain(wanted.cap());
    target = cap;
    if (cap < now.heap().maxBytes()) {
      boolean off = size > cap || cap - size > DEAD_BAND * size;
      return off
          ? List.of(set(cap, true, "collections took over half of the CPU: only the limit holds"))
          : List.of();
    }
    return letGo
        ? List.of(new Move.Release("collections took over half of the CPU: levers let go"))
        : List.of();
  }

  private List<Move> grow(Snapshot now, long size, long cap, boolean stalled) {
    if (now.second() - lastGrowth < GROWTH_SETTLE_SECONDS) {
      return List.of();
    }
    lastGrowth = now.second();
    cadence.grown(now.second());
    long to = Math.min(cap, stalled ? Math.max(target, size + size / 4) : target);
    String why =
        stalled
            ? "allocation stalled or a collection degenerated"
            : "collections take " + now.gc().costText();
    return List.of(set(to, false, why));
  }

  /** A quiet process gives its memory back in large steps; a cycle finds the garbage first. */
  private void shrinkQuiet(Snapshot now, long size, List<Move> moves) {
    boolean loose = now.heap().committedBytes() > 1.3 * target + (16L << 20);
    if (!loose) {
      if (quiet.unseen(now) && quiet.cycleDue(now)) {
        moves.add(new Move.Cycle("little to do, and garbage may be waiting"));
      }
      return;
    }
    if (size > target * (1 + DEAD_BAND) && now.second() - lastQuietStep >= QUIET_SECONDS) {
      lastQuietStep = now.second();
      cadence.shrunk(now.second());
      moves.add(set(Math.max(target, (long) (size * QUIET_STEP)), false, "little to do"));
    }
    if (quiet.cycleDue(now)) {
      moves.add(new Move.Cycle("little to do, and garbage may be waiting"));
    } else if (now.gc().collector() == Collector.SHENANDOAH && size <= target * (1 + DEAD_BAND)) {
      nudge(now, size, moves);
    }
  }

  /** Shenandoah of 25 gives memory back once for each change of the flag, after a collection. */
  private void nudge(Snapshot now, long size, List<Move> moves) {
    if (now.heap().committedBytes() < 0.98 * committedAtNudge) {
      nudges = 0;
    }
    if ((long) now.second() % 10 == 0 && nudges < MOST_NUDGES) {
      nudges++;
      committedAtNudge = now.heap().committedBytes();
      nudged = !nudged;
      moves.add(set(nudged ? size + GRAIN : size - GRAIN, false, "asks for the uncommit again"));
    }
  }

  private boolean stalled(Snapshot now) {
    boolean is =
        lastStalls >= 0
            && (now.gc().stalls() > lastStalls || now.gc().degenerated() > lastDegenerated);
    lastStalls = now.gc().stalls();
    lastDegenerated = now.gc().degenerated();
    return is;
  }

  private static Move set(long bytes, boolean forced, String reason) {
    return new Move.Set(LEVER, bytes, forced, reason);
  }

  private static long grain(long bytes) {
    return Math.max(GRAIN, bytes / GRAIN * GRAIN);
  }

  private static String heldReason(Snapshot now, HeapLaw.Target wanted) {
    return String.format(
        Locale.ROOT,
        "%d MB stand committed where the limit of %d MB has room for %d MB: asks for the uncommit",
        now.heap().committedBytes() >> 20,
        now.container().limitBytes() >> 20,
        wanted.room() >> 20);
  }

  private static String limitReason(Snapshot now) {
    return String.format(
        Locale.ROOT,
        "the limit of %d MB leaves no more beside %d MB outside the heap",
        now.container().limitBytes() >> 20,
        Math.max(0, now.container().workingSetBytes() - now.heap().committedBytes()) >> 20);
  }

  private static String lawReason(Snapshot now, double tau) {
    return String.format(
        Locale.ROOT,
        "live %d MB, collections %s, target %.1f %%",
        now.heap().liveBytes() >> 20,
        now.gc().costText(),
        100 * tau);
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
