package dev.tidepool.tuning.advice;

import dev.tidepool.tuning.Collector;
import dev.tidepool.tuning.levers.VmFlags;

/**
 * What was said at this start, which flags for the next one must agree with: they stand beside it,
 * and a VM with two collectors or a size above its maximum does not start.
 *
 * @param collectorChosen whether the user named the collector
 * @param regionChosen whether the user named the region size of G1
 * @param regionBytes region size of G1, 0 where not known
 * @param chosenSoftMax soft maximum in bytes that the user has set, 0 for none
 * @param chosenInitial initial heap in bytes that the user has set, 0 for none
 * @param chosenLeast least heap in bytes that the user has set, 0 for none
 */
public record Startup(
    boolean collectorChosen,
    boolean regionChosen,
    long regionBytes,
    long chosenSoftMax,
    long chosenInitial,
    long chosenLeast) {
  public static final Startup UNKNOWN = new Startup(false, false, 0, 0, 0, 0);

  public static Startup of(VmFlags flags, Collector collector) {
    String name =
        switch (collector) {
          case G1 -> "UseG1GC";
          case SERIAL -> "UseSerialGC";
          case PARALLEL -> "UseParallelGC";
          case ZGC -> "UseZGC";
          case SHENANDOAH -> "UseShenandoahGC";
          case OTHER -> "";
        };
    return new Startup(
        flags.read(name).map(VmFlags.Flag::userSet).orElse(true),
        flags.read("G1HeapRegionSize").map(VmFlags.Flag::userSet).orElse(false),
        flags.read("G1HeapRegionSize").map(VmFlags.Flag::number).orElse(0L),
        chosen(flags, "SoftMaxHeapSize"),
        chosen(flags, "InitialHeapSize"),
        chosen(flags, "MinHeapSize"));
  }

  private static long chosen(VmFlags flags, String name) {
    return flags.read(name).filter(VmFlags.Flag::userSet).map(VmFlags.Flag::number).orElse(0L);
  }
}
