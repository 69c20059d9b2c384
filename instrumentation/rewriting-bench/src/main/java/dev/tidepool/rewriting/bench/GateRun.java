package dev.tidepool.rewriting.bench;

import dev.tidepool.pools.bench.Jdks;
import dev.tidepool.pools.bench.Row;
import dev.tidepool.pools.bench.Tables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs {@link GateBench} on every JDK of the machine and writes {@code docs/gate.md}. */
public final class GateRun {
  private static final boolean QUICK = Boolean.getBoolean("bench.quick");
  private static final double GOAL_NANOS = 15;
  private static final int WARNS_OF_UNSAFE = 24;

  private final List<Row> rows = new ArrayList<>();
  private final StringBuilder goals = new StringBuilder();

  private GateRun() {}

  /**
   * Measures on each JDK in turn.
   *
   * @param args the document's path
   */
  public static void main(String[] args) throws Exception {
    GateRun run = new GateRun();
    for (Path jdk : Jdks.all()) {
      run.measure(jdk);
    }
    Path document = Path.of(args[0]);
    Files.createDirectories(document.toAbsolutePath().getParent());
    Files.writeString(document, run.markdown());
  }

  private void measure(Path jdk) throws RunnerException {
    List<String> jvmArgs = new ArrayList<>(List.of("-Xms512m", "-Xmx512m"));
    if (Jdks.feature(jdk) >= WARNS_OF_UNSAFE) {
      jvmArgs.add("--sun-misc-unsafe-memory-access=allow"); // JMH's own use of it
    }
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + GateBench.class.getName().replace(".", "\\.") + "\\.")
            .jvm(jdk.resolve("bin/java").toString())
            .jvmArgs(jvmArgs.toArray(new String[0]))
            .addProfiler(GCProfiler.class)
            .verbosity(VerboseMode.SILENT);
    if (QUICK) {
      options.forks(1).warmupIterations(1).measurementIterations(2);
      options.warmupTime(TimeValue.milliseconds(100)).measurementTime(TimeValue.milliseconds(100));
    }
    Map<String, Row> bySize = new LinkedHashMap<>();
    for (RunResult result : new Runner(options.build()).run()) {
      String method = result.getParams().getBenchmark();
      int kilobytes = Integer.parseInt(result.getParams().getParam("bytes")) >> 10;
      String situation = "JDK " + Jdks.feature(jdk) + ", " + kilobytes + " KB";
      bySize
          .computeIfAbsent(situation, Row::of)
          .figures()
          .put(method.substring(method.lastIndexOf('.') + 1), Row.Figure.of(result));
    }
    bySize.values().forEach(this::judge);
    rows.addAll(bySize.values());
    System.out.println("measured on " + jdk);
  }

  private void judge(Row row) {
    Row.Figure pooled = row.figures().get("pooled");
    Row.Figure plain = row.figures().get("plainNew");
    goals.append(
        String.format(
            Locale.ROOT,
            "| take and give back, warm thread, nothing cleared; %s | <= %.0f ns |"
                + " %.1f ± %.1f ns (`new`: %.0f) | %s |%n",
            row.situation(),
            GOAL_NANOS,
            pooled.nanos(),
            pooled.error(),
            plain.nanos(),
            pooled.nanos() <= GOAL_NANOS ? "yes" : "no"));
  }

  private String markdown() {
    return """
    # Through the gate

    Written by `mvn -q -Pbench verify`%s. What a rewritten place pays for one array in place of
    `new`, one thread, default collector.

    - Machine: %s
    - Figures: nanoseconds an operation, median of the iterations ± half the 99.9 %% confidence
      interval. In brackets bytes allocated an operation, where there are any.

    ## Goals

    | figure | goal | reached | met |
    |---|---|---|---|
    %s
    ## All

    %s
    - `plainNew`: the array that the JVM makes and clears.
    - `pooled`: taken and given back as rewritten code does it, the proof excusing the clearing.
    - `pooledCleared`: the same, cleared each time.
    - `plainCopy`: `Arrays.copyOf`; `pooledCopy`: the same from the pool, given back, not cleared before.
    - `guarded`: as `pooled`, with one question about a receiver between.
    - `poolsAlone`: the pool under it, without the gate.
    - `turnedOff`: a place that was taken back and still has its rewritten code; it allocates.
    - `counted`: a place whose bytes are counted, its array not included.
    """
        .formatted(
            QUICK ? " with `-Dbench.quick`: to see that all runs, not to quote" : "",
            Tables.machine(),
            goals,
            Tables.table(rows, (row, figure) -> false));
  }
}
