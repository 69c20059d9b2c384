package sample;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sample.Trial.Outcome;

/**
 * Runs the service in real memory groups, without and with the agent, keeps every trial's figures
 * in a file and writes the page from all of them.
 *
 * <p>{@code TuningProof AGENT.jar DATA.tsv PAGE.md RUNS SECONDS SECTIONS}; the sections are names
 * parted by commas, none for all of them, {@code page} to write the page from what is there; {@code
 * idle/25} and {@code idle/25/Z} take one Java version and one collector of a section.
 */
public final class TuningProof {
  private static final List<String> STEADY = List.of("live=300", "rate=150", "work=10", "ramp=2");
  private static final List<String> SURVIVAL = List.of("churn=0.1", "work=1");
  private static final int IDLE_AT_ONCE = 4;
  private static final int NATIVE_SECONDS = 60;
  private static final int LEARNING_SECONDS = 15;
  private static final int RESIZE_SECONDS = 70;
  private static final int IDLE_SECONDS = 72;

  /** ZGC sleeps through the first five minutes of a process, whatever the delay is set to then. */
  private static final int Z_AWAKE_SECONDS = 310;

  private static final int STEADY_SECONDS = 60;

  /** A heap that takes its memory at the start: what the agent adds is then not hidden in it. */
  private static final List<String> TOUCHED =
      List.of("-Xms128m", "-Xmx128m", "-XX:+AlwaysPreTouch");

  private static final int OWN_SECONDS = 180;

  private final File agent;
  private final TrialLog log;
  private final int runs;
  private final int seconds;
  private final List<String> only;

  private TuningProof(File agent, TrialLog log, int runs, int seconds, List<String> only) {
    this.agent = agent;
    this.log = log;
    this.runs = runs;
    this.seconds = seconds;
    this.only = only;
  }

  public static void main(String[] args) throws Exception {
    TrialLog log = new TrialLog(Path.of(args[1]));
    TuningProof proof =
        new TuningProof(
            new File(args[0]).getCanonicalFile(),
            log,
            Integer.parseInt(args[3]),
            Integer.parseInt(args[4]),
            args.length < 6 || args[5].isEmpty() ? List.of() : List.of(args[5].split(",", -1)));
    if (!proof.agent.isFile()) {
      throw new IOException(proof.agent + " is missing: build it with mvn -q -DskipTests package");
    }
    proof.all();
    Path page = Path.of(args[2]).toAbsolutePath();
    Files.createDirectories(page.getParent());
    Files.writeString(page, new TuningPage(log).text());
  }

  private interface Section {
    void run() throws IOException, InterruptedException;
  }

  private void all() throws InterruptedException {
    section("survival", this::survival);
    section("native", this::nativeGrowth);
    section("resize", this::resize);
    section("idle", this::idle);
    section("steady", this::steady);
    section("squeeze", this::squeeze);
    section("sweep", this::sweep);
    section("shared", this::shared);
    section("own", this::own);
  }

  private void section(String name, Section section) throws InterruptedException {
    if (!only.isEmpty() && only.stream().noneMatch(each -> (each + "/").startsWith(name + "/"))) {
      return;
    }
    long begun = System.nanoTime();
    try {
      section.run();
    } catch (IOException e) {
      System.err.println(name + " is not run: " + e.getMessage());
    }
    System.err.printf("%s took %.0f s%n", name, (System.nanoTime() - begun) / 1e9);
  }

  private void survival() throws IOException, InterruptedException {
    for (File home : Homes.all()) {
      for (String gc : List.of("Z", "Shenandoah", "G1", "Serial", "Parallel")) {
        Trial trial = new Trial(home, gc, List.of("-Xmx2g"), 600, 0, null, SURVIVAL, seconds);
        take("survival", "without", 1, trial);
        take("survival", "with", gc.equals("Parallel") ? 1 : runs, trial.with(agent));
        fixed(home, gc);
      }
    }
  }

