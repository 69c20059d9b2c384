package dev.tidepool.apps.soundness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Main class of a child that runs every case over and over, in two threads, until told to stop.
 *
 * <p>Argument: a folder with one folder of compiled {@code Nests} for each compiler. Commands:
 * {@code load} brings in the subclass that keeps, {@code stop} ends and prints one line of JSON,
 * case by case: the checksum, or what went wrong.
 */
final class FixtureProcess {
  private static final int SEEDS = 8;
  private static volatile boolean stop;

  private FixtureProcess() {}

  public static void main(String[] args) throws Exception {
    Map<String, Supplier<Case>> cases = cases(Path.of(args[0]));
    ExecutorService threads = Executors.newFixedThreadPool(2);
    List<Future<Map<String, String>>> running = new ArrayList<>();
    for (int thread = 0; thread < 2; thread++) {
      running.add(threads.submit(() -> loop(cases)));
    }
    System.out.println("{\"ready\":1}");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null && !line.equals("quit"); line = in.readLine()) {
      if (line.equals("load")) {
        Lifetimes.LateSubclass.load = true;
        System.out.println("{\"loaded\":1}");
      } else if (line.equals("stop")) {
        stop = true;
        System.out.println(result(running));
      }
    }
    stop = true;
    threads.shutdown();
  }

  private static Map<String, Supplier<Case>> cases(Path nests) throws Exception {
    Map<String, Supplier<Case>> cases = new LinkedHashMap<>();
    cases.put("InField", Escapes.InField::new);
    cases.put("InFieldBehindType", Escapes.InFieldBehindType::new);
    cases.put("OtherThread", Escapes.OtherThread::new);
    cases.put("LambdaReceiver", Escapes.LambdaReceiver::new);
    cases.put("HiddenReceiver", Escapes.HiddenReceiver::new);
    cases.put("ReturnedAlias", Escapes.ReturnedAlias::new);
    cases.put("InEscapingList", Escapes.InEscapingList::new);
    cases.put("Varargs", Escapes.Varargs::new);
    cases.put("DoubleBuffer", Lifetimes.DoubleBuffer::new);
    cases.put("Swap", Lifetimes.Swap::new);
    cases.put("Exceptions", Lifetimes.Exceptions::new);
    cases.put("Recursion", Lifetimes.Recursion::new);
    cases.put("Locked", Lifetimes.Locked::new);
    cases.put("Identity", Lifetimes.Identity::new);
    cases.put("ReadsUnwritten", Lifetimes.ReadsUnwritten::new);
    cases.put("LateSubclass", Lifetimes.LateSubclass::new);
    cases.put("Collects", Owners.Collects::new);
    cases.put("Turns", Owners.Turns::new);
    cases.put("ErasedPair", Owners.ErasedPair::new);
    cases.put("Results", Owners.Results::new);
    cases.put("KeptResults", Owners.KeptResults::new);
    cases.put("Copies", Owners.Copies::new);
    cases.put("Growing", Owners.Growing::new);
    cases.put("Held", Lists.Held::new);
    cases.put("OneReturned", Lists.OneReturned::new);
    cases.put("Shown", Lists.Shown::new);
    cases.put("OfferedFirst", Lists.OfferedFirst::new);
    cases.put("Zips", Natives.Zips::new);
    cases.put("Direct", Natives.Direct::new);
    cases.put("Kotlin", OtherCompilers.Kotlin::new);
    cases.put("OkioCopy", OtherCompilers.OkioCopy::new);
    cases.put("Scala", OtherCompilers.Scala::new);
    cases.put("ScalaIntoKeeper", OtherCompilers.ScalaIntoKeeper::new);
    cases.put("Javac8", OtherCompilers.Javac8::new);
    try (Stream<Path> folders = Files.list(nests)) {
      for (Path folder : folders.sorted().toList()) {
        Case nest = nest(folder);
        cases.put(folder.getFileName().toString(), () -> nest);
      }
    }
    return cases;
  }

  @SuppressWarnings({"resource", "BanClassLoader"}) // lives as long as the process, from our files
  private static Case nest(Path folder) throws Exception {
    ClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, null);
    MethodHandle run =
        MethodHandles.publicLookup()
            .findStatic(
                loader.loadClass("fixtures." + folder.getFileName() + ".Nests"),
                "run",
                MethodType.methodType(long.class, long.class));
    return seed -> {
      try {
        return (long) run.invokeExact(seed);
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    };
  }

  /** Runs all cases in turn; a case that failed once is told of and not run again. */
  private static Map<String, String> loop(Map<String, Supplier<Case>> cases) {
    Map<String, Case> mine = new LinkedHashMap<>();
    cases.forEach((name, maker) -> mine.put(name, maker.get()));
    Map<String, long[]> expected = new LinkedHashMap<>();
    Map<String, String> failed = new LinkedHashMap<>();
    for (int turn = 0; turn < SEEDS || !stop; turn++) {
      int seed = turn % SEEDS;
      for (Map.Entry<String, Case> entry : mine.entrySet()) {
        String name = entry.getKey();
        if (failed.containsKey(name)) {
          continue;
        }
        try {
          long value = entry.getValue().run(seed);
          long[] values = expected.computeIfAbsent(name, key -> new long[SEEDS]);
          if (turn < SEEDS) {
            values[seed] = value;
          } else if (values[seed] != value) {
            failed.put(name, "turn " + turn + " gave another result than the first of its seed");
          }
        } catch (Exception | Error e) {
          failed.put(name, "turn " + turn + ": " + e);
        }
      }
    }
    Map<String, String> results = new LinkedHashMap<>();
    mine.keySet()
        .forEach(
            name ->
                results.put(
                    name,
                    failed.containsKey(name)
                        ? "FAILED " + failed.get(name)
                        : java.util.Arrays.toString(expected.get(name))));
    return results;
  }

  private static String result(List<Future<Map<String, String>>> running)
      throws ExecutionException, InterruptedException, IOException {
    List<Map<String, String>> results = new ArrayList<>();
    for (Future<Map<String, String>> one : running) {
      results.add(one.get());
    }
    return new com.fasterxml.jackson.databind.ObjectMapper().writeValueAsString(results);
  }
}
