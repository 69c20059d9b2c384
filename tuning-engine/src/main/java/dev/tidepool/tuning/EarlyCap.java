package dev.tidepool.tuning;

import dev.tidepool.tuning.levers.HotSpotFlags;
import dev.tidepool.tuning.levers.Lever;
import dev.tidepool.tuning.levers.Levers;
import dev.tidepool.tuning.levers.VmFlags;
import dev.tidepool.tuning.signals.Cgroup;
import java.util.Optional;

/**
 * The cap that the container's limit dictates, set in the first moments of the process.
 *
 * <p>A process whose maximum heap does not fit its container is killed within seconds of its first
 * traffic, before JFR or the engine are up. Where the collector honours a soft maximum it is set
 * here from the limit alone; where it obeys the free ratios these are lowered. The engine takes
 * over from there.
 */
public final class EarlyCap {
  /** Until the rest of the process is known: measured to hold on 17 and 25, ZGC and Shenandoah. */
  private static final double SHARE_OF_LIMIT = 0.60;

  private static final double NEAR = 0.85;
  private static final int TIGHT_FREE_RATIO = 20;

  private final VmFlags flags;
  private final Collector collector;
  private final Levers levers;
  private final long maxHeap;
  private final String done;
  private final long nanos;

  private EarlyCap(
      VmFlags flags, Collector collector, Levers levers, long maxHeap, String done, long nanos) {
    this.flags = flags;
    this.collector = collector;
    this.levers = levers;
    this.maxHeap = maxHeap;
    this.done = done;
    this.nanos = nanos;
  }

  /** Reads the limit and acts where it is near enough to matter; never throws. */
  public static EarlyCap apply(TuningSettings settings) {
    long start = System.nanoTime();
    VmFlags flags = HotSpotFlags.open();
    Collector collector = collector(flags);
    long maxHeap = Runtime.getRuntime().maxMemory();
    long flag = flags.read("MaxHeapSize").map(VmFlags.Flag::number).orElse(maxHeap);
    Levers levers = Levers.of(flags, collector, flag, settings.overrideUserFlags());
    String done = "";
    if (settings.mode() == TuningMode.AUTO) {
      try {
        done = act(levers, limit(settings), flag);
      } catch (RuntimeException e) {
        done = "";
      }
    }
    return new EarlyCap(flags, collector, levers, flag, done, System.nanoTime() - start);
  }

  private static long limit(TuningSettings settings) {
    long container = Cgroup.find().map(Cgroup::limitBytes).orElse(0L);
    long users = settings.memoryLimitBytes();
    return container == 0 ? users : users == 0 ? container : Math.min(users, container);
  }

  private static String act(Levers levers, long limit, long maxHeap) {
    if (limit == 0 || maxHeap < NEAR * SHARE_OF_LIMIT * limit) {
      return "";
    }
    Optional<Lever> softMax = levers.find(Levers.SOFT_MAX).filter(l -> l.blocked().isEmpty());
    if (softMax.isPresent()) {
      long cap = (long) (SHARE_OF_LIMIT * limit) >> 21 << 21;
      return cap < softMax.get().value()
          ? Levers.SOFT_MAX + " " + (softMax.get().set(cap) >> 20) + " MB"
          : "";
    }
    Optional<Lever> ratio = levers.find(Levers.FREE_RATIO).filter(l -> l.blocked().isEmpty());
    return ratio.isPresent()
        ? Levers.FREE_RATIO + " " + ratio.get().set(TIGHT_FREE_RATIO) + " %"
        : "";
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

  /** What was set, for people; empty where there was no need. */
  public String done() {
    return done;
  }

  /** What it took. */
  public long nanos() {
    return nanos;
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

  public long maxHeapBytes() {
    return maxHeap;
  }

  /** Puts back what was set; for an agent that ends before its engine has begun. */
  public void undo() {
    levers.restore();
  }
}
