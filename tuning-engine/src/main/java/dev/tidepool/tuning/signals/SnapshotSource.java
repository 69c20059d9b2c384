package dev.tidepool.tuning.signals;

import dev.tidepool.tuning.Capability;
import dev.tidepool.tuning.Collector;
import dev.tidepool.tuning.Snapshot;
import dev.tidepool.tuning.Snapshot.Container;
import dev.tidepool.tuning.Snapshot.Footprint;
import dev.tidepool.tuning.Snapshot.Gc;
import dev.tidepool.tuning.Snapshot.Heap;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.lang.management.RuntimeMXBean;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts together one snapshot a second from all sources; used by one thread. */
public final class SnapshotSource implements AutoCloseable {
  private static final double SMOOTHING_SECONDS = 8;

  private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
  private final RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final List<BufferPoolMXBean> buffers =
      ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class);
  private final Optional<MemoryPoolMXBean> metaspace =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getName().equals("Metaspace"))
          .findFirst();
  private final Procfs procfs = new Procfs();
  private final GcBeans gc = new GcBeans();
  private final VmCosts costs = VmCosts.find();
  private final Optional<Cgroup> cgroup = Cgroup.find();
  private final long leastHeap;
  private final Smoothed allocationRate = new Smoothed(SMOOTHING_SECONDS);
  private final Smoothed gcCpu = new Smoothed(SMOOTHING_SECONDS);
  private final Smoothed processCpu = new Smoothed(SMOOTHING_SECONDS);
  private long sampledAtAttach;
  private long allocatedAtAttach;
  private boolean sampled;

  /**
   * The sources of this process.
   *
   * @param leastHeapBytes what the collector never goes below
   */
  public SnapshotSource(long leastHeapBytes) {
    leastHeap = leastHeapBytes;
  }

  /** One snapshot. The user's own limit, where it is lower, takes the place of the container's. */
  public Snapshot read(JfrSignals jfr, long poolBytes, long userLimit) {
    double second = runtime.getUptime() / 1e3;
    MemoryUsage heap = memory.getHeapMemoryUsage();
    Footprint footprint = footprint();
    double gcSeconds = costs.collectorSeconds().orElseGet(procfs::collectorSeconds);
    long allocated = allocated(jfr);
    allocationRate.add(second, (double) allocated);
    gcCpu.add(second, gcSeconds);
    processCpu.add(second, footprint.cpuSeconds());
    return new Snapshot(
        second,
        new Heap(
            heap.getUsed(),
            heap.getCommitted(),
            heap.getMax(),
            leastHeap,
            gc.liveBytes(second),
            0,
            gc.afterMajorBytes(),
            gc.recentAfterBytes()),
        new Gc(
            gc.collector(),
            gc.collections(),
            gc.majorCollections(),
            gc.fullCollections(),
            gc.degenerated(),
            gc.humongous(),
            gcSeconds,
            gcRatio(footprint.processors()),
            Gc.cost(gcCpu.perSecond(), processCpu.perSecond()),
            allocated,
            allocationRate.perSecond(),
            jfr.stalls(),
            gc.pauses().totalSeconds(),
            gc.cycleSeconds(),
            gc.gapSeconds(second),
            gc.pauses().read(second)),
        container(heap, footprint, userLimit),
        footprint,
        jfr,
        poolBytes);
  }

  /**
   * Share of the process's CPU time. An idle process is measured against a twentieth of a
   * processor, so that a rare collection is not taken for a load.
   */
  private double gcRatio(int processors) {
    double least = 0.05 * Math.min(2, processors);
    return Math.min(1, gcCpu.perSecond() / Math.max(least, processCpu.perSecond()));
  }

  private long allocated(JfrSignals jfr) {
    long exact = costs.allocatedBytes();
    if (exact > 0) {
      return exact;
    }
    long seen = gc.allocatedBytes();
    if (jfr.sampledBytes() == 0) {
      return seen;
    }
    if (!sampled) {
      sampled = true;
      sampledAtAttach = jfr.sampledBytes();
      allocatedAtAttach = seen;
    }
    return allocatedAtAttach + jfr.sampledBytes() - sampledAtAttach;
  }

  private Footprint footprint() {
    long direct = 0;
    for (BufferPoolMXBean pool : buffers) {
      if (pool.getName().equals("direct")) {
        direct += pool.getMemoryUsed();
      }
    }
    return new Footprint(
        costs.processSeconds(),
        Runtime.getRuntime().availableProcessors(),
        Procfs.residentBytes(),
        metaspace.map(pool -> pool.getUsage().getCommitted()).orElse(0L),
        direct,
        threads.getThreadCount());
  }

  private Container container(MemoryUsage heap, Footprint footprint, long userLimit) {
    Container group = cgroup.map(Cgroup::read).orElse(Container.NONE);
    long own = processBytes(heap, footprint);
    // A limit of the user's is one on this process, whoever else lives in the group; the group's
    // stands beside it, and the one with less room binds.
    long room = group.limitBytes() - group.workingSetBytes();
    if (group.limitBytes() > 0 && (userLimit <= 0 || room <= userLimit - own)) {
      return group;
    }
    return new Container(
        Math.max(0, userLimit), own, own, 0, 0, group.stallRatio(), group.machineStallRatio());
  }

  /** What of the process is in memory now; 0 where the system does not say. */
  public static long residentBytes() {
    return Procfs.residentBytes();
  }

  /** ZGC on 17 maps the heap three times and the kernel counts each: use what is committed. */
  private long processBytes(MemoryUsage heap, Footprint footprint) {
    long resident = footprint.residentBytes();
    boolean overCounted =
        gc.collector() == Collector.ZGC
            && resident > heap.getCommitted() + (heap.getCommitted() >> 1);
    return overCounted ? heap.getCommitted() + (resident - heap.getCommitted()) / 3 : resident;
  }

  public Collector collector() {
    return gc.collector();
  }

  public Optional<Cgroup> cgroup() {
    return cgroup;
  }

  /** Told of a collection's end on the VM's notification thread: must be quick. */
  public interface CollectionListener {
    void collected(String cause, long usedBytes, long committedBytes);
  }

  /** Has one listener told of each collection from now on. */
  public void onCollection(CollectionListener listener) {
    gc.listener(c -> listener.collected(c.cause(), c.after(), c.committed()));
  }

  /** What of all this the machine has; one line each. */
  public List<Capability> capabilities() {
    List<Capability> list = new ArrayList<>();
    list.add(new Capability("collector", true, gc.collector().label()));
    list.add(
        new Capability(
            "gc-notifications",
            gc.notifies(),
            gc.notifies() ? "on" : "no collector bean notifies"));
    list.add(
        cgroup
            .map(c -> new Capability("cgroup", true, c.describe() + limitText(c)))
            .orElse(
                new Capability(
                    "cgroup", false, "no memory controller found: set memory.limit to have one")));
    list.add(memoryStalls());
    list.add(
        new Capability(
            "gc-cpu",
            procfs.available() || costs.collectorSeconds().isPresent(),
            costs.collectorSeconds().isPresent()
                ? "the VM's own count"
                : procfs.available()
                    ? "collector threads in /proc/self/task"
                    : "no /proc: cost of concurrent collections is not known"));
    return list;
  }

  private Capability memoryStalls() {
    if (cgroup.isPresent() && cgroup.get().stallsOfGroup()) {
      return new Capability("psi", true, "the group's own");
    }
    return new Capability(
        "psi",
        false,
        Cgroup.stallsOfMachine()
            ? "only the machine's is told, which counts as low pressure at most"
            : "this kernel tells nobody who waits for memory (it needs cgroup v2 and psi=1)");
  }

  private static String limitText(Cgroup group) {
    long limit = group.limitBytes();
    return limit == 0 ? ", no limit" : ", limit " + (limit >> 20) + " MB";
  }

  @Override
  public void close() {
    gc.close();
  }
}