  /**
   * The maximum heap that {@code flags} writes of the service under little load, tried under all of
   * it and without the agent: the best that a restart can reach.
   */
  private void fixed(File home, String gc) throws IOException, InterruptedException {
    List<String> little = List.of("churn=0.1", "work=1", "rate=20", "ramp=1");
    Trial learning =
        new Trial(home, gc, List.of("-Xmx2g"), 600, 0, agent, little, LEARNING_SECONDS + 5);
    if (!isWanted("survival", learning)) {
      return;
    }
    String flags = learning.flags(LEARNING_SECONDS);
    Matcher maximum = Pattern.compile("(?m)^-Xmx(\\d+)m$").matcher(flags);
    if (!maximum.find()) {
      throw new IOException("flags wrote no maximum heap: " + flags);
    }
    List<String> size = List.of("-Xmx" + maximum.group(1) + "m");
    Trial fixed = new Trial(home, gc, size, 600, 0, null, SURVIVAL, seconds);
    forget("survival", "with, flags", fixed);
    forget("survival", "fixed", fixed);
    once("survival", "fixed", fixed, Map.of("flagsXmx", Double.valueOf(maximum.group(1))));
  }

  private void nativeGrowth() throws IOException, InterruptedException {
    List<String> service = List.of("churn=0.1", "work=1", "native=100");
    for (String gc : List.of("Z", "Shenandoah", "G1", "Serial")) {
      Trial trial =
          new Trial(Homes.newest(), gc, List.of("-Xmx2g"), 600, 0, null, service, NATIVE_SECONDS);
      take("native", "without", 1, trial);
      take("native", "with", 1, trial.with(agent));
    }
  }

  private void resize() throws IOException, InterruptedException {
    for (String gc : List.of("Z", "Shenandoah", "G1")) {
      // ZGC gives back what it has committed after this time only, which is five minutes otherwise.
      List<String> vm =
          gc.equals("Z") ? List.of("-Xmx2g", "-XX:ZUncommitDelay=15") : List.of("-Xmx2g");
      Trial trial = new Trial(Homes.newest(), gc, vm, 800, 600, null, SURVIVAL, RESIZE_SECONDS);
      take("resize", "without", 1, trial);
      take("resize", "with", 1, trial.with(agent));
    }
  }

  private void idle() throws IOException, InterruptedException {
    List<Callable<Void>> all = new ArrayList<>();
    for (File home : Homes.all()) {
      for (String gc : List.of("G1", "Shenandoah", "Z", "Serial")) {
        int from = gc.equals("Z") ? Z_AWAKE_SECONDS : 0;
        List<String> service = new ArrayList<>(List.of("live=36", "ramp=1", "rate=60"));
        service.addAll(List.of("spike=900", "spikeFrom=" + from, "spikeSeconds=10"));
        service.add("idleAfter=" + (from + 12));
        int length = from + IDLE_SECONDS;
        Trial trial = new Trial(home, gc, List.of("-Xmx1600m"), 2_000, 0, null, service, length);
        all.add(() -> take("idle", "without", 1, trial));
        all.add(() -> take("idle", "with", 1, trial.with(agent)));
      }
    }
    // Four at once: only what they hold is compared, not their speed.
    together(all, IDLE_AT_ONCE);
  }

  private void steady() throws IOException, InterruptedException {
    for (String gc : List.of("G1", "Z", "Shenandoah")) {
      Trial trial = new Trial(Homes.newest(), gc, List.of(), 0, 0, null, STEADY, STEADY_SECONDS);
      alternate("steady", trial);
    }
  }

  /** The load does not fit a soft maximum that somebody sets ten seconds in. */
  private void squeeze() throws IOException, InterruptedException {
    List<String> service = List.of("live=150", "rate=60", "work=20", "ramp=1", "squeeze=180");
    for (String gc : List.of("Z", "Shenandoah")) {
      alternate(
          "squeeze", new Trial(Homes.newest(), gc, List.of("-Xmx2g"), 0, 0, null, service, 60));
    }
  }

  private void sweep() throws IOException, InterruptedException {
    List<String> service = List.of("live=150", "rate=150", "work=20", "ramp=1");
    for (int size : new int[] {240, 320, 450, 700, 1_200, 2_048}) {
      Trial fixed =
          new Trial(
              Homes.newest(), "Z", List.of("-Xmx" + size + "m"), 0, 0, null, service, seconds);
      take("sweep", Integer.toString(size), 1, fixed);
    }
    Trial ours =
        new Trial(Homes.newest(), "Z", List.of("-Xmx2048m"), 0, 0, agent, service, 4 * seconds);
    take("sweep", "with", 1, ours);
  }

