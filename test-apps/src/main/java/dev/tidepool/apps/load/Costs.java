package dev.tidepool.apps.load;

import dev.tidepool.apps.Catalogue;
import dev.tidepool.apps.load.Figures.Spread;
import dev.tidepool.apps.process.AgentJar;
import dev.tidepool.apps.process.ClassLoading;
import dev.tidepool.apps.process.EmptyAgent;
import dev.tidepool.apps.process.FirstLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** What the agent costs where it gains nothing: start, end, the time until it acts. */
final class Costs {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Duration SLICE = Duration.ofSeconds(1);
  private static final String QUIET = "off";

  /** A figure without and with the agent. */
  record Pair(Spread without, Spread with) {}

  private Costs() {}

  /**
   * Milliseconds from starting the process to its first line of output.
   *
   * @param empty with an agent that does nothing: the virtual machine takes its own time for any
   */
  record Start(Spread without, Spread empty, Spread with) {}

  static Start startUp(Jdk jdk, int rounds) throws IOException, InterruptedException {
    List<Double> without = new ArrayList<>();
    List<Double> empty = new ArrayList<>();
    List<Double> with = new ArrayList<>();
    Path nothing = Files.createTempFile("empty-agent-", ".jar");
    try {
      AgentJar.pack(nothing, EmptyAgent.class);
      Agent idle = new Agent(nothing, Map.of());
      Agent agent = Agent.built(Map.of("http", QUIET));
      for (int round = -1; round < rounds; round++) {
        double one = firstLine(jdk, Optional.empty());
        double two = firstLine(jdk, Optional.of(idle));
        double three = firstLine(jdk, Optional.of(agent));
        if (round >= 0) { // before that the files are cold
          without.add(one);
          empty.add(two);
          with.add(three);
        }
      }
    } finally {
      Files.delete(nothing);
    }
    return new Start(Spread.of(without), Spread.of(empty), Spread.of(with));
  }

  private static double firstLine(Jdk jdk, Optional<Agent> agent)
      throws IOException, InterruptedException {
    Path errors = Files.createTempFile("tidepool-start-", ".err");
    long begin = System.nanoTime();
    try (Child child =
        new Child(command(jdk, agent, List.of("-XX:+UseG1GC"), FirstLine.class), errors)) {
      child.answer();
      return (System.nanoTime() - begin) / 1e6;
    } finally {
      Files.delete(errors);
    }
  }

  /** Milliseconds from asking a program that has run for five seconds to end to its end. */
  static Pair ending(Jdk jdk, int rounds) throws IOException, InterruptedException {
    List<Double> without = new ArrayList<>();
    List<Double> with = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      without.add(ending(jdk, Optional.empty()));
      with.add(ending(jdk, Optional.of(Agent.built(Map.of("http", QUIET)))));
    }
    return new Pair(Spread.of(without), Spread.of(with));
  }

  private static double ending(Jdk jdk, Optional<Agent> agent)
      throws IOException, InterruptedException {
    Path errors = Files.createTempFile("tidepool-end-", ".err");
    try {
      Child child =
          new Child(command(jdk, agent, List.of("-XX:+UseG1GC"), ClassLoading.class), errors);
      child.answer();
      Thread.sleep(5000); // the recorder has come up
      long begin = System.nanoTime();
      child.close();
      return (System.nanoTime() - begin) / 1e6;
    } finally {
      Files.delete(errors);
    }
  }

  private static List<String> command(
      Jdk jdk, Optional<Agent> agent, List<String> heap, Class<?> main) {
    List<String> command = new ArrayList<>(List.of(jdk.java().toString()));
    agent.ifPresent(some -> command.add(some.argument()));
    command.addAll(heap);
    command.addAll(List.of("-cp", Running.classPath(), main.getName()));
    return command;
  }

  /**
   * Seconds from the first load on a program that idled until its site's buffers come from the
   * pool, at default settings; NaN where that did not happen in time.
   *
   * @param place of the site, as {@code TwentyMegabyteJob.operate}
   */
  static Spread hotToPooled(Catalogue app, String place, Jdk jdk, int rounds)
      throws IOException, InterruptedException, ExecutionException {
    List<Double> seconds = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      seconds.add(hotToPooled(app, place, jdk));
    }
    return Spread.of(seconds);
  }

  private static double hotToPooled(Catalogue app, String place, Jdk jdk)
      throws IOException, InterruptedException, ExecutionException {
    SitesPage page = new SitesPage();
    Plan plan = Plan.of(app, jdk, Collector.G1);
    try (Running running =
        new Running(plan, Optional.of(Agent.built(Map.of("http", page.setting()))))) {
      Thread.sleep(5000); // the agent has come up; the program idles
      Activation active = Activation.await(() -> running.warmUp(SLICE), page, place, PATIENCE);
      return active.reached() ? active.seconds() : Double.NaN;
    }
  }
}
