package dev.tidepool.tuning.signals;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.tidepool.tuning.Snapshot.Container;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The memory controller of the control group this process is in, version 1 or 2.
 *
 * <p>The limit that binds is that of the group or of one around it, whichever has least room left.
 * Limits are read anew every second: orchestrators resize containers in place, and what is in use
 * must follow within seconds. Plain {@code java.io} on purpose: this is used before main, where
 * {@code java.nio.file} must not be woken.
 */
public final class Cgroup {
  private static final long LIMIT_AGE_NANOS = 1_000_000_000L;
  private static final File MACHINE_STALLS = new File("/proc/pressure/memory");
  private static final long NO_LIMIT = Long.MAX_VALUE / 4096 * 2048;

  private final boolean v2;
  private final File group;
  private final List<File> lineage;
  private final long[] limits;
  private long limitsRead;
  private boolean limitsKnown;

  private Cgroup(boolean v2, File group, File mount) {
    this.v2 = v2;
    this.group = group;
    this.lineage = new ArrayList<>();
    for (File at = group; at != null; at = at.getParentFile()) {
      lineage.add(at);
      if (at.equals(mount)) {
        break;
      }
    }
    this.limits = new long[lineage.size()];
  }

  /** This process's group, or empty where there is none (no Linux, no memory controller). */
  public static Optional<Cgroup> find() {
    return find(new File("/"));
  }

  /** The same under another root, for tests. */
  static Optional<Cgroup> find(File root) {
    List<String> mounts = lines(new File(root, "proc/self/mountinfo"));
    List<String> groups = lines(new File(root, "proc/self/cgroup"));
    Optional<Cgroup> first = locate(root, mounts, groups, false);
    return first.isPresent() ? first : locate(root, mounts, groups, true);
  }

  private static Optional<Cgroup> locate(
      File root, List<String> mounts, List<String> groups, boolean v2) {
    String path = path(groups, v2);
    if (path == null) {
      return Optional.empty();
    }
    for (String line : mounts) {
      // 36 35 98:0 /root /mount/point rw,relatime shared:1 - cgroup cgroup rw,memory
      int middle = line.indexOf(" - ");
      String[] left = line.substring(0, Math.max(0, middle)).split(" ", -1);
      String[] right = line.substring(middle < 0 ? line.length() : middle + 3).split(" ", -1);
      if (middle < 0 || left.length < 5 || right.length < 3) {
        continue;
      }
      boolean fits =
          v2 ? right[0].equals("cgroup2") : right[0].equals("cgroup") && hasMemory(right[2]);
      if (!fits) {
        continue;
      }
      File mount = new File(root, left[4].substring(1));
      File group = below(mount, left[3], path);
      if (new File(group, v2 ? "memory.current" : "memory.usage_in_bytes").canRead()) {
        return Optional.of(new Cgroup(v2, group, mount));
      }
    }
    return Optional.empty();
  }

  private static boolean hasMemory(String options) {
    // Not by joining strings, which before main would wake a machinery of its own.
    for (String option : options.split(",", -1)) {
      if (option.equals("memory")) {
        return true;
      }
    }
    return false;
  }

  private static String path(List<String> groups, boolean v2) {
    for (String line : groups) {
      String[] parts = line.split(":", 3);
      if (parts.length == 3 && (v2 ? parts[0].equals("0") : hasMemory(parts[1]))) {
        return parts[2];
      }
    }
    return null;
  }

  /**
   * Where a group's files are: a container sees its own group as the mount's root, while {@code
   * /proc/self/cgroup} may still give the path as the host sees it.
   */
  private static File below(File mount, String mountRoot, String path) {
    String rest = path;
    if (!mountRoot.equals("/")) {
      rest = path.startsWith(mountRoot) ? path.substring(mountRoot.length()) : "";
    }
    File group = rest.isEmpty() || rest.equals("/") ? mount : new File(mount, rest);
    return group.isDirectory() ? group : mount;
  }

  public String describe() {
    return (v2 ? "cgroup v2 " : "cgroup v1 ") + group;
  }

