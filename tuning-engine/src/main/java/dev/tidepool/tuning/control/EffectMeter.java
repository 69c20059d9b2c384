package dev.tidepool.tuning.control;

import dev.tidepool.tuning.Effect;
import dev.tidepool.tuning.Snapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Compares the seconds before a decision with those after it.
 *
 * <p>A decision is worse when it raised the collector's share of the CPU, or the time stopped, by
 * more than twice the noise seen before it and by enough to matter; when it took memory and lowered
 * no cost; or when it was to save memory, saved none, and what it cost is past the target.
 */
final class EffectMeter {
  static final double WINDOW_SECONDS = 20;
  static final double SETTLE_SECONDS = 5;
  private static final int MOST = 240;
  private static final double MATTERS = 0.02;
  private static final double SAVED = 0.98;
  private static final double SLOWER = 0.9;

  private final Deque<Snapshot> seconds = new ArrayDeque<>();

  void add(Snapshot now) {
    seconds.addLast(now);
    if (seconds.size() > MOST) {
      seconds.removeFirst();
    }
  }

  /** Means over the time given, empty where fewer than three snapshots fall into it. */
  Optional<Effect.Window> window(double from, double to) {
    List<Snapshot> in = between(from, to);
    if (in.size() < 3) {
      return Optional.empty();
    }
    Snapshot first = in.get(0);
    Snapshot last = in.get(in.size() - 1);
    double time = last.second() - first.second();
    double gc = last.gc().cpuSeconds() - first.gc().cpuSeconds();
    double process = last.process().cpuSeconds() - first.process().cpuSeconds();
    return Optional.of(
        new Effect.Window(
            time,
            ratio(gc, process),
            (last.gc().pauseSeconds() - first.gc().pauseSeconds()) / time,
            Math.max(0, last.gc().allocatedBytes() - first.gc().allocatedBytes()) / time,
            Math.max(0, process - gc) / time,
            in.stream().mapToLong(s -> s.heap().committedBytes()).average().orElse(0),
            in.stream().mapToLong(s -> s.container().workingSetBytes()).average().orElse(0)));
  }

  private static double ratio(double gc, double process) {
    return process < 0.01 ? 0 : Math.min(1, gc / process);
  }

  private List<Snapshot> between(double from, double to) {
    List<Snapshot> in = new ArrayList<>();
    for (Snapshot each : seconds) {
      if (each.second() >= from && each.second() <= to) {
        in.add(each);
      }
    }
    return in;
  }

  /** Standard deviation of the mean of the per-second cost. */
  private double noise(double from, double to) {
    List<Snapshot> in = between(from, to);
    double sum = 0;
    double squares = 0;
    int n = in.size() - 1;
    for (int i = 0; i < n; i++) {
      double gc = in.get(i + 1).gc().cpuSeconds() - in.get(i).gc().cpuSeconds();
      double process = in.get(i + 1).process().cpuSeconds() - in.get(i).process().cpuSeconds();
      double ratio = Snapshot.Gc.cost(gc, process); // about a second apart
      sum += ratio;
      squares += ratio * ratio;
    }
    if (n < 2) {
      return 0;
    }
    double variance = Math.max(0, squares / n - (sum / n) * (sum / n));
    return Math.sqrt(variance / n);
  }

  /**
   * The effect of a decision made at {@code second}, empty where too little was seen.
   *
   * @param shrink whether the decision was to save memory
   */
  Optional<Effect> effect(double second, boolean shrink, double tau) {
    double from = second - WINDOW_SECONDS;
    double start = second + SETTLE_SECONDS;
    Optional<Effect.Window> before = window(from, second);
    Optional<Effect.Window> after = window(start, start + WINDOW_SECONDS);
    if (before.isEmpty() || after.isEmpty()) {
      return Optional.empty();
    }
    double margin =
        Math.max(MATTERS, 2 * (noise(from, second) + noise(start, start + WINDOW_SECONDS)));
    boolean worse =
        shrink
            ? costsMore(before.get(), after.get(), margin, tau)
                || costsForNothing(before.get(), after.get(), margin, tau)
            : takesForNothing(before.get(), after.get());
    return Optional.of(
        new Effect(before.get(), after.get(), worse, summary(before.get(), after.get())));
  }

  private static boolean costsMore(
      Effect.Window before, Effect.Window after, double margin, double tau) {
    // More work brings more collections: only what exceeds the growth of the load counts.
    double load = Math.max(1, after.allocationRate() / Math.max(1, before.allocationRate()));
    boolean cpu = cost(after) > cost(before) * load + margin && cost(after) > 1.6 * tau;
    boolean pauses =
        after.pauseSecondsPerSecond() > 2 * before.pauseSecondsPerSecond() * load + MATTERS;
    return cpu || pauses;
  }

  /**
   * The counterpart of {@link #takesForNothing}: not a byte less, and collections cost more than
   * they should or less work is done. Within the target a size that is held is no harm: the heap
   * might have grown.
   */
  private static boolean costsForNothing(
      Effect.Window before, Effect.Window after, double margin, double tau) {
    double load = Math.max(1, after.allocationRate() / Math.max(1, before.allocationRate()));
    boolean saved =
        after.committedBytes() < SAVED * before.committedBytes()
            || after.workingSetBytes() < SAVED * before.workingSetBytes();
    boolean costs = cost(after) > 1.25 * cost(before) * load + margin / 2 && cost(after) > tau;
    boolean slower =
        after.throughput() < SLOWER * before.throughput() && cost(after) > cost(before) + margin;
    return !saved && (costs || slower);
  }

  private static boolean takesForNothing(Effect.Window before, Effect.Window after) {
    double load = after.allocationRate() / Math.max(1, before.allocationRate());
    return after.committedBytes() > 1.1 * before.committedBytes()
        && cost(after) > 0.95 * cost(before)
        && after.pauseSecondsPerSecond() > 0.95 * before.pauseSecondsPerSecond()
        && load > 0.8
        && load < 1.1;
  }

  /** As the governors see it. */
  private static double cost(Effect.Window window) {
    double process = window.throughput() / Math.max(0.01, 1 - window.gcCpuRatio());
    return Snapshot.Gc.cost(window.gcCpuRatio() * process, process);
  }

  private static String summary(Effect.Window before, Effect.Window after) {
    return String.format(
        Locale.ROOT,
        "GC CPU %.1f -> %.1f %%, stopped %.1f -> %.1f ms/s, committed %.0f -> %.0f MB,"
            + " CPU beside it %.2f -> %.2f s/s",
        100 * before.gcCpuRatio(),
        100 * after.gcCpuRatio(),
        1e3 * before.pauseSecondsPerSecond(),
        1e3 * after.pauseSecondsPerSecond(),
        before.committedBytes() / 1048576,
        after.committedBytes() / 1048576,
        before.throughput(),
        after.throughput());
  }
}
