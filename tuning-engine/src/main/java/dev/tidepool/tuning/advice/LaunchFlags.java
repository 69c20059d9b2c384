package dev.tidepool.tuning.advice;

import dev.tidepool.tuning.Collector;
import dev.tidepool.tuning.Snapshot;
import dev.tidepool.tuning.levers.OwnFlags;
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
    Collector wanted = collector(history);
    if (wanted != now.gc().collector()) {
      lines.add("# Serial was picked because the container looks small; G1 pauses less");
      lines.add("-XX:+UseG1GC");
    }
    long most = maximum(history, lines);
    List<String> own = new ArrayList<>();
    softMax(history.startup(), wanted, Math.min(sizeBytes, most), most, lines, own);
    switch (wanted) {
      case ZGC -> {
        int seconds = now.container().limitBytes() > 0 ? 15 : 60;
        lines.add("# give memory back before five minutes have passed, also in the first five");
        lines.add("-XX:ZUncommitDelay=" + seconds);
        own.add("ZUncommitDelay:" + seconds);
      }
      case SHENANDOAH -> {
        lines.add("-XX:+UnlockExperimentalVMOptions");
        lines.add("-XX:ShenandoahUncommitDelay=60000");
      }
      case G1 -> g1(history, lines);
      case SERIAL, PARALLEL, OTHER -> {
        // Nothing beyond the sizes.
      }
    }
    if (!own.isEmpty()) {
      lines.add("-D" + OwnFlags.PROPERTY + "=" + String.join(",", own));
    }
    return String.join("\n", lines) + "\n";
  }

  /** The maximum heap that holds from then on; sizes the user gave must not lie above it. */
  private static long maximum(History history, List<String> lines) {
    Snapshot now = history.last();
    long fitting = fittingHeap(history);
    if (fitting == 0 || fitting >= now.heap().maxBytes()) {
      return now.heap().maxBytes();
    }
    lines.add(
        "# limit "
            + mb(now.container().limitBytes())
            + " MB, outside the heap up to "
            + mb(history.peakOutside())
            + " MB, live up to "
            + mb(history.peakLive())
            + " MB");
    lines.add("-Xmx" + mb(fitting) + "m");
    if (history.startup().chosenLeast() > fitting) {
      lines.add("-Xms" + mb(fitting) + "m");
    } else if (history.startup().chosenInitial() > fitting) {
      lines.add("-XX:InitialHeapSize=" + mb(fitting) + "m");
    }
    return fitting;
  }

  /**
   * The soft maximum; marked as ours, so that the agent goes on moving it where a user's own would
   * be left alone.
   */
  private static void softMax(
      Startup startup,
      Collector wanted,
      long size,
      long most,
      List<String> lines,
      List<String> own) {
    if (startup.chosenSoftMax() > most) {
      lines.add("# the soft maximum that was asked for lies above the new maximum");
      lines.add("-XX:SoftMaxHeapSize=" + mb(most) + "m");
    } else if (startup.chosenSoftMax() == 0 && wanted.hasSoftMax() && mb(size) > 0 && size < most) {
      lines.add("# heap that keeps collections at their CPU target; the agent may move it");
      lines.add("-XX:SoftMaxHeapSize=" + mb(size) + "m");
      own.add("SoftMaxHeapSize:" + (mb(size) << 20));
    }
  }

  private static void g1(History history, List<String> lines) {
    long region = largerRegion(history);
    if (isHumongous(history.last()) && region > 0) {
      lines.add("# many arrays take whole regions");
      lines.add("-XX:G1HeapRegionSize=" + region + "m");
    }
    // Not as a flag: with an interval set the VM looks so seldom that the agent's own cycles, which
    // come when they pay, would not begin.
    lines.add("# only without the agent, so that a quiet process gives memory back:");
    lines.add("# -XX:G1PeriodicGCInterval=60000");
  }

  static boolean isHumongous(Snapshot now) {
    return now.gc().humongous() > 20 && now.gc().humongous() > now.gc().collections() / 20;
  }

  /**
   * Four times the region size of now in megabytes; 0 where the user chose it, or none is larger.
   */
  static long largerRegion(History history) {
    long region = history.startup().regionBytes() >> 20;
    long larger = Math.min(MOST_REGION, 4 * region);
    return history.startup().regionChosen() || larger <= region ? 0 : larger;
  }

  private static Collector collector(History history) {
    Snapshot now = history.last();
    boolean pickedForSmall =
        now.gc().collector() == Collector.SERIAL
            && !history.startup().collectorChosen()
            && now.process().processors() >= 2
            && now.heap().maxBytes() >= (512L << 20);
    return pickedForSmall ? Collector.G1 : now.gc().collector();
  }

  private static long mb(long bytes) {
    return bytes >> 20;
  }
}
