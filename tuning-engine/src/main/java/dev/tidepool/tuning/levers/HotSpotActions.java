package dev.tidepool.tuning.levers;

import dev.tidepool.tuning.Collector;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import javax.management.JMException;

/** The actions of this VM. */
public final class HotSpotActions implements Actions {
  /** Full collections until Serial has given back all that it will. */
  private static final int SHRINK_STEPS = 4;

  private final Collector collector;
  private final G1Cycle g1;
  private final int shrinkSteps;
  private final boolean explicitIsOff;
  private final boolean explicitIsConcurrent;
  private final LongSupplier resident;
  private boolean trimMissing;

  /**
   * For this VM.
   *
   * @param resident bytes of the process in memory
   */
  public HotSpotActions(Collector collector, Levers levers, VmFlags flags, LongSupplier resident) {
    this.collector = collector;
    this.resident = resident;
    this.g1 =
        levers
            .find(Levers.PERIODIC_INTERVAL)
            .map(lever -> new G1Cycle(lever, levers.find(Levers.FREE_RATIO), flags))
            .orElse(null);
    boolean inSteps = collector == Collector.SERIAL && isOn(flags, "ShrinkHeapInSteps");
    this.shrinkSteps = inSteps ? SHRINK_STEPS : 1;
    this.explicitIsOff = isOn(flags, "DisableExplicitGC");
    this.explicitIsConcurrent =
        !explicitIsOff
            && switch (collector) {
              case ZGC -> true;
              case SHENANDOAH, G1 -> isOn(flags, "ExplicitGCInvokesConcurrent");
              case SERIAL, PARALLEL, OTHER -> false;
            };
  }

  private static boolean isOn(VmFlags flags, String name) {
    return flags.read(name).map(flag -> flag.value().equals("true")).orElse(false);
  }

  @Override
  public boolean cycle(double gapSeconds) {
    if (explicitIsConcurrent) {
      return collect();
    }
    return collector == Collector.G1 && g1 != null && g1.begin(gapSeconds);
  }

  @Override
  public void guard(long committedBytes, double gapSeconds) {
    if (g1 != null) {
      g1.guard(committedBytes, gapSeconds);
    }
  }

  @Override
  public void heldBy(Predicate<String> held) {
    if (g1 != null) {
      g1.heldBy(held);
    }
  }

  @Override
  public long guardFired() {
    return g1 == null ? 0 : g1.fired();
  }

  /** Told of each collection on the VM's notification thread. */
  public void collected(String cause, long usedBytes, long committedBytes) {
    if (g1 != null) {
      g1.collected(cause, usedBytes, committedBytes);
    }
  }

  public boolean pending() {
    return g1 != null && g1.pending();
  }

  /**
   * Serial gives memory back in steps only (ShrinkHeapInSteps: nothing, 10 %, 40 %, all), while its
   * young generation grows with the old one at the first: so it is made to go on until the heap is
   * smaller than it was. One collection alone would bring about the kill it is to prevent.
   */
  @Override
  @SuppressWarnings("SystemGc") // the emergency's last means, and the concurrent cycle of ZGC
  public boolean collect() {
    if (explicitIsOff) {
      return false;
    }
    long before = Runtime.getRuntime().totalMemory();
    for (int step = 0; step < shrinkSteps; step++) {
      System.gc();
      long left = Runtime.getRuntime().totalMemory();
      long used = left - Runtime.getRuntime().freeMemory();
      if (left < 0.75 * before || used > 0.6 * before) {
        break; // enough is given back, or there is not much to give
      }
    }
    return true;
  }

  /** Whether -XX:+DisableExplicitGC takes the collection away. */
  public boolean collectionIsOff() {
    return explicitIsOff;
  }

  @Override
  public Optional<Trimmed> trimNative() {
    if (trimMissing) {
      return Optional.empty();
    }
    try {
      long before = resident.getAsLong();
      long start = System.nanoTime();
      DiagnosticCommand.run("systemTrimNativeHeap");
      double seconds = (System.nanoTime() - start) / 1e9;
      return Optional.of(new Trimmed(before - resident.getAsLong(), seconds));
    } catch (JMException | RuntimeException | LinkageError e) {
      // 17 before 17.0.9, another C library, or no diagnostic commands: not asked again.
      trimMissing = true;
      return Optional.empty();
    }
  }

  @Override
  public void settle(long committedBytes) {
    if (g1 != null) {
      g1.settle(committedBytes);
    }
  }

  @Override
  public void close() {
    if (g1 != null) {
      g1.close();
    }
  }
}
