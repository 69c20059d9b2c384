package sample;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import sample.Trial.Outcome;

/**
 * Runs the service in real memory groups, without and with the agent in turn, and writes the
 * figures down. {@code TuningProof AGENT.jar OUT.md [runs] [seconds] [only a section]}
 */
public final class TuningProof {
  private final File agent;
  private final int runs;
  private final int seconds;
  private final String only;
  private final StringBuilder text = new StringBuilder();

  private TuningProof(File agent, int runs, int seconds, String only) {
    this.agent = agent;
    this.runs = runs;
    this.seconds = seconds;
    this.only = only;
  }

  public static void main(String[] args) throws Exception {
    TuningProof proof =
        new TuningProof(
            new File(args[0]).getCanonicalFile(),
            args.length > 2 ? Integer.parseInt(args[2]) : 1,
            args.length > 3 ? Integer.parseInt(args[3]) : 30,
            args.length > 4 ? args[4] : "");
    if (!proof.agent.isFile()) {
      throw new IOException(proof.agent + " is missing: build it with mvn -q -DskipTests package");
    }
    proof.all();
    Files.createDirectories(Path.of(args[1]).toAbsolutePath().getParent());
    Files.writeString(Path.of(args[1]), proof.text.toString());
    System.out.print(proof.text);
  }

  private void all() throws Exception {
    line("# What the tuning engine does to real JVMs");
    line("");
    line(
        "Written by `mvn -q -Ptuning verify` on %s: %d processors, %s %s; %d run(s) of %d s each, the"
            + " median where there are several, without and with the agent in turn.",
        LocalDate.now(ZoneOffset.UTC),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        runs,
        seconds);
    line(
        "The service holds 150 MB in small objects, replaces a tenth of them a second and allocates"
            + " 400 MB/s after a ramp of 5 s; requests arrive whether or not the last one is done.");
    line("");
    section("survival", this::survival);
    section("native", this::nativeGrowth);
    section("resize", this::resize);
    section("idle", this::idle);
    section("steady", this::steady);
    section("cost", this::softMaxTooSmall);
    section("sweep", this::sweep);
    section("own", this::own);
  }

  private interface Section {
    void run() throws IOException, InterruptedException;
  }

  private void section(String name, Section section) throws InterruptedException {
    if (!only.isEmpty() && !Arrays.asList(only.split(",", -1)).contains(name)) {
      return;
    }
    try {
      section.run();
    } catch (IOException e) {
      line("Not run: %s.", e.getMessage());
    }
    line("");
  }

  private void survival() throws IOException, InterruptedException {
    line("## Survival: -Xmx2g in a container of 600 MB");
    line("");
    line("| JDK | collector | without | with | served | p99 ms | worst ms | GC CPU | peak MB |");
    line("|---|---|---|---|---|---|---|---|---|");
    for (File home : homes()) {
      for (String gc : List.of("Z", "Shenandoah", "G1", "Serial", "Parallel")) {
        pair(home, gc, 600, 0, List.of("churn=0.1"));
      }
    }
    line("");
    line(
        "Parallel has no lever that acts while it runs; what makes it safe is set at the start:"
            + " `-Xmx400m` here, or what `flags PID` writes.");
  }

  private void nativeGrowth() throws IOException, InterruptedException {
    line("## Survival while direct buffers grow by 100 MB a minute");
    line("");
    line("| JDK | collector | without | with | served | p99 ms | worst ms | GC CPU | peak MB |");
    line("|---|---|---|---|---|---|---|---|---|");
    for (String gc : List.of("Z", "Shenandoah", "G1", "Serial")) {
      pair(newest(), gc, 600, 0, List.of("churn=0.1", "native=100"));
    }
  }

  private void resize() throws IOException, InterruptedException {
    line("## The limit lowered from 800 to 600 MB half way");
    line("");
    line("| JDK | collector | without | with | served | p99 ms | worst ms | GC CPU | peak MB |");
    line("|---|---|---|---|---|---|---|---|---|");
    for (String gc : List.of("Z", "Shenandoah", "G1")) {
      pair(newest(), gc, 800, 600, List.of("churn=0.1"));
    }
  }

