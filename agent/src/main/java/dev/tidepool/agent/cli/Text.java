package dev.tidepool.agent.cli;

import dev.tidepool.agent.config.Units;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The agent's documents as text for people. */
final class Text {
  private Text() {}

  static String status(Map<?, ?> s) {
    Map<?, ?> pressure = map(s, "pressure");
    Map<?, ?> pools = map(s, "pools");
    Map<?, ?> gc = map(s, "gc");
    Map<?, ?> pauses = map(gc, "pauseSeconds");
    Map<?, ?> heap = map(s, "heap");
    Map<?, ?> container = map(s, "container");
    Map<?, ?> sites = map(s, "sites");
    StringBuilder text = new StringBuilder();
    line(
        text,
        "agent",
        s.get("version") + ", mode " + s.get("mode") + ", " + seconds(s.get("uptimeSeconds")));
    line(text, "process", s.get("pid") + ", " + s.get("jvm") + ", " + s.get("collector"));
    line(text, "pressure", pressure.get("level") + " (" + percent(pressure.get("ratio")) + ")");
    line(
        text,
        "sites",
        sites.get("active")
            + " active, "
            + sites.get("trial")
            + " on trial, "
            + sites.get("refused")
            + " refused");
    line(
        text,
        "pools",
        size(pools.get("bytes"))
            + " of "
            + size(pools.get("budgetBytes"))
            + ", hit ratio "
            + percent(pools.get("hitRatio"))
            + ", saved "
            + size(pools.get("bytesSaved")));
    line(
        text,
        "gc",
        gc.get("collections")
            + " collections, "
            + percent(gc.get("cpuRatio"))
            + " of CPU, pauses p50 "
            + millis(pauses.get("p50"))
            + ", p99 "
            + millis(pauses.get("p99"))
            + ", max "
            + millis(pauses.get("max")));
    line(
        text,
        "heap",
        "live "
            + size(heap.get("liveBytes"))
            + ", committed "
            + size(heap.get("committedBytes"))
            + " of "
            + size(heap.get("maxBytes"))
            + (isZero(heap.get("targetBytes")) ? "" : ", target " + size(heap.get("targetBytes"))));
    line(
        text,
        "container",
        isZero(container.get("limitBytes"))
            ? "no limit"
            : size(container.get("workingSetBytes")) + " of " + size(container.get("limitBytes")));
    for (Object lever : list(s, "levers")) {
      Map<?, ?> l = (Map<?, ?>) lever;
      if (Boolean.TRUE.equals(l.get("active"))) {
        line(
            text,
            "lever",
            l.get("name") + " = " + l.get("value") + " (was " + l.get("original") + ")");
      }
    }
    line(text, "decisions", String.valueOf(s.get("decisions")));
    for (Object note : list(s, "notes")) {
      line(text, "note", String.valueOf(note));
    }
    return text.toString();
  }

  static String sites(List<?> sites) {
    if (sites.isEmpty()) {
      return "no site known yet\n";
    }
    Table table = new Table("SITE", "STATE", "REMEDY", ">BYTES/S", ">SAVED", "ALLOCATES", "WHERE");
    for (Object one : sites) {
      Map<?, ?> site = (Map<?, ?>) one;
      table.row(
          site.get("site"),
          site.get("state"),
          site.get("remedy"),
          size(site.get("bytesPerSecond")),
          size(site.get("bytesSaved")),
          site.get("allocates"),
          where(site));
    }
    return table.text();
  }

  /** Or its rate is made out from samples. */
  private static boolean isCounted(Map<?, ?> site) {
    return site.get("allocations") instanceof Number count && count.longValue() > 0;
  }

  static String why(Map<?, ?> site) {
    Map<?, ?> verdict = map(site, "verdict");
    StringBuilder text = new StringBuilder();
    line(text, "site", site.get("site") + ", " + site.get("allocates") + " at " + where(site));
    Object remedy = site.get("remedy");
    line(text, "state", site.get("state") + (remedy == null ? "" : ", " + remedy));
    line(
        text,
        "bytes",
        (isCounted(site) ? "" : "about ")
            + size(site.get("bytesPerSecond"))
            + "/s, saved so far "
            + size(site.get("bytesSaved")));
    line(
        text,
        "takes",
        site.get("allocations")
            + " allocations, "
            + site.get("hits")
            + " hits, "
            + site.get("misses")
            + " misses");
    String reason = String.valueOf(verdict.get("reason"));
    line(text, "verdict", verdict.get("kind") + (reason.isEmpty() ? "" : ": " + reason));
    for (Object step : list(verdict, "path")) {
      line(text, "", "-> " + step);
    }
    return text.toString();
  }

