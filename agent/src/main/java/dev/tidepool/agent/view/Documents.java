package dev.tidepool.agent.view;

import dev.tidepool.agent.config.Key;
import dev.tidepool.agent.config.Settings;
import dev.tidepool.agent.config.Settings.Entry;
import dev.tidepool.agent.work.Parts;
import dev.tidepool.pools.PoolStats;
import dev.tidepool.rewriting.RewritingStats;
import dev.tidepool.rewriting.SiteReport;
import dev.tidepool.rewriting.site.Breaker;
import dev.tidepool.tuning.Advice;
import dev.tidepool.tuning.Capability;
import dev.tidepool.tuning.Collector;
import dev.tidepool.tuning.Decision;
import dev.tidepool.tuning.Effect;
import dev.tidepool.tuning.LeverState;
import dev.tidepool.tuning.Pressure;
import dev.tidepool.tuning.Snapshot;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes the documents others rely on. Field names and their order are part of the product; they are
 * changed by an issue only. Safe to call from any thread.
 */
public final class Documents {
  private final String version;
  private final Parts parts;
  private final Settings settings;
  private final long startedNanos = System.nanoTime();
  private final String collector = collectorName();

  public Documents(String version, Parts parts, Settings settings) {
    this.version = version;
    this.parts = parts;
    this.settings = settings;
  }

  public String version() {
    return version;
  }

  public String collector() {
    return collector;
  }

  /** Seconds since the agent started. */
  public double uptimeSeconds() {
    return (System.nanoTime() - startedNanos) / 1e9;
  }

  /** The state of the agent and of the process around it. */
  public Map<String, Object> status() {
    Snapshot now = parts.tuning().latest();
    RewritingStats rewriting = parts.rewriting().stats();
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("version", version);
    status.put("pid", ProcessHandle.current().pid());
    status.put("jvm", jvm());
    status.put("collector", collector);
    status.put("mode", settings.value(Key.MODE));
    status.put("uptimeSeconds", rounded(uptimeSeconds()));
    status.put("pressure", pressure(parts.tuning().pressure()));
    status.put("pools", pools(parts.pools().stats(), rewriting.bytesSaved()));
    status.put("gc", gc(now.gc()));
    status.put(
        "heap",
        map(
            "liveBytes", now.heap().liveBytes(),
            "targetBytes", now.heap().targetBytes(),
            "committedBytes", now.heap().committedBytes(),
            "maxBytes", now.heap().maxBytes()));
    status.put(
        "container",
        map(
            "limitBytes", now.container().limitBytes(),
            "workingSetBytes", now.container().workingSetBytes()));
    status.put("levers", levers());
    status.put(
        "sites",
        map(
            "active", rewriting.active(),
            "refused", rewriting.refused(),
            "trial", rewriting.trial()));
    status.put("decisions", parts.tuning().decisionCount());
    List<String> notes = parts.notes();
    if (!notes.isEmpty()) {
      status.put("notes", notes);
    }
    return status;
  }

  private static Map<String, Object> pressure(Pressure pressure) {
    return map("level", pressure.level().name(), "ratio", rounded(pressure.ratio()));
  }

  private static Map<String, Object> pools(PoolStats pools, long bytesSaved) {
    return map(
        "bytes", pools.heldBytes(),
        "budgetBytes", pools.budgetBytes(),
        "hits", pools.hits(),
        "misses", pools.misses(),
        "hitRatio", rounded(pools.hitRatio()),
        "bytesSaved", bytesSaved);
  }

  private static Map<String, Object> gc(Snapshot.Gc gc) {
    return map(
        "cpuRatio", rounded(gc.cpuRatio()),
        "collections", gc.collections(),
        "pauseSeconds",
            map(
                "p50", rounded(gc.pauses().p50Seconds()),
                "p99", rounded(gc.pauses().p99Seconds()),
                "max", rounded(gc.pauses().maxSeconds())));
  }

  private List<Map<String, Object>> levers() {
    List<Map<String, Object>> levers = new ArrayList<>();
    for (LeverState lever : parts.tuning().levers()) {
      levers.add(
          map(
              "name", lever.name(),
              "value", numberOrText(lever.value()),
              "original", numberOrText(lever.original()),
              "active", lever.active()));
    }
    return levers;
  }

  /** Every known site, the hottest first. */
  public List<Map<String, Object>> sites() {
    return parts.rewriting().sites().stream().map(Documents::site).toList();
  }