  /** Lowest limit in bytes, 0 for none. */
  public long limitBytes() {
    readLimits();
    long lowest = NO_LIMIT;
    for (long limit : limits) {
      lowest = Math.min(lowest, limit);
    }
    return lowest >= NO_LIMIT ? 0 : lowest;
  }

  private void readLimits() {
    long now = System.nanoTime();
    if (limitsKnown && now - limitsRead <= LIMIT_AGE_NANOS) {
      return;
    }
    for (int i = 0; i < limits.length; i++) {
      File at = lineage.get(i);
      limits[i] =
          v2
              ? Math.min(number(new File(at, "memory.max")), number(new File(at, "memory.high")))
              : number(new File(at, "memory.limit_in_bytes"));
    }
    if (!v2) {
      // From inside a container the groups around it cannot be seen, but what they allow is told.
      limits[0] = Math.min(limits[0], field(group, "hierarchical_memory_limit ", Long.MAX_VALUE));
    }
    limitsRead = now;
    limitsKnown = true;
  }

  /**
   * What is used now, of the group that has least room left: a neighbour in a group around ours
   * takes from the room just as we do.
   */
  public Container read() {
    readLimits();
    Use own = use(group);
    if (own == null) {
      return Container.NONE;
    }
    Use tightest = own;
    long limit = 0;
    long room = Long.MAX_VALUE;
    for (int i = 0; i < limits.length; i++) {
      Use use = limits[i] >= NO_LIMIT ? null : i == 0 ? own : use(lineage.get(i));
      if (use != null && limits[i] - use.workingSet() < room) {
        room = limits[i] - use.workingSet();
        limit = limits[i];
        tightest = use;
      }
    }
    return new Container(
        limit,
        tightest.usage(),
        tightest.workingSet(),
        tightest.activeFile(),
        Math.max(0, tightest.workingSet() - own.workingSet()),
        stallsOfGroup() ? stallRatio(new File(group, "memory.pressure")) : 0,
        stallsOfGroup() ? 0 : stallRatio(MACHINE_STALLS));
  }

  private record Use(long usage, long workingSet, long activeFile) {}

  /** What a group uses, null where it cannot be read. */
  private Use use(File of) {
    long usage = number(new File(of, v2 ? "memory.current" : "memory.usage_in_bytes"));
    if (usage == Long.MAX_VALUE) {
      return null;
    }
    long inactive = field(of, v2 ? "inactive_file " : "total_inactive_file ", 0);
    long active = field(of, v2 ? "active_file " : "total_active_file ", 0);
    long workingSet = Math.max(0, usage - inactive);
    return new Use(usage, workingSet, Math.min(workingSet, active));
  }

  private static long field(File of, String key, long otherwise) {
    for (String line : lines(new File(of, "memory.stat"))) {
      if (line.startsWith(key)) {
        return parse(line.substring(key.length()).trim());
      }
    }
    return otherwise;
  }

  /** Whether the kernel tells how long this group waits for memory; version 1 never does. */
  public boolean stallsOfGroup() {
    return new File(group, "memory.pressure").canRead();
  }

  /** Whether it at least tells so of the machine. */
  public static boolean stallsOfMachine() {
    return MACHINE_STALLS.canRead();
  }

  /** The {@code some} line's ten-second mean. */
  private static double stallRatio(File file) {
    for (String line : lines(file)) {
      int at = line.indexOf("avg10=");
      if (line.startsWith("some") && at >= 0) {
        String number = line.substring(at + 6).split(" ", 2)[0];
        try {
          return Double.parseDouble(number) / 100;
        } catch (NumberFormatException e) {
          return 0;
        }
      }
    }
    return 0;
  }

  private static long number(File file) {
    List<String> lines = lines(file);
    return lines.isEmpty() || lines.get(0).equals("max")
        ? Long.MAX_VALUE
        : parse(lines.get(0).trim());
  }

  private static long parse(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }

  static List<String> lines(File file) {
    try (FileInputStream in = new FileInputStream(file)) {
      String text = new String(in.readAllBytes(), US_ASCII);
      return text.isEmpty() ? List.of() : List.of(text.split("\n", -1));
    } catch (IOException | SecurityException e) {
      return List.of();
    }
  }
}
