package dev.tidepool.apps.process;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/** What this process has spent since it started; readers take differences. */
final class Gauges {
  // ticks of /proc are 1/100 s on every Linux that Java runs on (USER_HZ)
  private static final double TICKS_PER_SECOND = 100;

  private static final String AGENT_THREADS = "tidepool-";

  /** As the kernel names them, and the recorder's that the agent alone has running. */
  private static final List<String> AGENT_TASKS = List.of("tidepool-", "JFR ");

  private static final List<String> GC_THREADS =
      List.of(
          "GC Thread", "G1 ", "ParGC", "ZWorker", "ZDriver", "ZDirector", "ZStat", "Shenandoah");

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private final MethodHandle totalAllocated = totalAllocated();
  private final boolean serial =
      ManagementFactory.getGarbageCollectorMXBeans().stream()
          .anyMatch(bean -> bean.getName().equals("Copy"));

  /** One line of JSON. Bytes, seconds, counts. */
  String line() throws Throwable {
    return new JsonLine()
        .put("allocatedBytes", allocatedBytes())
        .put("agentBytes", agentBytes())
        .put("gcCount", gcCount())
        .put("gcMillis", gcMillis())
        .put("gcCpuSeconds", cpuSeconds(this::collects))
        .put("agentCpuSeconds", cpuSeconds(name -> isOneOf(AGENT_TASKS, name)))
        .put("cpuSeconds", system.getProcessCpuTime() / 1e9)
        .put("rssPeakBytes", status("VmHWM:"))
        .put("rssBytes", status("VmRSS:"))
        .put("nanos", System.nanoTime())
        .text();
  }

  /**
   * Of every Java thread. From JDK 21 on threads that have ended count too; before that only those
   * alive do.
   */
  private long allocatedBytes() throws Throwable {
    if (totalAllocated != null) {
      return (long) totalAllocated.invokeExact(threads);
    }
    long sum = 0;
    for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
      sum += Math.max(0, bytes);
    }
    return sum;
  }

  /** Of the agent's own threads, those alive. */
  private long agentBytes() {
    long[] all = threads.getAllThreadIds();
    ThreadInfo[] infos = threads.getThreadInfo(all);
    long[] bytes = threads.getThreadAllocatedBytes(all);
    long sum = 0;
    for (int i = 0; i < all.length; i++) {
      if (infos[i] != null && infos[i].getThreadName().startsWith(AGENT_THREADS)) {
        sum += Math.max(0, bytes[i]);
      }
    }
    return sum;
  }

  /** Collections, not the pauses that the concurrent collectors report beside them. */
  private static long gcCount() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .filter(bean -> !bean.getName().endsWith("Pauses"))
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .sum();
  }

  private static long gcMillis() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
        .sum();
  }

  /** The Serial collector works in the VM's own thread. */
  private boolean collects(String name) {
    return isOneOf(GC_THREADS, name) || (serial && name.equals("VM Thread"));
  }

  private static boolean isOneOf(List<String> prefixes, String name) {
    return prefixes.stream().anyMatch(name::startsWith);
  }

  /** User and system time of the threads of these names; -1 where /proc is not there. */
  private static double cpuSeconds(Predicate<String> counts) throws IOException {
    Path tasks = Path.of("/proc/self/task");
    if (!Files.isDirectory(tasks)) {
      return -1;
    }
    double seconds = 0;
    try (DirectoryStream<Path> list = Files.newDirectoryStream(tasks)) {
      for (Path task : list) {
        seconds += cpuSeconds(task, counts);
      }
    }
    return seconds;
  }

  private static double cpuSeconds(Path task, Predicate<String> counts) {
    try {
      String stat = Files.readString(task.resolve("stat"));
      int end = stat.lastIndexOf(')');
      if (!counts.test(stat.substring(stat.indexOf('(') + 1, end))) {
        return 0;
      }
      Path exact = task.resolve("schedstat");
      if (Files.isReadable(exact)) {
        return Long.parseLong(Files.readString(exact).split(" ", 2)[0]) / 1e9;
      }
      String[] fields = stat.substring(end + 2).split(" ", -1);
      return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    } catch (IOException e) {
      return 0; // the thread ended between the listing and the reading
    }
  }

  private static long status(String key) throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return -1;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith(key))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElse(-1);
  }

  private static MethodHandle totalAllocated() {
    try {
      return MethodHandles.publicLookup()
          .findVirtual(
              ThreadMXBean.class,
              "getTotalThreadAllocatedBytes",
              MethodType.methodType(long.class));
    } catch (ReflectiveOperationException e) {
      return null; // a JDK before 21
    }
  }
}
