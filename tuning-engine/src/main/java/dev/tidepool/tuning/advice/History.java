package dev.tidepool.tuning.advice;

import dev.tidepool.tuning.Snapshot;

/** What the advisor remembers: trends of an hour, and peaks since the start. */
public final class History {
  private static final int READINGS = 120;
  private static final double SPACING = 10;

  private final Trend live = new Trend(READINGS, SPACING);
  private final Trend direct = new Trend(READINGS, SPACING);
  private final Trend metaspace = new Trend(READINGS, SPACING);
  private final Trend allocation = new Trend(READINGS, SPACING);
  private final Trend cost = new Trend(READINGS, SPACING);
  private long peakLive;
  private long peakOutside;
  private long peakCommitted;
  private double costSum;
  private double committedSum;
  private long seconds;
  private Snapshot last;
  private final Startup startup;

  /** Of a process that was started so. */
  public History(Startup startup) {
    this.startup = startup;
  }

  /** How the process was started. */
  Startup startup() {
    return startup;
  }

  /** One snapshot a second. */
  public void add(Snapshot now) {
    last = now;
    if (now.heap().liveBytes() > 0) {
      live.add(now.second(), (double) now.heap().liveBytes());
    }
    direct.add(now.second(), (double) now.process().directBytes());
    metaspace.add(now.second(), (double) now.process().metaspaceBytes());
    allocation.add(now.second(), now.gc().allocationRate());
    cost.add(now.second(), now.gc().cpuRatio());
    peakLive = Math.max(peakLive, now.heap().liveBytes());
    peakCommitted = Math.max(peakCommitted, now.heap().committedBytes());
    long known = now.process().metaspaceBytes() + now.process().directBytes();
    long measured = now.container().workingSetBytes() - now.heap().committedBytes();
    peakOutside = Math.max(peakOutside, Math.max(known + (40L << 20), measured));
    costSum += now.gc().cpuRatio();
    committedSum += now.heap().committedBytes();
    seconds++;
  }

  Trend live() {
    return live;
  }

  Trend direct() {
    return direct;
  }

  Trend metaspace() {
    return metaspace;
  }

  Trend allocation() {
    return allocation;
  }

  Trend cost() {
    return cost;
  }

  long peakLive() {
    return peakLive;
  }

  long peakCommitted() {
    return peakCommitted;
  }

  /** Most that was used outside the heap. */
  long peakOutside() {
    return peakOutside;
  }

  double meanCost() {
    return seconds == 0 ? 0 : costSum / seconds;
  }

  double meanCommitted() {
    return seconds == 0 ? 0 : committedSum / seconds;
  }

  long seconds() {
    return seconds;
  }

  /** The last snapshot, or null before the first. */
  Snapshot last() {
    return last;
  }
}
