package dev.tidepool.tuning.signals;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * CPU time of the collector's threads and the resident size, from {@code /proc/self}.
 *
 * <p>Before JDK 26 no bean tells what concurrent collector threads cost. They are found by name; a
 * thread once looked at is not looked at again, so that a process with thousands of threads costs a
 * directory listing every few seconds and a handful of small reads each second.
 */
final class Procfs {
  private static final File TASKS = new File("/proc/self/task");
  private static final Pattern COLLECTOR_THREADS =
      Pattern.compile(
          "GC Thread.*|G1 .*|VM Thread|[XZ](Worker|Director|Driver|Uncommit|Stat).*|Shenandoah.*");
  private static final double TICKS_PER_SECOND = 100;
  private static final int SCAN_EVERY = 10;

  private final Map<String, Double> secondsByThread = new LinkedHashMap<>();
  private final Set<String> others = new HashSet<>();
  private final boolean exactTimes = new File("/proc/self/schedstat").canRead();
  private double endedSeconds;
  private int reads;

  boolean available() {
    return new File("/proc/self/stat").canRead();
  }

  /** CPU seconds of all collector threads so far, those that have ended included. */
  double collectorSeconds() {
    if (reads++ % SCAN_EVERY == 0) {
      scan();
    }
    double sum = endedSeconds;
    var threads = secondsByThread.entrySet().iterator();
    while (threads.hasNext()) {
      Map.Entry<String, Double> thread = threads.next();
      double seconds = cpuSeconds(thread.getKey());
      if (seconds < 0) {
        endedSeconds += thread.getValue();
        sum += thread.getValue();
        threads.remove();
      } else {
        thread.setValue(seconds);
        sum += seconds;
      }
    }
    return sum;
  }

  private void scan() {
    String[] tasks = TASKS.list();
    if (tasks == null) {
      return;
    }
    if (others.size() > 4 * tasks.length + 1_000) {
      others.clear();
    }
    for (String task : tasks) {
      if (!secondsByThread.containsKey(task) && !others.contains(task)) {
        String name = read(new File(TASKS, task + "/comm")).trim();
        if (COLLECTOR_THREADS.matcher(name).matches()) {
          secondsByThread.put(task, 0.0);
        } else {
          others.add(task);
        }
      }
    }
  }

  /** In nanoseconds where the kernel counts them so, else in its ticks; -1 of an ended thread. */
  private double cpuSeconds(String task) {
    String exact = exactTimes ? read(new File(TASKS, task + "/schedstat")) : "";
    if (!exact.isEmpty()) {
      return Long.parseLong(exact.split(" ", 2)[0]) / 1e9;
    }
    String stat = read(new File(TASKS, task + "/stat"));
    if (stat.isEmpty()) {
      return -1;
    }
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 15);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  static long residentBytes() {
    String[] fields = read(new File("/proc/self/statm")).split(" ", 3);
    return fields.length < 3 ? 0 : Long.parseLong(fields[1]) * 4096;
  }

  private static String read(File file) {
    try (FileInputStream in = new FileInputStream(file)) {
      return new String(in.readNBytes(1_024), US_ASCII);
    } catch (IOException | SecurityException e) {
      return "";
    }
  }
}
