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
  public static final String UNCOMMIT_DELAY = UncommitDelayLever.NAME;

  private static final long LEAST_HEAP = 8L << 20;

  /** Replaced, not changed: one is added while others may be reading. */
  private volatile Map<String, Lever> byName = Map.of();

  private final Collector collector;
  private final VmFlags flags;
  private final UnmanagedFlags unmanaged;
  private volatile UncommitDelayLever uncommitDelay;
  private volatile String uncommitDelayMissing;
  private boolean uncommitDelayAllowed;

  private Levers(Collector collector, VmFlags flags, UnmanagedFlags unmanaged) {
    this.collector = collector;
    this.flags = flags;
    this.unmanaged = unmanaged;
  }

  /** The levers that have an effect under this collector. */
  public static Levers of(VmFlags flags, Collector collector, long maxHeap, boolean override) {
    return of(flags, collector, maxHeap, override, Map.of(), UnmanagedFlags.NONE);
  }

  /**
   * The same where some flags have been moved already.
   *
   * @param found those flags with the values they had
   * @param unmanaged finds what the VM does not offer for writing, once {@link #look} asks for it
   */
  public static Levers of(
      VmFlags flags,
      Collector collector,
      long maxHeap,
      boolean override,
      Map<String, String> found,
      UnmanagedFlags unmanaged) {
    Levers levers = new Levers(collector, flags, unmanaged);
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
    lever.ifPresent(
        found -> {
          Map<String, Lever> more = new LinkedHashMap<>(byName);
          more.put(found.name(), found);
          byName = more;
        });
  }

  /**
   * Whether the delay of ZGC's uncommit may be written; where it no longer may it goes back. It is
   * not looked for before it may, nor before the first {@link #look}.
   */
  public synchronized void allowUncommitDelay(boolean allowed) {
    uncommitDelayAllowed = allowed;
    if (uncommitDelay != null) {
      uncommitDelay.allow(allowed);
    } else if (uncommitDelayMissing != null) {
      uncommitDelayMissing = null;
      look();
    }
  }

  /** Finds what is not found at the start, for that takes some ten milliseconds. */
  public synchronized void look() {
    if (collector != Collector.ZGC || uncommitDelay != null || uncommitDelayMissing != null) {
      return;
    }
    if (!uncommitDelayAllowed) {
      uncommitDelayMissing = UncommitDelayLever.OFF;
      return;
    }
    try {
      uncommitDelay = UncommitDelayLever.find(flags, unmanaged);
      add(Optional.of(uncommitDelay));
    } catch (IllegalStateException e) {
      uncommitDelayMissing = e.getMessage();
    }
  }

  /** Why there is no such lever though the collector is ZGC. */
  public Optional<String> uncommitDelayMissing() {
    return Optional.ofNullable(uncommitDelayMissing);
  }

  /** How often a flag was written past the VM's management. */
  public long unmanagedWrites() {
    UncommitDelayLever lever = uncommitDelay;
    return lever == null ? 0 : lever.writes();
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
