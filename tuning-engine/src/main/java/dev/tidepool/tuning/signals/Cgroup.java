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
 * <p>The limit that binds is the lowest of the group and of all groups around it that can be seen.
 * It is read anew every few seconds: orchestrators resize containers in place. Plain {@code
 * java.io} on purpose: this is used before main, where {@code java.nio.file} must not be woken.
 */
public final class Cgroup {
  private static final long LIMIT_AGE_NANOS = 5_000_000_000L;
  private static final long NO_LIMIT = Long.MAX_VALUE / 4096 * 2048;

  private final boolean v2;
  private final File group;
  private final List<File> lineage;
  private long limit;
  private long limitRead;
  private boolean limitKnown;

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
    long now = System.nanoTime();
    if (!limitKnown || now - limitRead > LIMIT_AGE_NANOS) {
      limit = readLimit();
      limitRead = now;
      limitKnown = true;
    }
    return limit;
  }

  private long readLimit() {
    long lowest = Long.MAX_VALUE;
    for (File at : lineage) {
      if (v2) {
        lowest = Math.min(lowest, number(new File(at, "memory.max")));
        lowest = Math.min(lowest, number(new File(at, "memory.high")));
      } else {
        lowest = Math.min(lowest, number(new File(at, "memory.limit_in_bytes")));
      }
    }
    return lowest >= NO_LIMIT ? 0 : lowest;
  }

  /** What the group uses now against its limit. */
  public Container read() {
    long usage = number(new File(group, v2 ? "memory.current" : "memory.usage_in_bytes"));
    if (usage == Long.MAX_VALUE) {
      return Container.NONE;
    }
    long inactive = field("memory.stat", v2 ? "inactive_file " : "total_inactive_file ");
    return new Container(limitBytes(), usage, Math.max(0, usage - inactive), stallRatio());
  }

  private long field(String file, String key) {
    for (String line : lines(new File(group, file))) {
      if (line.startsWith(key)) {
        return parse(line.substring(key.length()).trim());
      }
    }
    return 0;
  }

  /** The {@code some} line's ten-second mean of the group, else of the machine. */
  private double stallRatio() {
    File own = new File(group, "memory.pressure");
    for (String line : lines(own.canRead() ? own : new File("/proc/pressure/memory"))) {
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