  /** Three services side by side: each sized by the agent, then with equal parts of as much. */
  private void shared() throws IOException, InterruptedException {
    double held = threeServices("with", List.of("-Xmx2g"), agent, 3 * seconds);
    for (double factor : new double[] {0.9, 1.1, 1.4, 1.8}) {
      long each = Math.round(held / 3 * factor);
      threeServices(
          String.format(Locale.ROOT, "split %.1f", factor),
          List.of("-Xmx" + each + "m"),
          null,
          2 * seconds);
    }
  }

  /** Runs them and tells how many megabytes they held committed together in the last third. */
  private double threeServices(String variant, List<String> vm, File withAgent, int time)
      throws IOException, InterruptedException {
    List<List<String>> loads =
        List.of(
            List.of("live=40", "rate=20", "work=4", "ramp=1"),
            List.of("live=100", "rate=60", "work=4", "ramp=1"),
            List.of("live=170", "rate=160", "work=2", "ramp=1"));
    List<Callable<Void>> all = new ArrayList<>();
    for (int i = 0; i < loads.size(); i++) {
      Trial trial = new Trial(Homes.newest(), "Z", vm, 0, 0, withAgent, loads.get(i), time);
      String name = variant + ", service " + (i + 1);
      all.add(() -> take("shared", name, 1, trial));
    }
    together(all, all.size());
    return log.of("shared").stream()
        .filter(line -> line.variant().startsWith(variant + ","))
        .mapToDouble(line -> line.figure("lateCommitted"))
        .sum();
  }

  private void own() throws IOException, InterruptedException {
    List<String> service = List.of("live=20", "rate=1", "ramp=1");
    for (File home : Homes.all()) {
      alternate("own", new Trial(home, "G1", TOUCHED, 0, 0, null, service, OWN_SECONDS));
    }
  }

  private void alternate(String section, Trial trial) throws IOException, InterruptedException {
    forget(section, "without", trial);
    forget(section, "with", trial);
    for (int i = 0; i < runs; i++) {
      once(section, "without", trial);
      once(section, "with", trial.with(agent));
    }
  }

  private Void take(String section, String variant, int times, Trial trial)
      throws IOException, InterruptedException {
    forget(section, variant, trial);
    for (int i = 0; i < times; i++) {
      once(section, variant, trial);
    }
    return null;
  }

  /** Whether this trial is one of those asked for. */
  private boolean isWanted(String section, Trial trial) {
    String name = section + "/" + Homes.version(trial.javaHome()) + "/" + trial.collector() + "/";
    return only.isEmpty() || only.stream().anyMatch(each -> name.startsWith(each + "/"));
  }

  private void forget(String section, String variant, Trial trial) {
    if (!isWanted(section, trial)) {
      return;
    }
    log.forget(section, Homes.version(trial.javaHome()), trial.collector(), variant);
  }

  private void once(String section, String variant, Trial trial)
      throws IOException, InterruptedException {
    once(section, variant, trial, Map.of());
  }

  private void once(String section, String variant, Trial trial, Map<String, Double> beside)
      throws IOException, InterruptedException {
    if (!isWanted(section, trial)) {
      return;
    }
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    Outcome outcome = trial.run();
    Map<String, Double> figures = new TreeMap<>(outcome.figures());
    figures.values().removeIf(value -> value.isNaN());
    figures.putAll(beside);
    figures.put("exit", (double) outcome.exit());
    figures.put("lived", outcome.lived());
    figures.put("groupPeak", (double) outcome.peakMegabytes());
    figures.put("seconds", (double) trial.seconds());
    TrialLog.Line line =
        new TrialLog.Line(
            section,
            Homes.version(trial.javaHome()),
            trial.collector(),
            variant,
            LocalDate.now(ZoneOffset.UTC).toString(),
            load,
            figures);
    log.add(line);
    System.err.println(line);
  }

  private static void together(List<Callable<Void>> all, int atOnce)
      throws IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(atOnce);
    try {
      for (Future<Void> done : threads.invokeAll(all)) {
        done.get();
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }
}
