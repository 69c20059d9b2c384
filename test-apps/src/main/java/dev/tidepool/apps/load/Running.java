package dev.tidepool.apps.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidepool.apps.process.AppProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An application that runs: one process, or two where one serves and the other asks. The agent is
 * in the one that is measured.
 */
public final class Running implements AutoCloseable {
  private final Plan plan;
  private final Path work;
  private final Child measured;
  private final Child load;
  private final String checksum;

  /**
   * Starts it and waits until it is ready.
   *
   * @param agent absent for a baseline
   */
  public Running(Plan plan, Optional<Agent> agent) throws IOException, InterruptedException {
    this(plan, agent, List.of());
  }

  /**
   * Starts it and waits until it is ready.
   *
   * @param more arguments of the measured java command
   */
  public Running(Plan plan, Optional<Agent> agent, List<String> more)
      throws IOException, InterruptedException {
    this.plan = plan;
    this.work = Files.createTempDirectory("tidepool-app-");
    List<String> java = new ArrayList<>();
    java.add(plan.jdk().java().toString());
    agent.ifPresent(some -> java.add(some.argument()));
    java.add(plan.collector().flag());
    java.addAll(plan.heap());
    java.addAll(more);
    if (plan.app().server().isPresent()) {
      measured = child(java, "server", Files.createDirectories(work.resolve("served")));
      int port = measured.answer().get("port").asInt();
      List<String> plain = List.of(plan.jdk().java().toString(), "-XX:+UseSerialGC", "-Xmx256m");
      load = child(plain, "app", work, Integer.toString(plan.threads()), Integer.toString(port));
    } else {
      measured = child(java, "app", work, Integer.toString(plan.threads()));
      load = measured;
    }
    checksum = load.answer().get("checksum").asText();
  }

  private Child child(List<String> java, String role, Path folder, String... tail)
      throws IOException {
    List<String> command = new ArrayList<>(java);
    command.addAll(
        List.of("-Djava.awt.headless=true", "-Djava.io.tmpdir=" + folder, "-cp", classPath()));
    command.addAll(List.of(AppProcess.class.getName(), role, plan.app().id(), folder.toString()));
    command.addAll(List.of(tail));
    return new Child(command, work.resolve(role + ".err"));
  }

  /** Surefire hides the real class path behind a jar of its own. */
  public static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  /** Operations for a time, nothing measured. */
  public void warmUp() throws IOException, InterruptedException {
    run(plan.warmUp(), 0);
  }

  /** Operations for another time than the plan's, nothing measured. */
  public void warmUp(Duration time) throws IOException, InterruptedException {
    run(time, 0);
  }

  /** Operations as fast as they go for the time of the plan, or at its rate. */
  public Figures measure() throws IOException, InterruptedException {
    return measure(plan.perSecond());
  }

  /** Operations for the time of the plan at another rate than the plan's. */
  public Figures measure(double perSecond) throws IOException, InterruptedException {
    JsonNode before = measured.ask("gauges");
    JsonNode answer = run(plan.measure(), perSecond);
    JsonNode after = measured.ask("gauges");
    return Figures.of(before, after, answer, checksum);
  }

  /** Operations for the measured time; answers how many they were. */
  public double operations() throws IOException, InterruptedException {
    return run(plan.measure(), plan.perSecond()).get("operations").asDouble();
  }

  private JsonNode run(Duration time, double perSecond) throws IOException, InterruptedException {
    return load.ask("run " + time.toMillis() / 1e3 + " " + perSecond);
  }

  /** The measured process begins to write down what it allocates. */
  public void record() throws IOException, InterruptedException {
    measured.ask("record");
  }

  /** It ends that, and leaves what it wrote in a file of JFR. */
  public void recorded(Path file) throws IOException, InterruptedException {
    measured.ask("recorded " + file);
  }

  /** Exactly this many operations in one thread: {@code operations, allocatedBytes, checksum}. */
  public JsonNode times(int count) throws IOException, InterruptedException {
    return load.ask("times " + count);
  }

  /** Of one operation for each seed, taken right after the start. */
  public String checksum() {
    return checksum;
  }

  /** Process id of the measured side. */
  public long pid() {
    return measured.pid();
  }

  /** Has it run on these cores only, from now on, where the machine has {@code taskset}. */
  public void runOn(Cores cores) throws IOException, InterruptedException {
    cores.hold(measured.pid());
    if (load != measured) {
      cores.hold(load.pid());
    }
  }

  /** What the measured side printed on standard error. */
  public String errors() throws IOException {
    return measured.errors();
  }

  @Override
  public void close() throws IOException {
    try {
      if (load != measured) {
        load.close();
      }
      measured.close();
    } finally {
      delete(work);
    }
  }

  /** A folder and all that is in it. */
  static void delete(Path folder) throws IOException {
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(folder)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.deleteIfExists(path);
    }
  }
}
