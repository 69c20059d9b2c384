package dev.tidepool.tuning.control;

import dev.tidepool.tuning.Collector;
import dev.tidepool.tuning.Snapshot;
import dev.tidepool.tuning.levers.Actions;
import dev.tidepool.tuning.levers.G1Cycle;
import dev.tidepool.tuning.levers.Levers;
import dev.tidepool.tuning.levers.Trimmed;
import dev.tidepool.tuning.levers.UnmanagedFlags;
import dev.tidepool.tuning.levers.VmFlags;
import dev.tidepool.tuning.signals.JfrSignals;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;

/**
 * A heap that is allocated into and collected, in a container, one second at a time.
 *
 * <p>A cycle marks the live set at a fixed speed; between cycles the headroom below the soft
 * maximum fills at the allocation rate. So collections cost {@code live / speed * rate / headroom}
 * CPU seconds a second, the cost the square-root rule assumes, with noise on it.
 */
final class SimulatedHeap implements VmFlags, Actions {
  static final long MB = 1L << 20;

  final Map<String, Flag> flags = new LinkedHashMap<>();
  final Map<String, Integer> writes = new LinkedHashMap<>();
  final long max;
  private final Collector collector;
  private final Random random;

  long limit;
  long live;
  double rate;
  double applicationCpu = 0.5;
  double markBytesPerSecond = 500.0 * MB;
  long nativeBytes = 60 * MB;
  long neighbourBytes;
  long evacuationFailures;
  long full;
  long activeFileBytes;
  Optional<Trimmed> trimmed = Optional.of(new Trimmed(0, 0.001));
  int trims;
  int collects;
  int cycles;
  boolean killed;
  boolean refuse;
  boolean ignore;

  /** One flag that the VM refuses to have written. */
  String refusedFlag = "";

  /** Memory that is not given back, whatever is asked. */
  boolean sticky;

  /** Memory that is given back only when the soft maximum is written, as Shenandoah of 25 does. */
  boolean onlyAtWrite;

  /** So much below the soft maximum a cycle begins. */
  long early;

  /** What the heap never goes below: -Xms. */
  long least = 8 * MB;

  /** Nothing was collected yet, so nothing is known of what is live. */
  boolean unseen;

  /** Share of what is allocated that grows the old generation until a full collection. */
  double promoted;

  double pausePerCycle = 0.002;

  /** What is used between collections, over what is live. */
  double slack = 1.2;

  /** What a load has left behind and no collection has found yet. */
  long garbage;

  private double second;
  private long committed;
  private double gcSeconds;
  private double processSeconds;
  private double allocated;
  private double ratio;
  private double cost;
  private double smoothedRate;
  private double pauseSeconds;
  private long collections;
  private long majors;
  private long stalls;
  private long guarded;
  private long height;
  private double gap = 1e6;
  private boolean written;
  private final Random sawtooth;
  private G1Cycle pulse;

  SimulatedHeap(Collector collector, long max, long seed) {
    this.collector = collector;
    this.max = max;
    this.random = new Random(seed);
    this.sawtooth = new Random(seed);
    flag("SoftMaxHeapSize", max);
    flag("MinHeapFreeRatio", 40);
    flag("MaxHeapFreeRatio", 70);
    flag("G1PeriodicGCInterval", 0);
    flag(Levers.UNCOMMIT_DELAY, 300);
    flags.put(
        "G1PeriodicGCSystemLoadThreshold",
        new Flag("G1PeriodicGCSystemLoadThreshold", "0.000000", true, false));
    committed = Math.min(max, 64 * MB);
  }

  /** So much is committed from here on. */
  void touch(long bytes) {
    committed = bytes;
  }

  private void flag(String name, long value) {
    flags.put(name, new Flag(name, Long.toString(value), true, false));
  }

  void userSet(String name, long value) {
    flags.put(name, new Flag(name, Long.toString(value), true, true));
  }