  /** One row: the same service without and with the agent. */
  private void pair(File home, String gc, long limit, long lowerTo, List<String> service)
      throws IOException, InterruptedException {
    List<Outcome> without = new ArrayList<>();
    List<Outcome> with = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      without.add(trial(home, gc, List.of("-Xmx2g"), limit, lowerTo, false, service).run());
      with.add(trial(home, gc, List.of("-Xmx2g"), limit, lowerTo, true, service).run());
    }
    List<Outcome> good = with.stream().filter(Outcome::finished).toList();
    line(
        "| %s | %s | %s | %s | %s | %s | %s | %s | %.0f |",
        version(home),
        gc,
        fate(without),
        fate(with),
        percent(good, o -> o.figure("served")),
        number(good, o -> o.figure("p99")),
        number(good, o -> o.figure("max")),
        percent(good, o -> o.figure("gcCpu")),
        median(with, Outcome::peakMegabytes));
  }

  private Trial trial(
      File home,
      String gc,
      List<String> vm,
      long limit,
      long lowerTo,
      boolean withAgent,
      List<String> service) {
    return new Trial(home, gc, vm, limit, lowerTo, withAgent ? agent : null, service, seconds);
  }

  private void idle() throws IOException, InterruptedException {
    line("## A spike, then nothing to do: container of 2000 MB, 60 s after the load has gone");
    line("");
    line(
        "| JDK | collector | agent | peak committed MB | at the end | given back | full collections |");
    line("|---|---|---|---|---|---|---|");
    List<String> service =
        List.of("spike=900", "spikeSeconds=10", "idleAfter=12", "live=36", "ramp=1", "rate=300");
    for (File home : homes()) {
      for (String gc : List.of("G1", "Shenandoah", "Z")) {
        for (boolean withAgent : new boolean[] {false, true}) {
          Trial base = trial(home, gc, List.of("-Xmx1600m"), 2_000, 0, withAgent, service);
          Outcome o =
              new Trial(home, gc, base.vmArguments(), 2_000, 0, base.agent(), service, 72).run();
          line(
              "| %s | %s | %s | %.0f | %.0f | %.0f %% | %.0f |",
              version(home),
              gc,
              withAgent ? "with" : "without",
              o.figure("peak"),
              o.figure("committedEnd"),
              100 * (1 - o.figure("committedEnd") / o.figure("peak")),
              o.figure("fullGc"));
        }
      }
    }
    line("");
    line(
        "ZGC keeps unused memory for `ZUncommitDelay` (300 s), which cannot be changed while it runs;"
            + " `flags PID` sets it for the next start.");
  }

  private void steady() throws IOException, InterruptedException {
    line("## Steady service load, no container: -Xmx2g, 100 MB live, 60 MB/s, work beside it");
    line("");
    line("| JDK | collector | agent | committed MB | RSS MB | served | p99 ms | GC share of CPU |");
    line("|---|---|---|---|---|---|---|---|");
    List<String> service = List.of("live=100", "rate=60", "work=20", "ramp=1");
    for (String gc : List.of("G1", "Z", "Shenandoah")) {
      for (boolean withAgent : new boolean[] {false, true}) {
        List<Outcome> all = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
          Trial base = trial(newest(), gc, List.of("-Xmx2g"), 0, 0, withAgent, service);
          all.add(
              new Trial(newest(), gc, base.vmArguments(), 0, 0, base.agent(), service, 2 * seconds)
                  .run());
        }
        line(
            "| %s | %s | %s | %s | %s | %s | %s | %s |",
            version(newest()),
            gc,
            withAgent ? "with" : "without",
            number(all, o -> o.figure("committed")),
            number(all, o -> o.figure("rss")),
            percent(all, o -> o.figure("served")),
            number(all, o -> o.figure("p99")),
            percent(all, o -> o.figure("gcShare")));
      }
    }
  }

  private void softMaxTooSmall() throws IOException, InterruptedException {
    line(
        "## A soft maximum set too small while the service runs: 10 s in, to 120 %% of the live set");
    line("");
    line("| JDK | collector | agent | GC share of CPU in the last third | p99 ms | served |");
    line("|---|---|---|---|---|---|");
    List<String> service = List.of("live=150", "rate=60", "work=20", "ramp=1", "squeeze=180");
    for (String gc : List.of("Z", "Shenandoah")) {
      for (boolean withAgent : new boolean[] {false, true}) {
        Trial base = trial(newest(), gc, List.of("-Xmx2g"), 0, 0, withAgent, service);
        Outcome o =
            new Trial(newest(), gc, base.vmArguments(), 0, 0, base.agent(), service, 60).run();
        line(
            "| %s | %s | %s | %.1f %% | %.1f | %.1f %% |",
            version(newest()),
            gc,
            withAgent ? "with" : "without",
            100 * o.figure("lateGcShare"),
            o.figure("p99"),
            100 * o.figure("served"));
      }
    }
  }

  private void sweep() throws IOException, InterruptedException {
    line("## Against fixed sizes: ZGC, 150 MB live, 150 MB/s");
    line("");
    line("| maximum heap | mean committed MB | GC share of CPU | p99 ms |");
    line("|---|---|---|---|");
    List<String> service = List.of("live=150", "rate=150", "work=20", "ramp=1");
    for (int size : new int[] {240, 320, 450, 700, 1_200, 2_048}) {
      Outcome o = trial(newest(), "Z", List.of("-Xmx" + size + "m"), 0, 0, false, service).run();
      sweepRow(size + " MB", o);
    }
    Trial ours = trial(newest(), "Z", List.of("-Xmx2048m"), 0, 0, true, service);
    sweepRow(
        "2048 MB with the agent",
        new Trial(newest(), "Z", ours.vmArguments(), 0, 0, agent, service, 3 * seconds).run());
  }

  private void sweepRow(String name, Outcome o) {
    line(
        "| %s | %.0f | %.1f %% | %.1f |",
        name, o.figure("committed"), 100 * o.figure("gcShare"), o.figure("p99"));
  }

  private void own() throws IOException, InterruptedException {
    line("## What the agent costs beside an almost idle service");
    line("");
    line("| JDK | agent | CPU seconds in %d s | RSS at the end MB |", 2 * seconds);
    line("|---|---|---|---|");
    List<String> service = List.of("live=20", "rate=1", "ramp=1");
    for (File home : homes()) {
      for (boolean withAgent : new boolean[] {false, true}) {
        Trial base = trial(home, "G1", List.of("-Xmx256m"), 0, 0, withAgent, service);
        Outcome o =
            new Trial(home, "G1", base.vmArguments(), 0, 0, base.agent(), service, 2 * seconds)
                .run();
        line(
            "| %s | %s | %.2f | %.0f |",
            version(home),
            withAgent ? "with" : "without",
            o.figure("processCpu"),
            o.figure("rssEnd"));
      }
    }
  }

  private static List<File> homes() {
    return dev.tidepool.tuning.JavaHomes.all();
  }

  private static File newest() {
    List<File> homes = new ArrayList<>(homes());
    homes.sort((a, b) -> Integer.compare(major(b), major(a)));
    return homes.get(0);
  }

  private static String version(File home) {
    return Integer.toString(major(home));
  }

  private static int major(File home) {
    try {
      for (String line : Files.readAllLines(new File(home, "release").toPath())) {
        if (line.startsWith("JAVA_VERSION=")) {
          return Integer.parseInt(
              line.replace("JAVA_VERSION=", "").replace("\"", "").split("[.+-]", 2)[0]);
        }
      }
    } catch (IOException e) {
      return 0;
    }
    return 0;
  }

  private static String fate(List<Outcome> outcomes) {
    long finished = outcomes.stream().filter(Outcome::finished).count();
    if (finished == outcomes.size()) {
      return outcomes.size() == 1 ? "finished" : "finished " + finished + "/" + finished;
    }
    double lived = median(outcomes.stream().filter(o -> !o.finished()).toList(), Outcome::lived);
    return String.format(
        Locale.ROOT,
        "%s after %.0f s%s",
        outcomes.stream().anyMatch(o -> o.exit() == 137) ? "killed" : "failed",
        lived,
        outcomes.size() == 1 ? "" : " (" + finished + "/" + outcomes.size() + " finished)");
  }

  private static double median(List<Outcome> outcomes, ToDoubleFunction<Outcome> part) {
    double[] sorted = outcomes.stream().mapToDouble(part).sorted().toArray();
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
  }

  private static String number(List<Outcome> outcomes, ToDoubleFunction<Outcome> part) {
    double value = median(outcomes, part);
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.1f", value);
  }

  private static String percent(List<Outcome> outcomes, ToDoubleFunction<Outcome> part) {
    double value = median(outcomes, part);
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.1f %%", 100 * value);
  }

  private void line(String format, Object... arguments) {
    String line = arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments);
    text.append(line.replace("%%", "%")).append('\n');
    System.err.println(line);
  }
}