  private static String where(Map<?, ?> site) {
    Object line = site.get("line");
    return site.get("class")
        + "."
        + site.get("method")
        + (line instanceof Number n && n.intValue() > 0 ? ":" + line : "");
  }

  static String decisions(List<?> decisions) {
    if (decisions.isEmpty()) {
      return "no decision yet\n";
    }
    Table table = new Table(">ID", "TIME", "LEVER", ">FROM", ">TO", "OUTCOME", "WHY");
    for (Object one : decisions) {
      Map<?, ?> d = (Map<?, ?>) one;
      Object effect = d.get("effect") instanceof Map<?, ?> e ? "; " + e.get("summary") : "";
      table.row(
          d.get("id"),
          d.get("time"),
          d.get("lever"),
          d.get("from"),
          d.get("to"),
          d.get("outcome"),
          String.valueOf(d.get("reason")) + effect);
    }
    return table.text();
  }

  static String advice(List<?> advice) {
    if (advice.isEmpty()) {
      return "nothing to advise\n";
    }
    StringBuilder text = new StringBuilder();
    for (Object one : advice) {
      Map<?, ?> a = (Map<?, ?>) one;
      text.append(a.get("title")).append('\n');
      line(text, "evidence", String.valueOf(a.get("evidence")));
      line(text, "do", String.valueOf(a.get("action")));
      line(text, "effect", a.get("effect") + " (confidence " + percent(a.get("confidence")) + ")");
      text.append('\n');
    }
    return text.toString();
  }

  static String doctor(Map<?, ?> d) {
    StringBuilder text = new StringBuilder();
    line(text, "process", d.get("jvm") + ", " + d.get("collector"));
    for (Object note : list(d, "notes")) {
      line(text, "note", String.valueOf(note));
    }
    Table capabilities = new Table("NEEDS", "THERE", "DETAIL");
    for (Object one : list(d, "capabilities")) {
      Map<?, ?> c = (Map<?, ?>) one;
      boolean there = Boolean.TRUE.equals(c.get("available"));
      capabilities.row(c.get("name"), there ? "yes" : "NO", c.get("detail"));
    }
    Table levers = new Table("LEVER", ">VALUE", "BLOCKED BY");
    for (Object one : list(d, "levers")) {
      Map<?, ?> l = (Map<?, ?>) one;
      levers.row(l.get("name"), l.get("value"), l.get("blocked"));
    }
    Table settings = new Table("KEY", "VALUE", "FROM");
    for (Object one : list(d, "settings")) {
      Map<?, ?> s = (Map<?, ?>) one;
      settings.row(s.get("key"), s.get("value"), s.get("origin"));
    }
    return text + "\n" + capabilities.text() + "\n" + levers.text() + "\n" + settings.text();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format(Locale.ROOT, "%-10s", name)).append(value).append('\n');
  }

  static Map<?, ?> map(Map<?, ?> document, String name) {
    return document.get(name) instanceof Map<?, ?> map ? map : Map.of();
  }

  static List<?> list(Map<?, ?> document, String name) {
    return document.get(name) instanceof List<?> list ? list : List.of();
  }

  private static double number(Object value) {
    return value instanceof Number number ? number.doubleValue() : 0;
  }

  private static boolean isZero(Object value) {
    return number(value) == 0;
  }

  private static String size(Object bytes) {
    return Units.size(number(bytes));
  }

  private static String percent(Object ratio) {
    return String.format(Locale.ROOT, "%.1f%%", number(ratio) * 100);
  }

  private static String millis(Object seconds) {
    return String.format(Locale.ROOT, "%.1f ms", number(seconds) * 1000);
  }

  private static String seconds(Object value) {
    long all = (long) number(value);
    return all < 120 ? all + " s" : all < 7200 ? all / 60 + " min" : all / 3600 + " h";
  }
}
