package dev.tidepool.tuning.control;

import dev.tidepool.tuning.Collector;
import dev.tidepool.tuning.Snapshot;

/**
 * How large the heap should be: MemBalancer's square-root rule inside the container's limit.
 *
 * <p>With headroom {@code E} above the live set, collections cost {@code o = K/E} of the CPU. The
 * published rule puts the optimum where memory and collection cost balance under one constant
 * {@code c}: {@code E = sqrt(K/c)} (OOPSLA 2022, arXiv 2204.10455), here with {@code c = tau /
 * (0.1*cap)} and {@code K} taken from what is seen, the cost now times the headroom now. A trim
 * leans toward the CPU target, and where memory is there to be had collections are not let cost
 * much more than it.
 */
public final class HeapLaw {
  private static final double SHARE_OF_LIMIT = 0.90;
  private static final double LIVE_MARGIN = 1.3;
  private static final long LEAST_HEAP = 16L << 20;
  private static final int LET_GO_SECONDS = 5;
  private static final double SETTLED = 60; // seconds of a process's life
  private static final double KNOWN = 20; // seconds that we have watched it

  /** Headroom, as a share of the cap, at which collections are to cost just the target. */
  private static final double MEMORY_SHARE = 0.10;

  private static final double MOST_OVER_TARGET = 1.2;

  /** What G1 commits beyond before a cycle that was begun at the cap has ended; of the limit. */
  private static final double G1_EXPANSION = 0.18;

  private final SlidingMax nativeBytes = new SlidingMax(300);
  private final SlidingMax committed = new SlidingMax(LET_GO_SECONDS);
  private final Overshoot overshoot = new Overshoot();
  private SlidingMax othersBytes = new SlidingMax(60);
  private long othersLimit;
  private double smoothedHeadroom;
  private double lastSecond = Double.NaN;
  private double firstSecond = Double.NaN;

  /**
   * The law's answer.
   *
   * @param bytes size wanted, not below what the collector never goes below
   * @param cap most that the container and the maximum heap allow
   * @param floor least that the live set needs
   * @param room most that may stand committed; the cap of a soft maximum differs from it by what
   *     the heap rises over it
   */
  public record Target(long bytes, long cap, long floor, long room) {}

  /** One round, of which there may be several in a second. */
  void see(Snapshot now) {
    committed.add(now.second(), now.heap().committedBytes());
    overshoot.see(now);
  }

  /** More is committed than there is room for, under a soft maximum above that room. */
  void crept(Snapshot now) {
    overshoot.crept(now);
  }

  /** The soft maximum goes to so much now. */
  void moved(long size) {
    overshoot.size(size);
  }

  /**
   * The target for this second.
   *
   * @param size what the heap may grow to now: the soft maximum, or what is committed
   */
  public Target next(Snapshot now, long size, double tau) {
    if (Double.isNaN(firstSecond)) {
      firstSecond = now.second();
    }
    long room = room(now);
    long cap = cap(now, size, room);
    long live = Math.max(1, now.heap().liveBytes());
    long floor = floor(now, live);
    double headroom =
        Math.max(live * 0.05, (double) (Math.min(size, now.heap().committedBytes()) - live));
    double cost = now.gc().cost() * headroom;
    double optimum = Math.sqrt(cost * MEMORY_SHARE * cap / tau) * trim(now.gc().cost(), tau);
    double wanted = Math.max(optimum, cost / (MOST_OVER_TARGET * tau));
    smooth(now.second(), wanted);
    long bytes = (long) Math.min(Long.MAX_VALUE / 4.0, live + smoothedHeadroom);
    long least = Math.max(floor, now.heap().leastBytes());
    return new Target(Math.min(cap, Math.max(least, bytes)), cap, floor, room);
  }

  private void smooth(double second, double wanted) {
    // Noise is smoothed over a minute; a load that has changed is followed within seconds.
    boolean changed = wanted > 1.3 * smoothedHeadroom || wanted < 0.5 * smoothedHeadroom;
    double time = changed ? 5 : 60;
    double keep = Double.isNaN(lastSecond) ? 0 : Math.exp(-(second - lastSecond) / time);
    smoothedHeadroom = keep * smoothedHeadroom + (1 - keep) * wanted;
    lastSecond = second;
  }

