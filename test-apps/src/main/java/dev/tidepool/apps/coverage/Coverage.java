package dev.tidepool.apps.coverage;

import dev.tidepool.apps.Catalogue;
import dev.tidepool.apps.Catalogue.Role;
import dev.tidepool.apps.load.Collector;
import dev.tidepool.apps.load.Jdk;
import dev.tidepool.apps.load.Plan;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Measures every application, keeps the figures in a file and writes docs/coverage.md from it.
 *
 * <p>System properties: {@code coverage.only} names applications, or {@code page} to measure none;
 * {@code coverage.rounds} says how many pairs of processes, {@code coverage.jdks} names feature
 * releases: on the first all applications are measured, on the others a few. {@code
 * coverage.tuning=off} measures what the remedies do by themselves, kept in a file of its own.
 */
public final class Coverage {
  private static final String PAGE_ONLY = "page";
  private static final String ALONE = "coverage-alone.tsv";

  /** Windows of each process. */
  static final int WINDOWS = 8;

  /** On a core each C2 is busy for 20 s and more with most of these, with the agent or without. */
  static final Duration WARM_UP = Duration.ofSeconds(30);

  static final Duration WINDOW = Duration.ofSeconds(2);
  private static final Duration COUNT = Duration.ofSeconds(3);
  private static final List<Catalogue> SPOTS =
      List.of(Catalogue.TOMCAT, Catalogue.ARCHIVES, Catalogue.CSV);
  static final List<Catalogue> LOOPS = List.of(Catalogue.GROW, Catalogue.GZIP, Catalogue.DIRECT);

  private final PrintStream out = System.out;
  private final int rounds = Integer.getInteger("coverage.rounds", 1);
  private final List<Catalogue> only;
  private final CoverageLog log;
  private final Map<String, String> options;
  private boolean same = true;

  private Coverage(CoverageLog log, Map<String, String> options, List<Catalogue> only) {
    this.log = log;
    this.options = options;
    this.only = only;
  }

  /**
   * Measures and writes.
   *
   * @param args file for the figures, file for the page
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path figures = Path.of(args[0]).toAbsolutePath().normalize();
    CoverageLog log = new CoverageLog(figures);
    CoverageLog alone = new CoverageLog(figures.resolveSibling(ALONE));
    boolean tuning = !System.getProperty("coverage.tuning", "").equals("off");
    Path page = Path.of(args[1]).toAbsolutePath().normalize();
    String names = System.getProperty("coverage.only", "").strip();
    List<Jdk> jdks = jdks(System.getProperty("coverage.jdks", ""));
    List<Catalogue> only = names.equals(PAGE_ONLY) ? List.of() : only(names);
    Coverage coverage =
        tuning
            ? new Coverage(log, Map.of(), only)
            : new Coverage(alone, Map.of("tuning", "off"), only);
    if (!names.equals(PAGE_ONLY)) {
      coverage.measure(jdks);
    }
    Files.createDirectories(page.getParent());
    Files.writeString(page, CoveragePage.of(log.all(), alone.all()));
    coverage.out.println("written: " + page);
    if (!coverage.same) {
      throw new IllegalStateException("the agent changed the output of an application");
    }
  }

  private static List<Catalogue> only(String names) {
    return Stream.of(names.split(",", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .map(Catalogue::of)
        .toList();
  }

  private static List<Jdk> jdks(String features) {
    List<Jdk> all = Jdk.all();
    if (features.isBlank()) {
      return all;
    }
    return Stream.of(features.split(",", -1))
        .map(feature -> Integer.parseInt(feature.strip()))
        .map(feature -> all.stream().filter(jdk -> jdk.feature() == feature).findFirst())
        .map(
            jdk ->
                jdk.orElseThrow(
                    () -> new IllegalArgumentException("coverage.jdks: only " + all + " are here")))
        .toList();
  }

  private void measure(List<Jdk> jdks) throws IOException, InterruptedException {
    Jdk main = jdks.get(0);
    for (Catalogue app : applications()) {
      measure(app, main, rounds);
    }
    for (Catalogue loop : LOOPS) {
      if (chosen(loop)) {
        measureLoop(loop, main);
      }
    }
    for (Jdk other : jdks.subList(1, jdks.size())) {
      for (Catalogue app : SPOTS) {
        if (chosen(app)) {
          measure(app, other, 1);
        }
      }
    }
  }

  private static List<Catalogue> all() {
    return Arrays.stream(Catalogue.values()).filter(app -> app.role() != Role.SYNTHETIC).toList();
  }

  private List<Catalogue> applications() {
    return all().stream().filter(this::chosen).toList();
  }

  private boolean chosen(Catalogue app) {
    return only.isEmpty() || only.contains(app);
  }

  private void measure(Catalogue app, Jdk jdk, int pairs) throws IOException, InterruptedException {
    double load = load();
    Plan plan = plan(app, jdk);
    LargeArrays arrays = LargeArrays.count(plan.lasting(COUNT, COUNT));
    Row row = new Row(app, arrays, SideBySide.run(plan, options, pairs, WINDOWS));
    log.put(row.entry(jdk, load));
    out.println(row.allocation());
    out.println(row.cost());
    same &= row.measured().comparison().sameOutput();
  }

  private void measureLoop(Catalogue loop, Jdk jdk) throws IOException, InterruptedException {
    double load = load();
    SideBySide measured = SideBySide.run(plan(loop, jdk), options, 1, WINDOWS);
    String goal = Goals.overLoop(measured);
    String day = LocalDate.now(ZoneOffset.UTC).toString();
    log.put(
        new CoverageLog.Entry(jdk.version(), loop.id(), day, load, Map.of(), goal, "", List.of()));
    out.println(goal);
    same &= measured.comparison().sameOutput();
  }

  private static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  private static Plan plan(Catalogue app, Jdk jdk) {
    return Plan.of(app, jdk, Collector.G1).lasting(WARM_UP, WINDOW).halved();
  }
}
