package dev.tidepool.tuning.levers;

import dev.tidepool.tuning.Collector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The levers of this VM by name, with what they stood at when the agent came. */
public final class Levers {
  public static final String SOFT_MAX = "SoftMaxHeapSize";
  public static final String FREE_RATIO = "MaxHeapFreeRatio";
  public static final String PERIODIC_INTERVAL = "G1PeriodicGCInterval";

  private static final long LEAST_HEAP = 8L << 20;

  private final Map<String, Lever> byName = new LinkedHashMap<>();

  /** The levers that have an effect under this collector. */
  public static Levers of(VmFlags flags, Collector collector, long maxHeap, boolean override) {
    return of(flags, collector, maxHeap, override, Map.of());
  }

  /**
   * The same where some flags have been moved already.
   *
   * @param found those flags with the values they had
   */
  public static Levers of(
      VmFlags flags,
      Collector collector,
      long maxHeap,
      boolean override,
      Map<String, String> found) {
    Levers levers = new Levers();
    switch (collector) {
      case ZGC, SHENANDOAH ->
          levers.add(
              FlagLever.of(
                  flags, SOFT_MAX, Math.min(LEAST_HEAP, maxHeap), maxHeap, override, found));
      case G1 -> {
        levers.add(FreeRatioLever.of(flags, override, found));
        levers.add(FlagLever.of(flags, PERIODIC_INTERVAL, 0, 3_600_000, override, found));
      }
      case SERIAL -> levers.add(FreeRatioLever.of(flags, override, found));
      case PARALLEL, OTHER -> {
        // Measured: nothing that can be written has an effect there.
      }
    }
    return levers;
  }

  private void add(Optional<? extends Lever> lever) {
    lever.ifPresent(found -> byName.put(found.name(), found));
  }

  public Optional<Lever> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  public List<Lever> all() {
    return new ArrayList<>(byName.values());
  }

  /** Puts everything back; whether all of it went. */
  public boolean restore() {
    return restore(lever -> true);
  }

  /** Puts those back that the condition holds of; whether all of them went. */
  public boolean restore(Predicate<Lever> which) {
    boolean all = true;
    for (Lever lever : byName.values()) {
      all &= !which.test(lever) || lever.restore();
    }
    return all;
  }
}