  /** 0.75 .. 1.5: more headroom while collections cost more than the target, less while less. */
  static double trim(double cpuRatio, double tau) {
    double sigmoid = 1 / (1 + Math.exp(-2 * (cpuRatio - tau) / tau));
    return Math.max(0.75, Math.min(1.5, sigmoid + 0.5));
  }

  private long floor(Snapshot now, long live) {
    double perCycle = now.gc().allocationRate() * Math.max(0.05, 2 * now.gc().cycleSeconds());
    double forConcurrent = now.gc().collector().hasSoftMax() ? live + perCycle : 0;
    double margin = now.gc().collector() == Collector.SHENANDOAH ? 1.6 : LIVE_MARGIN;
    return (long) Math.max(LEAST_HEAP, Math.max(margin * live, forConcurrent));
  }

  private long cap(Snapshot now, long size, long room) {
    long max = now.heap().maxBytes();
    if (now.container().limitBytes() == 0 || !now.gc().collector().hasSoftMax()) {
      return Math.min(max, room);
    }
    overshoot.size(size);
    double cap = Math.max((double) room - overshoot.bytes(now), leastUseful(now, room));
    return (long) Math.max(LEAST_HEAP, Math.min((double) max, cap));
  }

  /**
   * Below this a soft maximum of Shenandoah takes nothing off the heap's height any more, which is
   * then what is live and what one cycle lets through; cycles would only follow each other.
   */
  private static double leastUseful(Snapshot now, long room) {
    return now.gc().collector() == Collector.SHENANDOAH
        ? Math.min((double) room, 1.15 * now.heap().liveBytes() + Overshoot.evacuationReserve(now))
        : 0;
  }

  /** Most that the heap may have committed. */
  private long room(Snapshot now) {
    long limit = now.container().limitBytes();
    if (limit == 0) {
      return now.heap().maxBytes();
    }
    // What the heap has just let go of is still in the working set (G1 gives it back in its own
    // time): taken for native memory it would make the cap smaller for minutes, which shrinks the
    // heap further.
    committed.add(now.second(), now.heap().committedBytes());
    long outside =
        Math.max(
            now.container().workingSetBytes() - now.container().othersBytes() - committed.max(),
            knownOutside(now));
    nativeBytes.add(now.second(), outside);
    long beyond = now.gc().collector() == Collector.G1 ? (long) (G1_EXPANSION * limit) : 0;
    long reserved = Math.max(nativeBytes.max() + beyond, firstReserve(now, limit));
    double room = SHARE_OF_LIMIT * limit - others(now, limit) - reserved - now.poolBytes();
    return (long) Math.max(LEAST_HEAP, Math.max(room, 0.2 * limit));
  }

  /**
   * Most that the neighbours under this limit took of late. Another limit may be that of another
   * group, with other neighbours or none: what was seen under the last one says nothing of it.
   */
  private long others(Snapshot now, long limit) {
    if (limit != othersLimit) {
      othersLimit = limit;
      othersBytes = new SlidingMax(60);
    }
    othersBytes.add(now.second(), now.container().othersBytes());
    return othersBytes.max();
  }

  /**
   * Native memory is still growing in the first minute; what it will come to is guessed, and the
   * guess counts less with every second that shows what it does.
   */
  private long firstReserve(Snapshot now, long limit) {
    double sure = Math.min(now.second() / SETTLED, (now.second() - firstSecond) / KNOWN);
    double guess = Math.min(160L << 20, 0.25 * limit);
    return (long) (guess * Math.max(0, 1 - sure));
  }

  /** What is known to be needed beside the heap, whatever the working set says. */
  static long knownOutside(Snapshot now) {
    return now.process().metaspaceBytes()
        + now.process().directBytes()
        + now.process().threads() * (64L << 10)
        + (20L << 20);
  }
}
