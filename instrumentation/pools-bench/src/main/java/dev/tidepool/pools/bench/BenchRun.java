package dev.tidepool.pools.bench;

import dev.tidepool.pools.bench.Jmh.Effort;
import dev.tidepool.pools.bench.Jmh.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Runs everything side by side and writes {@code docs/benchmarks.md}.
 *
 * <p>Every peer is measured in one JVM; ours, and those that come near the quickest of their row,
 * in two more, since what they differ by is what one JVM differs from the next.
 *
 * <p>With {@code -Dbench.quick} fewer and shorter iterations, and the table goes to {@code
 * target/}; with {@code -Dbench.only=arrays,objects} only those tables.
 */
public final class BenchRun {
  private static final boolean QUICK = Boolean.getBoolean("bench.quick");
  private static final List<String> ONLY =
      List.of(System.getProperty("bench.only", "").split(",", 0));
  private static final Effort FIRST = QUICK ? new Effort(1, 1, 2, 100) : new Effort(1, 2, 4, 150);
  private static final Effort AGAIN = QUICK ? new Effort(1, 1, 2, 100) : new Effort(2, 3, 6, 150);
  private static final double NEAR = 1.5;
  private static final String OURS = "TIDEPOOL";

  private static final List<Threads> PLATFORM =
      List.of(
          new Threads("1 thread", 1, false),
          new Threads("2 threads", 2, false),
          new Threads("8 threads", 8, false));
  private static final List<Threads> VIRTUAL =
      List.of(new Threads("1 virtual thread", 1, true), new Threads("8 virtual threads", 8, true));

  /** The giver and the taker. */
  private static final List<Threads> TWO =
      List.of(new Threads("platform threads", 2, false), new Threads("virtual threads", 2, true));

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
    long began = System.nanoTime();
    Map<String, List<Row>> tables = tables();
    List<Burst.Result> bursts = new ArrayList<>();
    bursts.add(Burst.platform(500));
    Burst.Result virtual = Burst.virtual(10_000);
    if (virtual != null) {
      bursts.add(virtual);
    }
    Findings findings =
        new Findings(
            tables,
            bursts,
            HitRatios.steadyArrays(),
            HitRatios.caches(1_000),
            HitRatios.caches(10_000),
            Burst.hundredTimesTwentyMegabytes());
    Path document = Path.of(args[0]);
    Files.createDirectories(document.toAbsolutePath().getParent());
    long minutes = (System.nanoTime() - began) / 60_000_000_000L;
    Files.writeString(document, new Report(findings).markdown(minutes, QUICK));
  }

  private static Map<String, List<Row>> tables() throws RunnerException, IOException {
    List<Threads> all = Stream.concat(PLATFORM.stream(), VIRTUAL.stream()).toList();
    List<Threads> one = PLATFORM.subList(0, 1);
    Map<String, List<String>> arrays = peers(BufferPeer.values());
    if (QUICK) {
      arrays.put("bytes", List.of("4096"));
    }
    Map<String, List<String>> against = new HashMap<>();
    against.put("peer", List.of("NEW", OURS));
    against.put("bytes", List.of("16384"));
    Map<String, List<Row>> tables = new LinkedHashMap<>();
    tables.put("arrays", rows("arrays", ArrayBench.class, "", all, arrays));
    tables.put("sixteen", rows("arrays", ArrayBench.class, "", one, against));
    tables.put(
        "handOff",
        rows("handOff", HandOffBench.class, "one hand-over, ", TWO, peers(BufferPeer.values())));
    tables.put(
        "trace", rows("trace", TraceBench.class, "64 B - 64 KB, ", all, peers(TracePeer.values())));
    tables.put("objects", rows("objects", ObjectBench.class, "", all, peers(ObjectPeer.values())));
    tables.put(
        "queues", rows("queues", QueueBench.class, "", one, peers(QueueBench.QueuePeer.values())));
    tables.put("parts", rows("parts", PartsBench.class, "", one, Map.of()));
    return tables;
  }

  private static Map<String, List<String>> peers(Enum<?>[] peers) {
    Map<String, List<String>> params = new HashMap<>();
    params.put("peer", Stream.of(peers).map(Enum::name).toList());
    return params;
  }

  private static List<Row> rows(
      String table,
      Class<?> bench,
      String prefix,
      List<Threads> threads,
      Map<String, List<String>> params)
      throws RunnerException, IOException {
    Samples samples = new Samples();
    if (!ONLY.equals(List.of("")) && !ONLY.contains(table)) {
      return samples.rows();
    }
    for (Threads t : threads) {
      Jmh jmh = new Jmh(samples, prefix, t);
      jmh.run(bench, params, FIRST);
      if (params.containsKey("peer")) {
        again(jmh, samples, bench, params);
      } else {
        jmh.run(bench, params, AGAIN);
      }
      System.out.println(bench.getSimpleName() + ", " + t.name() + ": done");
    }
    return samples.rows();
  }

  /** Each row once more, with those only who are near the first, and ours. */
  private static void again(
      Jmh jmh, Samples samples, Class<?> bench, Map<String, List<String>> params)
      throws RunnerException, IOException {
    String sizes = bench == QueueBench.class ? "capacity" : "bytes";
    for (String size : sizesOf(bench, params)) {
      Map<String, String> row = size.isEmpty() ? Map.of() : Map.of(sizes, size);
      List<String> near = samples.within(NEAR, jmh.situation(row));
      List<String> peers =
          params.get("peer").stream().filter(p -> near.contains(p) || p.startsWith(OURS)).toList();
      Map<String, List<String>> narrow = new HashMap<>();
      row.forEach((name, value) -> narrow.put(name, List.of(value)));
      narrow.put("peer", peers);
      jmh.run(bench, narrow, AGAIN);
    }
  }

  private static List<String> sizesOf(Class<?> bench, Map<String, List<String>> params) {
    if (bench == QueueBench.class) {
      return QueueBench.CAPACITIES;
    }
    if (bench == ArrayBench.class) {
      return params.getOrDefault("bytes", ArrayBench.SIZES);
    }
    return List.of(bench == HandOffBench.class ? "4096" : "");
  }
}
