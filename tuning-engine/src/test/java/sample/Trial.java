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
 * @param lowerTo limit that is set from half way on, 0 to leave it
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

  /** The same with the agent, or without. */
  Trial with(File otherAgent) {
    return new Trial(
        javaHome,
        collector,
        vmArguments,
        limitMegabytes,
        lowerTo,
        otherAgent,
        serviceArguments,
        seconds);
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
      double followed = lowerTo > 0 ? lower(group.orElseThrow(), process) : Double.NaN;
      boolean ended =
          process.waitFor(
              (long) (seconds + 20 - (System.nanoTime() - start) / 1e9), TimeUnit.SECONDS);
      double lived = (System.nanoTime() - start) / 1e9;
      long peak = group.isEmpty() ? 0 : group.get().peakBytes() >> 20;
      int exit = ended ? process.exitValue() : -1;
      Map<String, Double> figures = figures(Files.readString(out));
      if (lowerTo > 0) {
        figures.put("followed", followed);
      }
      return new Outcome(exit, figures, lived, peak);
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

  /**
   * What the agent writes for the next start after so many seconds of this one.
   *
   * @throws IOException where the process or the agent did not get there
   */
  String flags(int after) throws IOException, InterruptedException {
    MemoryGroup group =
        MemoryGroup.make(limitMegabytes << 20)
            .orElseThrow(() -> new IOException("no memory control group can be made here"));
    Path out = Files.createTempFile("trial", ".out");
    Path flags = Files.createTempFile("trial", ".flags");
    Process process = null;
    try {
      process = start(Optional.of(group), out);
      process.waitFor(after, TimeUnit.SECONDS);
      String java = new File(javaHome, "bin/java").getPath();
      Process ask =
          new ProcessBuilder(java, "-jar", agent.getPath(), "flags", Long.toString(process.pid()))
              .redirectOutput(flags.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      if (!ask.waitFor(20, TimeUnit.SECONDS) || ask.exitValue() != 0) {
        throw new IOException("flags got no answer; " + Files.readString(out));
      }
      return Files.readString(flags);
    } finally {
      if (process != null) {
        process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
      }
      group.close();
      Files.deleteIfExists(out);
      Files.deleteIfExists(flags);
    }
  }

  /**
   * Lowers the limit as an orchestrator must: version 1 of the kernel's groups refuses a limit
   * below what is in use, so it goes down with the use, and is tried again until it stands.
   *
   * @return seconds until the limit wanted stood, NaN where it never did
   */
  private double lower(MemoryGroup group, Process process)
      throws IOException, InterruptedException {
    if (process.waitFor(seconds / 2, TimeUnit.SECONDS)) {
      return Double.NaN;
    }
    long begun = System.nanoTime();
    long wanted = lowerTo << 20;
    long limit = limitMegabytes << 20;
    while (process.isAlive() && (System.nanoTime() - begun) / 1e9 < seconds / 2.0) {
      limit = Math.min(limit, Math.max(wanted, group.usedBytes() + (24L << 20)));
      if (group.tryLimit(limit) && limit == wanted) {
        return (System.nanoTime() - begun) / 1e9;
      }
      process.waitFor(250, TimeUnit.MILLISECONDS);
    }
    return Double.NaN;
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
