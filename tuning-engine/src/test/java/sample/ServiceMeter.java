package sample;

import com.sun.management.OperatingSystemMXBean;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import javax.management.JMException;
import javax.management.ObjectName;

/** What the process costs, read five times a second. */
final class ServiceMeter {
  private double committed;
  private double rss;
  private double last;
  private double peak;
  private int samples;
  private final double gcAtStart = gcSeconds();
  private final double cpuAtStart = cpuSeconds();
  private static final Set<String> FULL =
      Set.of("G1 Old Generation", "MarkSweepCompact", "PS MarkSweep");
  static final double LATE_FROM = 2.0 / 3;

  private double lateGc;
  private double lateCpu;
  private double lateCommitted;
  private int lateSamples;
  private long changesBefore;

  void sample(double elapsed, double seconds) {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    last = heap.getCommitted() / 1048576.0;
    if (elapsed > seconds * LATE_FROM) {
      if (lateSamples == 0) {
        lateGc = gcSeconds();
        lateCpu = cpuSeconds();
        changesBefore = flagChanges();
      }
      lateSamples++;
      lateCommitted += last;
    }
    peak = Math.max(peak, last);
    committed += last;
    rss += residentMegabytes();
    samples++;
    if (Boolean.getBoolean("service.trace") && samples % 5 == 0) {
      System.err.printf(
          "%5.1f used %d committed %.0f rss %.0f gc %.2f%n",
          elapsed, heap.getUsed() >> 20, last, residentMegabytes(), gcSeconds());
    }
  }

  /** Mean of the last third of the run. */
  double lateCommitted() {
    return lateCommitted / Math.max(1, lateSamples);
  }

  double gcSpent() {
    return gcSeconds() - gcAtStart;
  }

  double lateCpuSpent() {
    return cpuSeconds() - lateCpu;
  }

  double lateGcSpent() {
    return gcSeconds() - lateGc;
  }

  long lateFlagChanges() {
    return flagChanges() - changesBefore;
  }

  /** Flags written by the agent so far, for a moment only included; 0 without one. */
  static long flagChanges() {
    try {
      Object writes =
          ManagementFactory.getPlatformMBeanServer()
              .getAttribute(new ObjectName("dev.tidepool:type=Tuning"), "FlagWrites");
      return (Long) writes;
    } catch (JMException absent) {
      return 0;
    }
  }

  double meanCommitted() {
    return committed / Math.max(1, samples);
  }

  double lastCommitted() {
    return last;
  }

  double peakCommitted() {
    return peak;
  }

  double meanRss() {
    return rss / Math.max(1, samples);
  }

  double processCpu() {
    return cpuSeconds();
  }

  /** GC CPU: CPU time of all collector threads as a share of the process's CPU time. */
  double gcShare() {
    return (gcSeconds() - gcAtStart) / Math.max(0.01, cpuSeconds() - cpuAtStart);
  }

  /** The same in the last third of the run. */
  double lateGcShare() {
    return (gcSeconds() - lateGc) / Math.max(0.01, cpuSeconds() - lateCpu);
  }

  private static double cpuSeconds() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime()
        / 1e9;
  }

  long fullCollections() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .filter(b -> FULL.contains(b.getName()))
        .mapToLong(b -> b.getCollectionCount())
        .sum();
  }

  static double residentMegabytes() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("VmRSS:")) {
          return Double.parseDouble(line.replaceAll("\\D", "")) / 1024;
        }
      }
    } catch (IOException e) {
      return 0;
    }
    return 0;
  }

  private static double gcSeconds() {
    double ticks = 0;
    File[] tasks = new File("/proc/self/task").listFiles();
    for (File task : tasks == null ? new File[0] : tasks) {
      try {
        String stat = Files.readString(new File(task, "stat").toPath());
        String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
        if (name.matches(
            "GC Thread.*|G1 .*|VM Thread|[XZ](Worker|Director|Driver|Uncommit|Stat).*|Shenandoah.*")) {
          String[] rest = afterName(stat);
          ticks += Long.parseLong(rest[11]) + Long.parseLong(rest[12]);
        }
      } catch (IOException e) {
        ticks += 0; // the thread has ended meanwhile
      }
    }
    return ticks / 100;
  }

  private static String[] afterName(String stat) {
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
  }
}
