package dev.tidepool.agent.live;

import static dev.tidepool.agent.live.Run.done;
import static dev.tidepool.agent.live.Shape.NUMBER;
import static dev.tidepool.agent.live.Shape.TEXT;
import static dev.tidepool.agent.live.Shape.TRUTH;
import static dev.tidepool.agent.live.Shape.WHOLE;
import static dev.tidepool.agent.live.Shape.either;
import static dev.tidepool.agent.live.Shape.list;
import static dev.tidepool.agent.live.Shape.object;
import static dev.tidepool.agent.live.Shape.orNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.agent.view.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import sample.Copies;

/** Each field that others rely on, by name, order and type, on a live process. */
class ContractIT {
  private static final Shape VALUE = either(WHOLE, TEXT);

  private static final Shape STATUS =
      object(
          "version",
          TEXT,
          "pid",
          WHOLE,
          "jvm",
          TEXT,
          "collector",
          TEXT,
          "mode",
          TEXT,
          "uptimeSeconds",
          NUMBER,
          "pressure",
          object("level", TEXT, "ratio", NUMBER),
          "pools",
          object(
              "bytes", WHOLE,
              "budgetBytes", WHOLE,
              "hits", WHOLE,
              "misses", WHOLE,
              "hitRatio", NUMBER,
              "bytesSaved", WHOLE),
          "gc",
          object(
              "cpuRatio", NUMBER,
              "collections", WHOLE,
              "pauseSeconds", object("p50", NUMBER, "p99", NUMBER, "max", NUMBER)),
          "heap",
          object(
              "liveBytes", WHOLE,
              "targetBytes", WHOLE,
              "committedBytes", WHOLE,
              "maxBytes", WHOLE),
          "container",
          object("limitBytes", WHOLE, "workingSetBytes", WHOLE),
          "levers",
          list(object("name", TEXT, "value", VALUE, "original", VALUE, "active", TRUTH)),
          "sites",
          object("active", WHOLE, "refused", WHOLE, "trial", WHOLE),
          "decisions",
          WHOLE);

  private static final Shape SITES =
      list(
          object(
              "site", TEXT,
              "class", TEXT,
              "method", TEXT,
              "descriptor", TEXT,
              "bytecodeIndex", WHOLE,
              "line", WHOLE,
              "allocates", TEXT,
              "state", TEXT,
              "remedy", orNull(TEXT),
              "verdict", object("kind", TEXT, "reason", TEXT, "path", list(TEXT)),
              "bytesPerSecond", NUMBER,
              "allocations", WHOLE,
              "hits", WHOLE,
              "misses", WHOLE,
              "bytesSaved", WHOLE));

  private static final Shape WINDOW =
      object(
          "seconds", NUMBER,
          "gcCpuRatio", NUMBER,
          "pauseSecondsPerSecond", NUMBER,
          "allocationRate", NUMBER,
          "throughput", NUMBER,
          "committedBytes", WHOLE,
          "workingSetBytes", WHOLE);

  private static final Shape DECISIONS =
      list(
          object(
              "id", WHOLE,
              "time", TEXT,
              "lever", TEXT,
              "from", VALUE,
              "to", VALUE,
              "reason", TEXT,
              "outcome", TEXT,
              "effect",
                  orNull(
                      object("summary", TEXT, "worse", TRUTH, "before", WINDOW, "after", WINDOW))));

  private static final Shape ADVICE =
      list(
          object(
              "id", TEXT,
              "title", TEXT,
              "evidence", TEXT,
              "action", TEXT,
              "effect", TEXT,
              "confidence", NUMBER));

  @TempDir Path directory;

  @OnEveryJdk
  void everyFieldIsThereUnderItsNameWithItsType(Path jdk) throws Exception {
    List<String> options =
        new ArrayList<>(
            Run.agent("http=off,memory.limit=300m,pooling.include=" + Copies.class.getName()));
    options.addAll(List.of("-XX:+UseG1GC", "-Xmx1g"));
    try (Run application = Run.program(jdk, Copies.class, options).up()) {
      application.await(
          "a pooled and a refused site, told about as advice",
          () ->
              Answers.stateOf(jdk, application, "copy").equals("ACTIVE")
                  && Answers.stateOf(jdk, application, "keep").equals("REFUSED")
                  && !Answers.row(jdk, application, "advise", "id", "site-kept").isEmpty());
      String lever = done(Run.tidepool(jdk, "set", application.pid(), "MaxHeapFreeRatio=40"));
      assertThat(lever).isEqualTo("MaxHeapFreeRatio = 40\n");

      Object status = Answers.of(jdk, application, "status");
      Object sites = Answers.of(jdk, application, "sites");
      Object decisions = Answers.of(jdk, application, "decisions");
      Object advice = Answers.of(jdk, application, "advise");
      STATUS.require("status", without("notes", status));
      SITES.require("sites", sites);
      DECISIONS.require("decisions", decisions);
      ADVICE.require("advise", advice);
      assertThat(List.of(sites, decisions, advice, ((Map<?, ?>) status).get("levers")))
          .as("lists with nothing in them show nothing")
          .doesNotContain(List.of());
      assertThat(Answers.row(jdk, application, "decisions", "lever", "MaxHeapFreeRatio"))
          .isNotEmpty();

      Path file = directory.resolve("report.json");
      done(Run.tidepool(jdk, "report", application.pid(), file));
      Map<String, Object> report = Json.parseObject(Files.readString(file));
      report.replace("status", without("notes", report.get("status")));
      object("status", STATUS, "sites", SITES, "decisions", DECISIONS, "advice", ADVICE)
          .require("report", report);
      assertThat(application.err()).isEmpty();
    }
  }

  /** What does not work here is told about only where there is such a thing. */
  private static Object without(String name, Object document) {
    Map<String, Object> rest = new LinkedHashMap<>();
    ((Map<?, ?>) document).forEach((key, value) -> rest.put(String.valueOf(key), value));
    Object notes = rest.remove(name);
    if (notes != null) {
      list(TEXT).require(name, notes);
    }
    return rest;
  }
}
