package sample;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One run of the service in a JVM of its own.
 *
 * @param limitMegabytes of its memory group, 0 for none
 * @param lowerTo limit set half way, 0 to leave it
 * @param agent the agent's jar or null
 */
record Trial(
    File javaHome,
    String collector,
    List<String> vmArguments,
    long limitMegabytes,
    long lowerTo,
    File agent,
    List<String> serviceArguments,
    int seconds) {

  /**
   * What came of it.
   *
   * @param exit of the process; 137 is a kill
   * @param figures of the service's last line; empty where it did not get there
   * @param lived seconds
   */
  record Outcome(int exit, Map<String, Double> figures, double lived, long peakMegabytes) {
    boolean finished() {
      return exit == 0 && figures.containsKey("done");
    }

    double figure(String name) {
      return figures.getOrDefault(name, Double.NaN);
    }
  }

  /** Runs it to its end, at most twenty seconds longer than it should take. */
  Outcome run() throws IOException, InterruptedException {
    Optional<MemoryGroup> group =
        limitMegabytes == 0 ? Optional.empty() : MemoryGroup.make(limitMegabytes << 20);
    if (limitMegabytes > 0 && group.isEmpty()) {
      throw new IOException("no memory control group can be made here");
    }
    Path out = Files.createTempFile("trial", ".out");
    long start = System.nanoTime();
    Process process = null;
    try {
      process = start(group, out);
      if (lowerTo > 0) {
        process.waitFor(seconds / 2, TimeUnit.SECONDS);
        group.orElseThrow().limit(lowerTo << 20);
      }
      boolean ended = process.waitFor(seconds + 20L, TimeUnit.SECONDS);
      double lived = (System.nanoTime() - start) / 1e9;
      long peak = group.isEmpty() ? 0 : group.get().peakBytes() >> 20;
      int exit = ended ? process.exitValue() : -1;
      return new Outcome(exit, figures(Files.readString(out)), lived, peak);
    } finally {
      if (process != null) {
        process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
      }
      if (group.isPresent()) {
        group.get().close();
      }
      Files.deleteIfExists(out);
    }
  }

  private Process start(Optional<MemoryGroup> group, Path out) throws IOException {
    List<String> java = new ArrayList<>();
    java.add(new File(javaHome, "bin/java").getPath());
    java.add("-XX:+Use" + collector + "GC");
    java.addAll(vmArguments);
    if (agent != null) {
      java.add("-javaagent:" + agent + "=http=off");
    }
    java.addAll(List.of("-cp", System.getProperty("java.class.path"), Service.class.getName()));
    java.addAll(serviceArguments);
    java.add("seconds=" + seconds);
    String shell = group.map(g -> g.join() + "; ").orElse("") + "exec \"$@\"";
    List<String> command = new ArrayList<>(List.of("sh", "-c", shell, "sh"));
    command.addAll(java);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(out.toFile())
        .start();
  }

  private static Map<String, Double> figures(String text) {
    Map<String, Double> figures = new HashMap<>();
    for (String line : text.split("\n", -1)) {
      if (line.startsWith("RESULT ")) {
        for (String pair : line.substring(7).trim().split(" ", -1)) {
          String[] parts = pair.split("=", 2);
          figures.put(parts[0], Double.parseDouble(parts[1]));
        }
      }
    }
    return figures;
  }
}
