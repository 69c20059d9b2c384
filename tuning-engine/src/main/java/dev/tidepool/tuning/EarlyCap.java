package dev.tidepool.tuning;

import dev.tidepool.tuning.levers.HotSpotFlags;
import dev.tidepool.tuning.levers.Lever;
import dev.tidepool.tuning.levers.Levers;
import dev.tidepool.tuning.levers.MetaspaceRoom;
import dev.tidepool.tuning.levers.ShrinkHold;
import dev.tidepool.tuning.levers.UnmanagedFlags;
import dev.tidepool.tuning.levers.VmFlags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What {@link FirstCap} hands over to the engine: the levers, which know where the flags stood
 * before the cap was set, and what is needed to make the rest.
 */
public final class EarlyCap {
  private final VmFlags flags;
  private final Collector collector;
  private final Levers levers;
  private final long maxHeap;
  private final long leastHeap;
  private final int before;
  private final ShrinkHold hold;

  private EarlyCap(
      VmFlags flags,
      Collector collector,
      Levers levers,
      long maxHeap,
      int before,
      ShrinkHold hold) {
    this.before = before;
    this.hold = hold;
    this.flags = flags;
    this.collector = collector;
    this.levers = levers;
    this.maxHeap = maxHeap;
    // Not InitialHeapSize, which without -Xms is the VM's own guess and no bound.
    this.leastHeap = flags.read("MinHeapSize").map(VmFlags.Flag::number).orElse(0L);
  }

  /** Sets the cap now, for a process that is running already; never throws. */
  public static EarlyCap apply(TuningSettings settings) {
    return apply(settings, UnmanagedFlags.NONE, false);
  }

  /**
   * The same with the means to find what the VM does not offer for writing.
   *
   * @param holds whether our own classes may be kept from shrinking the heap
   */
  public static EarlyCap apply(TuningSettings settings, UnmanagedFlags unmanaged, boolean holds) {
    boolean acts = settings.mode() == TuningMode.AUTO;
    Map<String, String> found = acts ? FirstCap.apply(settings.memoryLimitBytes()) : Map.of();
    return after(settings, found, unmanaged, holds ? MetaspaceRoom::now : null);
  }

  /**
   * Takes over what was set before main.
   *
   * @param found the flags that {@link FirstCap} moved, with the values they had
   * @param unmanaged finds what the VM does not offer for writing
   * @param holds whether our own classes may be kept from shrinking the heap
   */
  public static EarlyCap after(
      TuningSettings settings, Map<String, String> found, UnmanagedFlags unmanaged, boolean holds) {
    return after(settings, found, unmanaged, holds ? MetaspaceRoom::atStart : null);
  }

  private static EarlyCap after(
      TuningSettings settings,
      Map<String, String> found,
      UnmanagedFlags unmanaged,
      Function<VmFlags, ShrinkHold.Metaspace> metaspace) {
    VmFlags flags = HotSpotFlags.open();
    Collector collector = collector(flags);
    long maxHeap =
        flags
            .read("MaxHeapSize")
            .map(VmFlags.Flag::number)
            .orElse(Runtime.getRuntime().maxMemory());
    Levers levers =
        Levers.of(flags, collector, maxHeap, settings.overrideUserFlags(), found, unmanaged);
    ShrinkHold hold =
        metaspace == null || collector != Collector.G1
            ? ShrinkHold.none()
            : ShrinkHold.of(flags, found, metaspace.apply(flags), () -> System.nanoTime() / 1e9);
    EarlyCap early = new EarlyCap(flags, collector, levers, maxHeap, found.size(), hold);
    if (settings.mode() != TuningMode.AUTO) {
      levers.restore();
    }
    hold.look();
    return early;
  }

  /** By flag: the collector beans cost more to wake than all the rest of this. */
  private static Collector collector(VmFlags flags) {
    if (isOn(flags, "UseG1GC")) {
      return Collector.G1;
    } else if (isOn(flags, "UseZGC")) {
      return Collector.ZGC;
    } else if (isOn(flags, "UseShenandoahGC")) {
      return Collector.SHENANDOAH;
    } else if (isOn(flags, "UseParallelGC")) {
      return Collector.PARALLEL;
    }
    return isOn(flags, "UseSerialGC") ? Collector.SERIAL : Collector.OTHER;
  }

  private static boolean isOn(VmFlags flags, String name) {
    return flags.read(name).map(flag -> flag.value().equals("true")).orElse(false);
  }

  /** The levers that were moved by now. */
  public List<Lever> moved() {
    List<Lever> moved = new ArrayList<>();
    for (Lever lever : levers.all()) {
      if (lever.active()) {
        moved.add(lever);
      }
    }
    return moved;
  }

  public Collector collector() {
    return collector;
  }

  /** The levers with what they stood at before anything was set. */
  public Levers levers() {
    return levers;
  }

  public VmFlags flags() {
    return flags;
  }

  /** How often a flag of this VM was written by us. */
  public long flagWrites() {
    return before + flags.writes() + levers.unmanagedWrites();
  }

  public long maxHeapBytes() {
    return maxHeap;
  }

  /** What the collector never goes below: {@code -Xms}, or little where that was not given. */
  public long leastHeapBytes() {
    return leastHeap;
  }

  /** What keeps the agent's own classes from shrinking the heap. */
  ShrinkHold hold() {
    return hold;
  }

  /** Puts back what was set; for an agent that ends before its engine has begun. */
  public void undo() {
    hold.end();
    levers.restore();
  }
}
