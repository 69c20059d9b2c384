package dev.tidepool.apps.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidepool.apps.load.Figures.Spread;
import dev.tidepool.apps.process.AgentJar;
import dev.tidepool.apps.process.ClassLoading;
import dev.tidepool.apps.process.EmptyAgent;
import dev.tidepool.apps.process.HookTimer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/**
 * What class loading costs more with the agent. Three processes live at once, without an agent,
 * with one that does nothing, and with ours, its proofs in place. In each round each of them loads
 * the same classes, in changing order: what slows the machine down slows all three, so what counts
 * is the ratio within a round.
 *
 * @param classes loaded in a round
 * @param micros of the loading thread's CPU time, a class; quartiles over the rounds
 * @param emptyOverPlain ratio within a round, of an agent that does nothing to none; quartiles
 * @param oursOverPlain the same of ours to none
 * @param oursOverEmpty the same of ours to one that does nothing
 * @param hookMicros that our hook itself takes, a class; quartiles
 * @param active whether a proof was there to be watched in every process of ours
 */
record LoadingCost(
    int classes,
    Map<Side, Spread> micros,
    Spread emptyOverPlain,
    Spread oursOverPlain,
    Spread oursOverEmpty,
    Spread hookMicros,
    boolean active) {

  /** A process by its agent. */
  enum Side {
    PLAIN,
    EMPTY,
    OURS
  }

  private static final int COLD_ROUNDS = 5;
  private static final int HOOK_ROUNDS = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** Measures it; what is in the first rounds, cold files and cold code, does not count. */
  static LoadingCost measure(Jdk jdk, int rounds)
      throws IOException, InterruptedException, ExecutionException {
    Path folder = Files.createTempDirectory("tidepool-load-");
    try {
      return new Measuring(jdk, folder).run(rounds);
    } finally {
      Running.delete(folder);
    }
  }

  /** Ours over none: the figure with a goal. */
  double slower() {
    return oursOverPlain.median();
  }

  /** Share of loading a class without an agent that our hook takes. */
  double hookShare() {
    return hookMicros.median() / micros.get(Side.PLAIN).median();
  }

  /** One measurement: its places and processes. */
  private static final class Measuring {
    private final Jdk jdk;
    private final Path folder;
    private final String empty;
    private final String timer;

    Measuring(Jdk jdk, Path folder) throws IOException {
      this.jdk = jdk;
      this.folder = folder;
      Path emptyJar = folder.resolve("empty.jar");
      Path timerJar = folder.resolve("timer.jar");
      AgentJar.pack(emptyJar, EmptyAgent.class);
      AgentJar.pack(timerJar, HookTimer.class);
      this.empty = "-javaagent:" + emptyJar;
      this.timer = "-javaagent:" + timerJar;
    }

    LoadingCost run(int rounds) throws IOException, InterruptedException, ExecutionException {
      List<Map<Side, JsonNode>> all = new ArrayList<>();
      SitesPage page = new SitesPage();
      String ours = Agent.built(Map.of("http", page.setting())).argument();
      boolean active;
      try (Child plain = child("plain");
          Child idle = child("empty", empty);
          Child watched = child("ours", ours)) {
        Map<Side, Child> sides = new EnumMap<>(Side.class);
        sides.put(Side.PLAIN, plain);
        sides.put(Side.EMPTY, idle);
        sides.put(Side.OURS, watched);
        active = prepare(List.of(plain, idle, watched), page);
        List<Side> order = new ArrayList<>(sides.keySet());
        for (int round = 0; round < COLD_ROUNDS + rounds; round++) {
          Map<Side, JsonNode> one = new EnumMap<>(Side.class);
          for (Side side : order) {
            one.put(side, sides.get(side).ask("load"));
          }
          Collections.rotate(order, 1);
          all.add(one);
        }
      }
      all.subList(0, COLD_ROUNDS).clear();
      Hooks hooks = hooks();
      return new LoadingCost(
          all.get(0).get(Side.PLAIN).get("classes").asInt(),
          Map.of(
              Side.PLAIN, over(all, round -> micros(round, Side.PLAIN)),
              Side.EMPTY, over(all, round -> micros(round, Side.EMPTY)),
              Side.OURS, over(all, round -> micros(round, Side.OURS))),
          over(all, round -> micros(round, Side.EMPTY) / micros(round, Side.PLAIN)),
          over(all, round -> micros(round, Side.OURS) / micros(round, Side.PLAIN)),
          over(all, round -> micros(round, Side.OURS) / micros(round, Side.EMPTY)),
          hooks.micros,
          active && hooks.active);
    }

    private record Hooks(Spread micros, boolean active) {}

    /** The time between two hooks around ours, less that between two around one without work. */
    private Hooks hooks() throws IOException, InterruptedException, ExecutionException {
      SitesPage page = new SitesPage();
      String ours = Agent.built(Map.of("http", page.setting())).argument();
      List<Double> micros = new ArrayList<>();
      boolean active;
      try (Child idle = child("empty-timed", timer + "=before", empty, timer + "=behind");
          Child watched = child("ours-timed", timer + "=before", ours, timer + "=behind")) {
        active = prepare(List.of(idle, watched), page);
        idle.ask("arm");
        watched.ask("arm");
        for (int round = 0; round < COLD_ROUNDS + HOOK_ROUNDS; round++) {
          double nothing = idle.ask("load").get("hookMicros").asDouble();
          double both = watched.ask("load").get("hookMicros").asDouble();
          if (round >= COLD_ROUNDS) {
            micros.add(both - nothing);
          }
        }
      }
      return new Hooks(Spread.quartiles(micros), active);
    }

    /** All of them work until ours has a proof to watch. */
    private static boolean prepare(List<Child> children, SitesPage page)
        throws IOException, InterruptedException, ExecutionException {
      for (Child child : children) {
        child.answer();
      }
      Activation.Load work =
          () -> {
            for (Child child : children) {
              child.send("work 1");
            }
            for (Child child : children) {
              child.answer();
            }
          };
      return Activation.await(work, page, CopyProof.PLACE, PATIENCE).reached();
    }

    private Child child(String name, String... agents) throws IOException {
      List<String> command = new ArrayList<>(List.of(jdk.java().toString()));
      command.addAll(List.of(agents));
      command.addAll(List.of("-Xmx512m", "-XX:+UseG1GC", "-cp", Running.classPath()));
      command.add(ClassLoading.class.getName());
      return new Child(command, folder.resolve(name + ".err"));
    }

    private static double micros(Map<Side, JsonNode> round, Side side) {
      JsonNode answer = round.get(side);
      return answer.get("cpuMillis").asDouble() * 1e3 / answer.get("classes").asDouble();
    }

    private static Spread over(
        List<Map<Side, JsonNode>> rounds, Function<Map<Side, JsonNode>, Double> figure) {
      return Spread.quartiles(rounds.stream().map(figure).toList());
    }
  }
}
