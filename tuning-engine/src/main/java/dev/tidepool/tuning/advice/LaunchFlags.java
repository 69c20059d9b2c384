package dev.tidepool.tuning.advice;

import dev.tidepool.tuning.Collector;
import dev.tidepool.tuning.Snapshot;
import java.util.ArrayList;
import java.util.List;

/**
 * The flags for the next start that what was seen speaks for: maximum heap from the limit minus the
 * native memory measured, the collector, soft maximum, region size, uncommit delays.
 */
public final class LaunchFlags {
  private static final double SHARE_OF_LIMIT = 0.92;
  private static final long LEAST_HEAP = 32L << 20;
  private static final int MOST_REGION = 32;

  private LaunchFlags() {}

  /** Maximum heap that fits the container, 0 where there is no limit. */
  static long fittingHeap(History history) {
    Snapshot now = history.last();
    long limit = now == null ? 0 : now.container().limitBytes();
    if (limit == 0) {
      return 0;
    }
    long room = (long) (SHARE_OF_LIMIT * limit) - history.peakOutside();
    return Math.max(LEAST_HEAP, room >> 20 << 20);
  }

  /**
   * Lines of an argument file for the {@code java} launcher; comments say why.
   *
   * @param sizeBytes heap size the governor came to, 0 for none
   */
  public static String argfile(History history, long sizeBytes) {
    Snapshot now = history.last();
    if (now == null) {
      return "# nothing seen yet\n";
    }
    List<String> lines = new ArrayList<>();
    lines.add("# tidepool: flags learned in " + history.seconds() + " s; use as java @FILE ...");
    Collector wanted = collector(now);
    if (wanted != now.gc().collector()) {
      lines.add("# Serial was picked because the container looks small; G1 pauses less");
      lines.add("-XX:+UseG1GC");
    }
    long fitting = fittingHeap(history);
    if (fitting > 0 && fitting < now.heap().maxBytes()) {
      lines.add(
          "# limit "
              + mb(now.container().limitBytes())
              + " MB, outside the heap up to "
              + mb(history.peakOutside())
              + " MB, live up to "
              + mb(history.peakLive())
              + " MB");
      lines.add("-Xmx" + mb(fitting) + "m");
    }
    if (wanted.hasSoftMax() && sizeBytes > 0 && sizeBytes < now.heap().maxBytes()) {
      lines.add("# heap that keeps collections at their CPU target");
      lines.add("-XX:SoftMaxHeapSize=" + mb(sizeBytes) + "m");
    }
    if (wanted == Collector.ZGC) {
      boolean contained = now.container().limitBytes() > 0;
      lines.add("# give memory back before five minutes have passed; cannot be set at run time");
      lines.add("-XX:ZUncommitDelay=" + (contained ? 20 : 60));
    } else if (wanted == Collector.SHENANDOAH) {
      lines.add("-XX:+UnlockExperimentalVMOptions");
      lines.add("-XX:ShenandoahUncommitDelay=60000");
    } else if (wanted == Collector.G1) {
      lines.addAll(g1(now));
    }
    return String.join("\n", lines) + "\n";
  }

  private static List<String> g1(Snapshot now) {
    List<String> lines = new ArrayList<>();
    if (isHumongous(now)) {
      lines.add("# arrays of half a region and more are made often");
      lines.add("-XX:G1HeapRegionSize=" + largerRegion(now) + "m");
    }
    lines.add("# a quiet process gives memory back");
    lines.add("-XX:G1PeriodicGCInterval=60000");
    return lines;
  }

  static boolean isHumongous(Snapshot now) {
    return now.gc().humongous() > 20 && now.gc().humongous() > now.gc().collections() / 20;
  }

  /** Four times the region size that G1 picks for this heap, in megabytes. */
  static long largerRegion(Snapshot now) {
    long average = (now.heap().leastBytes() + now.heap().maxBytes()) / 2;
    long region = Math.max(1, Long.highestOneBit((average / 2_048) >> 20));
    return Math.min(MOST_REGION, 4 * region);
  }

  private static Collector collector(Snapshot now) {
    boolean chosenForSmall =
        now.gc().collector() == Collector.SERIAL
            && now.process().processors() >= 2
            && now.heap().maxBytes() >= (512L << 20);
    return chosenForSmall ? Collector.G1 : now.gc().collector();
  }

  private static long mb(long bytes) {
    return bytes >> 20;
  }
}