  long number(String name) {
    return flags.get(name).number();
  }

  int writesOf(String name) {
    return writes.getOrDefault(name, 0);
  }

  Levers levers() {
    UnmanagedFlags unmanaged = (flags, name) -> value -> write(name, value);
    Levers levers = Levers.of(this, collector, max, false, Map.of(), unmanaged);
    pulse =
        levers
            .find(Levers.PERIODIC_INTERVAL)
            .map(
                interval ->
                    new G1Cycle(
                        interval,
                        levers.find(Levers.FREE_RATIO),
                        this,
                        () -> (long) (second * 1e9)))
            .orElse(null);
    return levers;
  }

  private void write(String name, long value) {
    try {
      set(name, Long.toString(value));
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  @Override
  public Optional<Flag> read(String name) {
    return Optional.ofNullable(flags.get(name));
  }

  @Override
  public void set(String name, String value) {
    if (refuse || name.equals(refusedFlag)) {
      throw new IllegalArgumentException(name + " refused");
    }
    writes.merge(name, 1, Integer::sum);
    if (!ignore) {
      written |= name.equals("SoftMaxHeapSize");
      flags.put(name, new Flag(name, value, true, false));
    }
  }

  /** One second of load, and what the sources would show after it. */
  Snapshot advance(double seconds) {
    second += seconds;
    double noise = 1 + 0.1 * random.nextGaussian();
    double bytes = Math.max(0, rate * noise * seconds);
    long room = room();
    long headroom = Math.max(live / 50 + MB, room - early - live);
    double cyclesNow = bytes / headroom;
    double work = Math.min(2 * seconds, cyclesNow * live / markBytesPerSecond);
    double application = applicationCpu * seconds * (0.9 + 0.2 * random.nextDouble());
    gcSeconds += work;
    processSeconds += application + work;
    allocated += bytes;
    collections += (long) Math.ceil(cyclesNow);
    majors += (long) Math.ceil(cyclesNow * (garbage > 0 ? 0 : 1));
    pauseSeconds += cyclesNow * pausePerCycle;
    ratio = 0.85 * ratio + 0.15 * (work / (application + work));
    double spent = Snapshot.Gc.cost(work / seconds, (application + work) / seconds);
    cost = 0.85 * cost + 0.15 * spent;
    smoothedRate = 0.85 * smoothedRate + 0.15 * bytes / seconds;
    stalls += room < 1.05 * live && bytes > headroom ? 1 : 0;
    gap = rate > 0 ? Math.max(0.01, headroom / rate) : 1e6;
    fill(room, bytes, seconds);
    notice(cyclesNow);
    killed |= limit > 0 && workingSet() > limit;
    return snapshot();
  }

  /** What G1's own thread does: it tells of collections, and looks at the periodic flags. */
  private void notice(double collectionsNow) {
    if (pulse == null) {
      return;
    }
    if (collectionsNow > 0) {
      pulse.collected("G1 Evacuation Pause", live, committed);
    }
    boolean open = flags.get("G1PeriodicGCSystemLoadThreshold").value().equals("0.000000");
    if (number("G1PeriodicGCInterval") > 0 && open) {
      runCycle();
      pulse.collected("G1 Periodic Collection", live, committed);
    }
  }

  private void runCycle() {
    cycles++;
    majors++;
    garbage = 0;
    shrink();
  }

  private long room() {
    return collector.hasSoftMax() ? Math.min(max, number("SoftMaxHeapSize")) : max;
  }

  /**
   * Committed follows what is used up to a cycle; ZGC and its kind give back below the soft max.
   */
  private void fill(long room, double bytes, double seconds) {
    committed = Math.max(committed, least);
    long top = (long) Math.min((double) room - early, live + bytes / seconds * 5);
    height = Math.max(live, top);
    if (sticky) {
      committed = Math.max(committed, Math.min(room, top));
    } else if (collector.hasSoftMax()) {
      long kept = onlyAtWrite && !written ? committed : Math.min(committed, room);
      committed = Math.max(kept, Math.min(max, height));
      written = false;
    } else {
      committed = (long) Math.min((double) max, committed + promoted * bytes);
      double step = Math.min((double) max, Math.max((double) committed, live * 1.4 + bytes * 0.3));
      committed = (long) step;
    }
  }

  private long workingSet() {
    return committed + nativeBytes + neighbourBytes;
  }

  private Snapshot snapshot() {
    double estimate = (live + garbage) * (1 + 0.02 * Math.abs(random.nextGaussian()));
    return new Snapshot(
        second,
        new Snapshot.Heap(
            used(),
            committed,
            max,
            least,
            unseen ? 0 : (long) estimate,
            0,
            (long) estimate,
            (long) ((live + garbage) * 1.05)),
        new Snapshot.Gc(
            collector,
            collections,
            majors,
            full,
            0,
            0,
            gcSeconds,
            ratio,
            cost,
            (long) allocated,
            smoothedRate,
            stalls,
            pauseSeconds,
            live / markBytesPerSecond,
            collector.hasSoftMax() ? gap : 1,
            Snapshot.Pauses.NONE),
        container(),
        new Snapshot.Footprint(processSeconds, 2, committed, 20 * MB, 0, 30),
        new JfrSignals(
            0,
            0,
            Map.of(),
            0,
            Duration.ZERO,
            Duration.ZERO,
            Snapshot.Pauses.NONE,
            evacuationFailures,
            0,
            null,
            0),
        0);
  }

  /** Somewhere between two collections. */
  private long used() {
    long after = (long) ((live + garbage) * slack);
    long between = live + (long) (sawtooth.nextDouble() * Math.max(0, height - live));
    return Math.min(committed, Math.max(after, between));
  }

  private Snapshot.Container container() {
    long set = workingSet() + activeFileBytes;
    return new Snapshot.Container(limit, set, set, activeFileBytes, neighbourBytes, 0, 0);
  }

  long committed() {
    return committed;
  }

  double gcCpuRatio() {
    return ratio;
  }

  double gcSeconds() {
    return gcSeconds;
  }

  @Override
  public boolean cycle(double gapSeconds) {
    if (pulse != null) {
      return pulse.begin(gapSeconds);
    }
    runCycle();
    return true;
  }

  /** What Remark does: down to used / (1 - MaxHeapFreeRatio). */
  private void shrink() {
    double free = number("MaxHeapFreeRatio") / 100.0;
    long before = committed;
    if (sticky) {
      return;
    }
    if (collector == Collector.G1 || collector == Collector.SERIAL) {
      committed = (long) Math.min((double) committed, live * 1.05 / Math.max(0.05, 1 - free));
    } else {
      committed = Math.min(committed, Math.max(live, room()));
    }
    committed = Math.max(committed, Math.min(before, least));
  }

  @Override
  public boolean collect() {
    collects++;
    shrink();
    return true;
  }

  @Override
  public Optional<Trimmed> trimNative() {
    trims++;
    return trimmed;
  }

  @Override
  public void guard(long committedBytes, double gapSeconds) {
    guarded = committedBytes;
    if (pulse != null) {
      pulse.guard(committedBytes, gapSeconds);
    }
  }

  @Override
  public long guardFired() {
    return pulse == null ? 0 : pulse.fired();
  }

  @Override
  public void heldBy(Predicate<String> held) {
    if (pulse != null) {
      pulse.heldBy(held);
    }
  }

  long guarded() {
    return guarded;
  }

  @Override
  public void settle(long committedBytes) {
    if (pulse != null) {
      pulse.settle(committedBytes);
    }
  }

  @Override
  public void close() {
    guarded = 0;
    if (pulse != null) {
      pulse.close();
    }
  }
}
