package dev.tidepool.tuning.advice;

import dev.tidepool.tuning.Advice;
import dev.tidepool.tuning.Collector;
import dev.tidepool.tuning.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What can be said to a person, given what was seen; each advice on its own evidence. */
public final class Advisor {
  private static final double MINUTES_BEFORE_TRENDS = 5;
  private static final double GOOD_FIT = 0.8;
  private static final double FAR = 24 * 3_600;

  private final double tau;
  private final List<Advice> found = new ArrayList<>();

  private Advisor(double tau) {
    this.tau = tau;
  }

  /** All that holds now, most certain first. */
  public static List<Advice> advise(History history, long targetBytes, double tau) {
    Snapshot now = history.last();
    if (now == null) {
      return List.of();
    }
    Advisor advisor = new Advisor(tau);
    advisor.limit(history, now);
    advisor.size(history, now, targetBytes);
    advisor.collector(now);
    advisor.leak(history, now);
    advisor.outside(history);
    advisor.explicitCollections(now);
    advisor.humongous(history);
    advisor.strings(now);
    advisor.trends(history);
    advisor.found.sort((a, b) -> Double.compare(b.confidence(), a.confidence()));
    return List.copyOf(advisor.found);
  }

  private void limit(History history, Snapshot now) {
    long fitting = LaunchFlags.fittingHeap(history);
    if (fitting == 0 || now.heap().maxBytes() <= fitting) {
      return;
    }
    found.add(
        new Advice(
            "limit-below-heap",
            "the container's limit is below maximum heap and native memory together",
            text(
                "-Xmx %d MB + %d MB outside the heap > limit %d MB",
                mb(now.heap().maxBytes()),
                mb(history.peakOutside()),
                mb(now.container().limitBytes())),
            text(
                "set -Xmx%dm, or raise the limit to %d MB",
                mb(fitting), mb((long) ((now.heap().maxBytes() + history.peakOutside()) / 0.92))),
            "no kill by the container at any load",
            now.gc().collector().hasSoftMax() ? 0.8 : 0.95));
  }

  private void size(History history, Snapshot now, long target) {
    if (history.seconds() < 60 * MINUTES_BEFORE_TRENDS || target == 0) {
      return;
    }
    if (history.meanCommitted() > 3.0 * target && history.meanCost() < tau) {
      found.add(
          new Advice(
              "heap-too-large",
              "the heap is far larger than the load needs",
              text(
                  "committed %d MB on average, live %d MB, collections %.1f %% of the CPU",
                  mb((long) history.meanCommitted()),
                  mb(history.peakLive()),
                  100 * history.meanCost()),
              text("set -Xmx%dm", mb((long) (1.5 * target))),
              text("%d MB less", mb((long) history.meanCommitted() - target)),
              0.7));
    } else if (history.meanCost() > 3 * tau
        && now.heap().liveBytes() > 0.5 * now.heap().maxBytes()) {
      found.add(
          new Advice(
              "heap-too-small",
              "the heap is too small for the load",
              text(
                  "live %d MB of %d MB, collections %.1f %% of the CPU",
                  mb(now.heap().liveBytes()), mb(now.heap().maxBytes()), 100 * history.meanCost()),
              text("set -Xmx%dm", mb(3 * now.heap().liveBytes())),
              text("collections near %.0f %% of the CPU", 100 * tau),
              0.8));
    }
  }

  private void collector(Snapshot now) {
    if (now.gc().collector() == Collector.SERIAL
        && now.process().processors() >= 2
        && now.heap().maxBytes() >= (512L << 20)) {
      found.add(
          new Advice(
              "serial-collector",
              "the Serial collector runs on a machine of several processors",
              text(
                  "%d processors, -Xmx %d MB, longest pause %.0f ms",
                  now.process().processors(),
                  mb(now.heap().maxBytes()),
                  1e3 * now.gc().pauses().maxSeconds()),
              "set -XX:+UseG1GC",
              "shorter pauses, and a heap that can be sized while it runs",
              0.8));
    } else if (now.gc().collector() == Collector.PARALLEL && now.container().limitBytes() > 0) {
      found.add(
          new Advice(
              "no-actuator",
              "the Parallel collector cannot be sized while it runs",
              text(
                  "limit %d MB, -Xmx %d MB",
                  mb(now.container().limitBytes()), mb(now.heap().maxBytes())),
              "set -Xmx by what flags says, or -XX:+UseG1GC",
              "a heap that stays inside the container",
              0.9));
    }
  }