  /** One site. */
  public static Map<String, Object> site(SiteReport site) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("site", site.site());
    map.put("class", site.className());
    map.put("method", site.method());
    map.put("descriptor", site.descriptor());
    map.put("bytecodeIndex", site.bytecodeIndex());
    map.put("line", site.line());
    map.put("allocates", site.allocates());
    map.put("state", site.state().name());
    map.put("remedy", site.remedy());
    map.put(
        "verdict", map("kind", site.verdictKind(), "reason", reason(site), "path", site.path()));
    map.put("bytesPerSecond", rounded(site.bytesPerSecond()));
    map.put("allocations", site.allocations());
    map.put("hits", site.hits());
    map.put("misses", site.misses());
    map.put("bytesSaved", site.bytesSaved());
    return map;
  }

  /** Why it is as it is, and where its breaker stands unless that is closed. */
  private static String reason(SiteReport site) {
    if (site.breaker() == Breaker.CLOSED) {
      return site.reason();
    }
    String stands = "breaker " + site.breaker().name();
    return site.reason().isEmpty() ? stands : site.reason() + "; " + stands;
  }

  /** The ledger, oldest first. */
  public List<Map<String, Object>> decisions() {
    return parts.tuning().decisions().stream().map(Documents::decision).toList();
  }

  private static Map<String, Object> decision(Decision decision) {
    Map<String, Object> map =
        map(
            "id", decision.id(),
            "time", decision.time().toString(),
            "lever", decision.lever(),
            "from", numberOrText(decision.from()),
            "to", numberOrText(decision.to()),
            "reason", decision.reason(),
            "outcome", decision.outcome().name());
    map.put("effect", decision.effect().map(Documents::effect).orElse(null));
    return map;
  }

  private static Map<String, Object> effect(Effect effect) {
    return map(
        "summary", effect.summary(),
        "worse", effect.worse(),
        "before", window(effect.before()),
        "after", window(effect.after()));
  }

  private static Map<String, Object> window(Effect.Window window) {
    return map(
        "seconds", rounded(window.seconds()),
        "gcCpuRatio", rounded(window.gcCpuRatio()),
        "pauseSecondsPerSecond", rounded(window.pauseSecondsPerSecond()),
        "allocationRate", rounded(window.allocationRate()),
        "throughput", rounded(window.throughput()),
        "committedBytes", (long) window.committedBytes(),
        "workingSetBytes", (long) window.workingSetBytes());
  }

  /** What a person should know or change. */
  public List<Map<String, Object>> advice() {
    List<Map<String, Object>> list = new ArrayList<>();
    for (Advice advice : parts.advice()) {
      list.add(
          map(
              "id", advice.id(),
              "title", advice.title(),
              "evidence", advice.evidence(),
              "action", advice.action(),
              "effect", advice.effect(),
              "confidence", rounded(advice.confidence())));
    }
    return list;
  }

  /** Everything in one document. */
  public Map<String, Object> report() {
    return map("status", status(), "sites", sites(), "decisions", decisions(), "advice", advice());
  }

  /** What can be done in this virtual machine, what blocks the rest, and every setting. */
  public Map<String, Object> doctor() {
    List<Map<String, Object>> capabilities = new ArrayList<>();
    for (Capability capability : parts.tuning().capabilities()) {
      capabilities.add(
          map(
              "name", capability.name(),
              "available", capability.available(),
              "detail", capability.detail()));
    }
    List<Map<String, Object>> levers = new ArrayList<>();
    for (LeverState lever : parts.tuning().levers()) {
      levers.add(
          map(
              "name", lever.name(),
              "value", numberOrText(lever.value()),
              "blocked", lever.blocked()));
    }
    List<Map<String, Object>> all = new ArrayList<>();
    for (Key key : Key.values()) {
      Entry entry = settings.entry(key);
      all.add(map("key", key.text(), "value", entry.value(), "origin", entry.origin().text()));
    }
    return map(
        "version", version,
        "jvm", jvm(),
        "collector", collector,
        "capabilities", capabilities,
        "levers", levers,
        "settings", all,
        "notes", parts.notes());
  }

  private static String jvm() {
    return System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version");
  }

  private static String collectorName() {
    return Collector.of(
            ManagementFactory.getGarbageCollectorMXBeans().stream()
                .map(GarbageCollectorMXBean::getName)
                .toList())
        .label();
  }

  private static Object numberOrText(String text) {
    if (text != null && text.matches("-?\\d{1,18}")) {
      return Long.valueOf(text);
    }
    return text;
  }

  /** Six digits after the point: no false precision, and no NaN, which JSON does not have. */
  private static Object rounded(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return null;
    }
    return Math.round(value * 1e6) / 1e6;
  }

  private static Map<String, Object> map(Object... namesAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }
}
