package dev.tidepool.tuning;

import dev.tidepool.tuning.signals.JfrSignals;
import java.util.Locale;

/**
 * The state of one second. Bytes and seconds; where something could not be read the field is 0 and
 * the source is named by the engine's capabilities.
 *
 * @param second seconds since the process began, with fractions
 * @param poolBytes what the buffer pools hold
 */
public record Snapshot(
    double second,
    Heap heap,
    Gc gc,
    Container container,
    Footprint process,
    JfrSignals jfr,
    long poolBytes) {

  /**
   * The heap.
   *
   * @param leastBytes what the collector never goes below: {@code -Xms} where it was given
   * @param liveBytes estimate of what a full collection would leave
   * @param targetBytes size the governor wants the heap to have, 0 while it wants none
   * @param afterMajorBytes used after the last major collection, 0 before the first
   * @param recentAfterBytes most that one of the last few collections of any kind left
   */
  public record Heap(
      long usedBytes,
      long committedBytes,
      long maxBytes,
      long leastBytes,
      long liveBytes,
      long targetBytes,
      long afterMajorBytes,
      long recentAfterBytes) {}

  /**
   * The collector and what it costs.
   *
   * @param collections of every kind since the process began
   * @param majorCollections those that looked at the whole heap or the old generation
   * @param fullCollections those of them that stopped the application for all of it
   * @param degenerated concurrent collections that had to stop the application to finish
   * @param humongous collections of G1 that an array of half a region or more brought about
   * @param cpuSeconds CPU time of all collector threads since the process began
   * @param cpuRatio their share of the process's CPU time, smoothed over some seconds
   * @param cost the same, but of {@link #COUNTED_CPUS} at least, for what a process with little to
   *     do spends on collections nobody misses; by this the governors decide
   * @param allocatedBytes since the process began
   * @param allocationRate bytes per second, smoothed
   * @param stalls allocation stalls since the process began
   * @param pauseSeconds time the application was stopped since the process began
   * @param cycleSeconds length of a major collection, start to end, smoothed
   * @param gapSeconds between one collection and the next, of late
   */
  public record Gc(
      Collector collector,
      long collections,
      long majorCollections,
      long fullCollections,
      long degenerated,
      long humongous,
      double cpuSeconds,
      double cpuRatio,
      double cost,
      long allocatedBytes,
      double allocationRate,
      long stalls,
      double pauseSeconds,
      double cycleSeconds,
      double gapSeconds,
      Pauses pauses) {
    /** A process that uses less counts as if it used so many processors. */
    public static final double COUNTED_CPUS = 0.25;

    /**
     * What is spent on collections, as a share of what the process spends or might spend without
     * anybody's harm.
     *
     * @param gc processors that the collector keeps busy
     * @param process that the whole process keeps busy
     */
    public static double cost(double gc, double process) {
      return Math.min(1, gc / Math.max(COUNTED_CPUS, process));
    }

    /** The cost, for people. */
    public String costText() {
      return String.format(
          Locale.ROOT,
          "%.1f %% of %s",
          100 * cost,
          cost < cpuRatio ? "a quarter of a CPU" : "the CPU");
    }
  }

  /** Times the application was stopped, over the last minutes. */
  public record Pauses(double p50Seconds, double p99Seconds, double maxSeconds) {
    public static final Pauses NONE = new Pauses(0, 0, 0);
  }

  /**
   * The container: of the group and those around it the one with least room left, or the user's own
   * limit.
   *
   * @param limitBytes 0 for none
   * @param usageBytes as the kernel charges it, in that group
   * @param workingSetBytes usage without inactive file pages: what counts against the limit
   * @param activeFileBytes the part of it that the kernel takes back before it kills
   * @param othersBytes the part of it that belongs to neighbours in that group
   * @param stallRatio share of time in which some task of the group waited for memory (PSI), 0..1
   * @param machineStallRatio the same of the whole machine, where the group's is not known
   */
  public record Container(
      long limitBytes,
      long usageBytes,
      long workingSetBytes,
      long activeFileBytes,
      long othersBytes,
      double stallRatio,
      double machineStallRatio) {
    public static final Container NONE = new Container(0, 0, 0, 0, 0, 0, 0);
  }

  /**
   * The process around the heap.
   *
   * @param cpuSeconds of the whole process since it began
   * @param residentBytes as the kernel shows it; over-counts the heap under ZGC on 17
   */
  public record Footprint(
      double cpuSeconds,
      int processors,
      long residentBytes,
      long metaspaceBytes,
      long directBytes,
      int threads) {}

  public Snapshot withTarget(long targetBytes) {
    Heap h = heap;
    return new Snapshot(
        second,
        new Heap(
            h.usedBytes,
            h.committedBytes,
            h.maxBytes,
            h.leastBytes,
            h.liveBytes,
            targetBytes,
            h.afterMajorBytes,
            h.recentAfterBytes),
        gc,
        container,
        process,
        jfr,
        poolBytes);
  }
}