  private void leak(History history, Snapshot now) {
    Trend.Line line = history.live().line();
    if (history.live().span() < 60 * MINUTES_BEFORE_TRENDS || line.fit() < GOOD_FIT) {
      return;
    }
    double left = now.heap().maxBytes() - history.live().newest();
    double seconds = left / Math.max(1, line.perSecond());
    if (line.perSecond() > 0 && seconds < FAR) {
      found.add(
          new Advice(
              "leak-suspected",
              "the live set grows steadily",
              text(
                  "%.1f MB a minute over %.0f minutes, %d MB now; full in %.0f minutes",
                  line.perSecond() * 60 / 1048576,
                  history.live().span() / 60,
                  mb((long) history.live().newest()),
                  seconds / 60),
              "ask what keeps objects: tidepool set PID leaks=120, then advise PID again",
              "an OutOfMemoryError averted",
              0.6 + 0.3 * (line.fit() - GOOD_FIT) / (1 - GOOD_FIT)));
    }
  }

  private void outside(History history) {
    outside(
        "direct-memory-grows",
        "direct memory grows steadily",
        history.direct(),
        "bound it with -XX:MaxDirectMemorySize, or release buffers");
    outside(
        "metaspace-grows",
        "class metadata grows steadily",
        history.metaspace(),
        "look for class loaders that are kept: jcmd PID VM.classloaders");
  }

  private void outside(String id, String title, Trend trend, String action) {
    Trend.Line line = trend.line();
    double perMinute = line.perSecond() * 60 / 1048576;
    if (trend.span() >= 60 * MINUTES_BEFORE_TRENDS && line.fit() >= GOOD_FIT && perMinute > 0.5) {
      found.add(
          new Advice(
              id,
              title,
              text(
                  "%.1f MB a minute over %.0f minutes, %d MB now",
                  perMinute, trend.span() / 60, mb((long) trend.newest())),
              action,
              "room for the heap inside the container",
              0.7));
    }
  }

  private void explicitCollections(Snapshot now) {
    double perMinute = now.jfr().systemGcs() * 60 / Math.max(60, now.second());
    if (now.jfr().systemGcs() >= 5 && perMinute >= 0.5) {
      String caller = now.jfr().systemGcCaller();
      found.add(
          new Advice(
              "explicit-gc",
              "the application asks for collections itself",
              text(
                  "%d calls of System.gc(), %.1f a minute, last from %s",
                  now.jfr().systemGcs(), perMinute, caller == null ? "unknown" : caller),
              switch (now.gc().collector()) {
                case G1, SHENANDOAH -> "set -XX:+ExplicitGCInvokesConcurrent";
                case ZGC -> "take the calls out: each begins a cycle";
                case SERIAL, PARALLEL, OTHER ->
                    "take the calls out; -XX:+DisableExplicitGC does it too, but then the agent has no"
                        + " emergency collection either";
              },
              "no full stop for each of them",
              0.85));
    }
  }

  private void humongous(History history) {
    Snapshot now = history.last();
    long region = LaunchFlags.largerRegion(history);
    long all = Math.max(1, now.gc().collections());
    if (LaunchFlags.isHumongous(now)) {
      found.add(
          new Advice(
              "humongous-arrays",
              "many arrays take whole regions of G1",
              text("%d of %d collections were brought about by them", now.gc().humongous(), all),
              region == 0
                  ? "let the pools take them"
                  : text("set -XX:G1HeapRegionSize=%dm, or let the pools take them", region),
              "fewer concurrent cycles",
              0.6));
    }
  }

  private void strings(Snapshot now) {
    long bytes = now.jfr().bytesByClass().getOrDefault("java.lang.String", 0L);
    long all = now.jfr().sampledBytes();
    if (all > (1L << 30) && bytes > all / 6 && now.heap().liveBytes() > (256L << 20)) {
      found.add(
          new Advice(
              "string-deduplication",
              "strings weigh much among what is allocated",
              text(
                  "String objects are %.0f %% of the bytes sampled, live set %d MB",
                  100.0 * bytes / all, mb(now.heap().liveBytes())),
              "try -XX:+UseStringDeduplication",
              "a smaller live set where strings repeat",
              0.3));
    }
  }

  private void trends(History history) {
    trend("allocation-grows", "the allocation rate grows steadily", history.allocation());
    trend("gc-cost-grows", "the cost of collections grows steadily", history.cost());
  }

  private void trend(String id, String title, Trend trend) {
    Trend.Line line = trend.line();
    double perHour = line.perSecond() * 3_600 / Math.max(1e-9, trend.newest());
    if (trend.span() >= 60 * MINUTES_BEFORE_TRENDS && line.fit() >= GOOD_FIT && perHour > 0.5) {
      found.add(
          new Advice(
              id,
              title,
              text("%.0f %% an hour over the last %.0f minutes", 100 * perHour, trend.span() / 60),
              "see the hot sites and what changed in the load",
              "cost as it was",
              0.5));
    }
  }

  private static String text(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }

  private static long mb(long bytes) {
    return bytes >> 20;
  }
}
