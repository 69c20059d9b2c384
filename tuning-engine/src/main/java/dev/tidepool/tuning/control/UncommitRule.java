package dev.tidepool.tuning.control;

import dev.tidepool.tuning.Pressure.Level;
import dev.tidepool.tuning.Snapshot;
import dev.tidepool.tuning.levers.Levers;
import java.util.Locale;
import java.util.Optional;

/**
 * How long ZGC keeps memory that it does not use. A soft maximum makes it use less, but what it has
 * committed it holds for five minutes; where that is wanted back the delay is made short.
 *
 * <p>The collector heeds a shorter delay only when its present wait is over. Made short once a
 * spike is over it would come too late: measured, nothing was given back in the next minute. So it
 * is short from when it is known that there will be something to give back, until an hour after the
 * last reason for it; the flag is written a few times an hour at most.
 *
 * <p>What that costs is to commit again what was unused for so long: with a soft maximum that
 * follows the law it is little, for collections come as often as they may cost.
 */
final class UncommitRule {
  /** Not more: ZGC of 25 watches for one delay and gives back over the next. */
  static final long CONTAINED_SECONDS = 15;

  static final long SECONDS = 60;

  /** Share of the limit from which on a heap is what fills a container. */
  private static final double FITS = 0.5;

  /** A soft maximum below this share of the maximum heap is one that asks for less. */
  private static final double WELL_BELOW = 0.9;

  private static final double LOOSE = 1.3;
  private static final long SMALL = 16L << 20;

  private static final double KEEP_SECONDS = 3_600;

  /** Where the levers were let go meanwhile, or it is only observed. */
  private static final double AGAIN_SECONDS = 3_600;

  private static final double MUCH_STALL = 0.10;

  private final Quiet quiet = new Quiet();
  private double lastWanted = Double.NEGATIVE_INFINITY;
  private double lastAsked = Double.NEGATIVE_INFINITY;
  private long asked = -1;

  /**
   * The move for this second, if any.
   *
   * @param delay as the lever stands, -1 where there is none or it must not be moved
   * @param softMax as it stands, -1 likewise
   * @param locked whether collections cost so much that only a container's limit counts
   */
  Optional<Move> step(
      Snapshot now, long delay, long softMax, HeapLaw.Target wanted, boolean locked) {
    boolean isQuiet = quiet.read(now);
    if (delay < 0) {
      asked = -1;
      return Optional.empty();
    }
    boolean pressed = isShort(now.container());
    String reason = reason(now, softMax, wanted, isQuiet, pressed, locked);
    if (!reason.isEmpty()) {
      lastWanted = now.second();
      boolean contained = now.container().limitBytes() > 0;
      return lower(now.second(), delay, contained || pressed ? CONTAINED_SECONDS : SECONDS, reason);
    }
    if (delay == asked && now.second() - lastWanted >= KEEP_SECONDS) {
      asked = -1;
      return Optional.of(
          new Move.PutBack(Levers.UNCOMMIT_DELAY, "no memory was wanted back for an hour"));
    }
    return Optional.empty();
  }

  private Optional<Move> lower(double second, long delay, long to, String reason) {
    boolean shorter = asked < 0 || to < asked;
    if (delay <= to || (!shorter && second - lastAsked < AGAIN_SECONDS)) {
      return Optional.empty();
    }
    lastAsked = second;
    asked = to;
    // Forced: its effect comes minutes later, so what is measured now would say nothing of it.
    return Optional.of(
        new Move.Set(
            Levers.UNCOMMIT_DELAY, to, true, reason + ": what is unused is not to be kept"));
  }

  /**
   * Whether memory outside this heap is short. Not the engine's pressure: that counts a heap full
   * of live data and collections that cost much, and neither is helped by giving memory back.
   */
  private static boolean isShort(Snapshot.Container group) {
    long fixed = group.workingSetBytes() - group.activeFileBytes();
    return (group.limitBytes() > 0 && fixed > Level.MEDIUM.from() * group.limitBytes())
        || group.stallRatio() > MUCH_STALL
        || group.machineStallRatio() > MUCH_STALL;
  }

  /** Why memory should go back, empty where it need not. */
  private static String reason(
      Snapshot now,
      long softMax,
      HeapLaw.Target wanted,
      boolean isQuiet,
      boolean pressed,
      boolean locked) {
    Snapshot.Heap heap = now.heap();
    if (wanted.cap() < heap.maxBytes()) {
      return "the container's limit is below what the heap may take";
    } else if (locked || heap.committedBytes() <= heap.leastBytes()) {
      return "";
    } else if (pressed) {
      return "memory is short";
    } else if (softMax > 0
        && heap.maxBytes() > FITS * now.container().limitBytes()
        && now.container().limitBytes() > 0) {
      return "the heap may fill much of the container";
    } else if (softMax > 0 && softMax < WELL_BELOW * heap.maxBytes()) {
      return String.format(
          Locale.ROOT, "soft maximum %d MB of %d MB", softMax >> 20, heap.maxBytes() >> 20);
    }
    boolean loose = heap.committedBytes() > LOOSE * wanted.bytes() + SMALL;
    return isQuiet && loose && heap.liveBytes() > 0 ? "little to do" : "";
  }
}
