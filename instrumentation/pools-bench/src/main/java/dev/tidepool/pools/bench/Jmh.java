package dev.tidepool.pools.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs JMH on one class of benchmarks and gathers each iteration, or why there is none. */
final class Jmh {
  private static final int CORES = Runtime.getRuntime().availableProcessors();

  /** Who works at a time. */
  record Threads(String name, int count, boolean virtual) {}

  /** How long it is measured: a look, or for a figure to stand. */
  record Effort(int forks, int warmups, int iterations, int millis) {}

  private final Samples samples;
  private final String prefix;
  private final Threads threads;

  Jmh(Samples samples, String prefix, Threads threads) {
    this.samples = samples;
    this.prefix = prefix;
    this.threads = threads;
  }

  /**
   * Measures.
   *
   * @param params the parameters to go through; others as the class says
   */
  void run(Class<?> bench, Map<String, List<String>> params, Effort effort)
      throws RunnerException, IOException {
    Path log = Files.createTempFile("jmh", ".log");
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + bench.getName().replace(".", "\\.") + "\\.")
            .jvmArgs(jvmArgs().toArray(new String[0]))
            .forks(effort.forks)
            .warmupIterations(effort.warmups)
            .warmupTime(TimeValue.milliseconds(effort.millis))
            .measurementIterations(effort.iterations)
            .measurementTime(TimeValue.milliseconds(effort.millis))
            .timeout(TimeValue.seconds(30))
            .addProfiler(GCProfiler.class)
            .output(log.toString())
            .verbosity(VerboseMode.NORMAL);
    if (bench != HandOffBench.class) { // which has its own
      options.threads(threads.count);
    }
    params.forEach((name, values) -> options.param(name, values.toArray(new String[0])));
    Collection<RunResult> results = new Runner(options.build()).run();
    results.forEach(this::add);
    addFailures(Files.readAllLines(log, StandardCharsets.UTF_8));
    Files.delete(log);
  }

  private List<String> jvmArgs() {
    List<String> args =
        new ArrayList<>(
            List.of(
                "-Xms512m",
                "-Xmx512m",
                "-Djmh.executor=CUSTOM",
                "-Djmh.executor.class=" + BenchThreads.class.getName()));
    if (threads.virtual) {
      args.add("-Dbench.virtual=true");
      // As many carriers as threads: JMH's threads spin, and nothing takes a carrier from one.
      args.add("-Djdk.virtualThreadScheduler.parallelism=" + threads.count);
    }
    return args;
  }

  private void add(RunResult result) {
    BenchmarkParams benchmark = result.getParams();
    Map<String, String> params = new HashMap<>();
    benchmark.getParamsKeys().forEach(key -> params.put(key, benchmark.getParam(key)));
    String situation = situation(params);
    String peer = peer(benchmark.getBenchmark(), params);
    double share = (double) Math.min(CORES, threads.count) / threads.count;
    for (var fork : result.getBenchmarkResults()) {
      for (IterationResult iteration : fork.getIterationResults()) {
        Result<?> bytes = iteration.getSecondaryResults().get("gc.alloc.rate.norm");
        samples.add(
            situation,
            peer,
            iteration.getPrimaryResult().getScore() * share,
            bytes == null ? 0 : bytes.getScore());
      }
    }
  }

  /** From the log: JMH leaves out of its results what failed. */
  private void addFailures(List<String> log) {
    String benchmark = "";
    Map<String, String> params = Map.of();
    for (int i = 0; i < log.size(); i++) {
      String line = log.get(i);
      if (line.startsWith("# Benchmark: ")) {
        benchmark = line.substring("# Benchmark: ".length());
        params = Map.of();
      } else if (line.startsWith("# Parameters: (")) {
        params = parsed(line.substring("# Parameters: (".length(), line.length() - 1));
      } else if (line.contains("<failure>")) {
        String why = "";
        while (why.isBlank() && ++i < log.size()) {
          why = log.get(i).trim();
        }
        samples.failed(situation(params), peer(benchmark, params), why);
      }
    }
  }

  private static Map<String, String> parsed(String list) {
    Map<String, String> params = new HashMap<>();
    for (String each : list.split(", ", 0)) {
      int equals = each.indexOf(" = ");
      params.put(each.substring(0, equals), each.substring(equals + 3));
    }
    return params;
  }

  private static String peer(String benchmark, Map<String, String> params) {
    String method = benchmark.substring(benchmark.lastIndexOf('.') + 1);
    return params.getOrDefault("peer", method);
  }

  /** What is measured, for people. */
  String situation(Map<String, String> params) {
    String capacity = params.get("capacity");
    String size = capacity == null ? size(params.get("bytes")) : "capacity " + capacity + ", ";
    return prefix + size + threads.name;
  }

  private static String size(String param) {
    if (param == null) {
      return "";
    }
    int bytes = Integer.parseInt(param);
    return (bytes >= 1 << 20
            ? (bytes >> 20) + " MB"
            : bytes < 1024 ? bytes + " B" : bytes / 1024 + " KB")
        + ", ";
  }
}
