package dev.tidepool.pools.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs everything side by side and writes {@code docs/benchmarks.md}.
 *
 * <p>With {@code -Dbench.quick} fewer and shorter iterations, and the table goes to {@code
 * target/}.
 */
public final class BenchRun {
  private static final boolean QUICK = Boolean.getBoolean("bench.quick");
  private static final int CORES = Runtime.getRuntime().availableProcessors();

  private record Threads(String name, int count, boolean virtual) {}

  private static final List<Threads> PLATFORM =
      List.of(
          new Threads("1 thread", 1, false),
          new Threads("2 threads", 2, false),
          new Threads("8 threads", 8, false));
  private static final List<Threads> VIRTUAL =
      List.of(new Threads("1 virtual thread", 1, true), new Threads("8 virtual threads", 8, true));

  private int done;

  private BenchRun() {}

  /**
   * Runs all on the newest JDK there is and writes the document.
   *
   * @param args the document's path
   */
  public static void main(String[] args) throws Exception {
    Path newest = Jdks.newest();
    if (!Jdks.isThis(newest)) {
      System.exit(Jdks.runThere(newest, BenchRun.class, args));
    }
    BenchRun run = new BenchRun();
    long began = System.nanoTime();
    Map<String, List<Row>> tables = new LinkedHashMap<>();
    tables.put("arrays", run.arrays());
    tables.put("handOff", run.rows(HandOffBench.class, "one hand-over, 4 KB, ", hand(), "peer"));
    tables.put("trace", run.rows(TraceBench.class, "64 B - 64 KB, ", all(), "peer"));
    tables.put("objects", run.rows(ObjectBench.class, "", all(), "peer"));
    tables.put("queues", run.rows(QueueBench.class, "", List.of(PLATFORM.get(0)), "peer"));
    tables.put("parts", run.rows(PartsBench.class, "", List.of(PLATFORM.get(0)), ""));
    List<Burst.Result> bursts = new ArrayList<>();
    bursts.add(Burst.platform(500));
    Burst.Result virtual = Burst.virtual(10_000);
    if (virtual != null) {
      bursts.add(virtual);
    }
    Report report = new Report(tables, bursts, Burst.hundredTimesTwentyMegabytes());
    Path document = Path.of(args[0]);
    Files.createDirectories(document.toAbsolutePath().getParent());
    long minutes = (System.nanoTime() - began) / 60_000_000_000L;
    Files.writeString(document, report.markdown(minutes, QUICK));
  }

  private static List<Threads> all() {
    List<Threads> all = new ArrayList<>(PLATFORM);
    all.addAll(VIRTUAL);
    return all;
  }

  /** Two threads: the giver and the taker. */
  private static List<Threads> hand() {
    return List.of(
        new Threads("platform threads", 2, false), new Threads("virtual threads", 2, true));
  }

  private List<Row> arrays() throws RunnerException {
    return rows(ArrayBench.class, "", all(), "peer");
  }

  private List<Row> rows(Class<?> bench, String prefix, List<Threads> threads, String peerParam)
      throws RunnerException {
    Map<String, Row> rows = new LinkedHashMap<>();
    for (Threads t : threads) {
      for (RunResult result : run(bench, t)) {
        String method = result.getParams().getBenchmark();
        method = method.substring(method.lastIndexOf('.') + 1);
        String peer = peerParam.isEmpty() ? method : result.getParams().getParam(peerParam);
        String situation = prefix + size(result) + t.name;
        double share = (double) Math.min(CORES, t.count) / t.count;
        rows.computeIfAbsent(situation, s -> new Row(s, new LinkedHashMap<>()))
            .figures()
            .put(peer, Row.Figure.of(result, share));
      }
    }
    return new ArrayList<>(rows.values());
  }

  private static String size(RunResult result) {
    Collection<String> keys = result.getParams().getParamsKeys();
    if (keys.contains("bytes") && !result.getParams().getBenchmark().contains("HandOff")) {
      int bytes = Integer.parseInt(result.getParams().getParam("bytes"));
      return (bytes >= 1 << 20
              ? (bytes >> 20) + " MB"
              : bytes < 1024 ? bytes + " B" : bytes / 1024 + " KB")
          + ", ";
    }
    return keys.contains("capacity")
        ? "capacity " + result.getParams().getParam("capacity") + ", "
        : "";
  }

  private Collection<RunResult> run(Class<?> bench, Threads threads) throws RunnerException {
    List<String> jvmArgs =
        new ArrayList<>(
            List.of(
                "-Xms512m",
                "-Xmx512m",
                "-Djmh.executor=CUSTOM",
                "-Djmh.executor.class=" + BenchThreads.class.getName()));
    if (threads.virtual) {
      jvmArgs.add("-Dbench.virtual=true");
      // As many carriers as threads: JMH's threads spin, and nothing takes a carrier from one.
      jvmArgs.add("-Djdk.virtualThreadScheduler.parallelism=" + threads.count);
    }
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + bench.getName().replace(".", "\\.") + "\\.")
            .jvmArgs(jvmArgs.toArray(new String[0]))
            .forks(1)
            .warmupIterations(QUICK ? 1 : 3)
            .warmupTime(TimeValue.milliseconds(QUICK ? 100 : 150))
            .measurementIterations(QUICK ? 2 : 5)
            .measurementTime(TimeValue.milliseconds(QUICK ? 100 : 150))
            .timeout(TimeValue.seconds(30))
            .addProfiler(GCProfiler.class)
            .verbosity(VerboseMode.SILENT);
    if (bench != HandOffBench.class) {
      options.threads(threads.count);
    }
    for (Map.Entry<String, String[]> e : params(bench).entrySet()) {
      options.param(e.getKey(), e.getValue());
    }
    Collection<RunResult> results = new Runner(options.build()).run();
    done += results.size();
    System.out.println(bench.getSimpleName() + ", " + threads.name + ": " + done + " figures");
    return results;
  }

  private static Map<String, String[]> params(Class<?> bench) {
    if (bench == ArrayBench.class) {
      return QUICK
          ? Map.of("peer", names(BufferPeer.values()), "bytes", new String[] {"4096"})
          : Map.of("peer", names(BufferPeer.values()));
    }
    if (bench == HandOffBench.class) {
      return Map.of("peer", names(BufferPeer.values()));
    }
    if (bench == TraceBench.class) {
      return Map.of("peer", names(TracePeer.values()));
    }
    if (bench == ObjectBench.class) {
      return Map.of("peer", names(ObjectPeer.values()));
    }
    return bench == QueueBench.class
        ? Map.of("peer", names(QueueBench.QueuePeer.values()))
        : Map.of();
  }

  private static String[] names(Enum<?>[] values) {
    String[] names = new String[values.length];
    for (int i = 0; i < values.length; i++) {
      names[i] = values[i].name();
    }
    return names;
  }
}
