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
  private static final double LEAST_CYCLE = 0.1;
  private static final int LET_GO_SECONDS = 3;
  private static final double SETTLED = 60; // seconds of a process's life
  private static final double KNOWN = 20; // seconds that we have watched it

  /** Headroom, as a share of the cap, at which collections are to cost just the target. */
  private static final double MEMORY_SHARE = 0.10;

  private static final double MOST_OVER_TARGET = 1.2;
  private static final double MOST_OVERSHOOT = 0.12;

  /** What G1 commits beyond before a cycle that was begun at the cap has ended; of the limit. */
  private static final double G1_EXPANSION = 0.15;

  private final SlidingMax nativeBytes = new SlidingMax(300);
  private final SlidingMax committed = new SlidingMax(LET_GO_SECONDS);
  private final SlidingMax overshoot = new SlidingMax(60);
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
   */
  public record Target(long bytes, long cap, long floor) {}

  /**
   * The target for this second.
   *
   * @param size what the heap may grow to now: the soft maximum, or what is committed
   */
  public Target next(Snapshot now, long size, double tau) {
    if (Double.isNaN(firstSecond)) {
      firstSecond = now.second();
    }
    long cap = cap(now, size);
    long live = Math.max(1, now.heap().liveBytes());
    long floor = floor(now, live);
    double headroom =
        Math.max(live * 0.05, (double) (Math.min(size, now.heap().committedBytes()) - live));
    double cost = now.gc().cpuRatio() * headroom;
    double optimum = Math.sqrt(cost * MEMORY_SHARE * cap / tau) * trim(now.gc().cpuRatio(), tau);
    double wanted = Math.max(optimum, cost / (MOST_OVER_TARGET * tau));
    smooth(now.second(), wanted);
    long bytes = (long) Math.min(Long.MAX_VALUE / 4.0, live + smoothedHeadroom);
    long least = Math.max(floor, now.heap().leastBytes());
    return new Target(Math.min(cap, Math.max(least, bytes)), cap, floor);
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

  private long cap(Snapshot now, long size) {
    long max = now.heap().maxBytes();
    long limit = now.container().limitBytes();
    if (limit == 0) {
      return max;
    }
    // What the heap has just let go of is still in the working set: taken for native memory it
    // would
    // make the cap smaller, which shrinks the heap further.
    committed.add(now.second(), now.heap().committedBytes());
    long outside =
        Math.max(
            now.container().workingSetBytes() - now.container().othersBytes() - committed.max(),
            knownOutside(now));
    nativeBytes.add(now.second(), outside);
    if (now.gc().collector().hasSoftMax()) {
      double over = Math.max(0, now.heap().committedBytes() - size) / 2.0;
      double most = MOST_OVERSHOOT * limit;
      overshoot.add(now.second(), (long) Math.min(most, Math.max(over, inFlight(now))));
    }
    long beyond = now.gc().collector() == Collector.G1 ? (long) (G1_EXPANSION * limit) : 0;
    long reserved = Math.max(nativeBytes.max() + beyond, firstReserve(now, limit));
    double room =
        SHARE_OF_LIMIT * limit - others(now, limit) - reserved - now.poolBytes() - overshoot.max();
    return (long) Math.max(LEAST_HEAP, Math.min((double) max, Math.max(room, 0.2 * limit)));
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
   * What is allocated while one concurrent cycle runs: a soft maximum begins a cycle, it does not
   * stop anybody. On a busy machine a cycle takes long, and this is what leads past the limit.
   */
  private static double inFlight(Snapshot now) {
    return now.gc().allocationRate() * Math.max(LEAST_CYCLE, 1.5 * now.gc().cycleSeconds());
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
