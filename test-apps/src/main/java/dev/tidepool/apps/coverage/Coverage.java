package dev.tidepool.apps.coverage;

import dev.tidepool.apps.Catalogue;
import dev.tidepool.apps.Catalogue.Role;
import dev.tidepool.apps.load.Collector;
import dev.tidepool.apps.load.Jdk;
import dev.tidepool.apps.load.Machine;
import dev.tidepool.apps.load.Plan;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Measures every application and writes docs/coverage.md.
 *
 * <p>System properties: {@code coverage.only} names applications, {@code coverage.rounds} says how
 * many pairs of processes, {@code coverage.jdks} names feature releases: the first is measured in
 * full, of the others a few applications.
 */
public final class Coverage {
  private static final int WINDOWS = 4;

  /** On two cores C2 is busy for 10 to 20 s with most of these, with the agent or without. */
  private static final Duration WARM_UP = Duration.ofSeconds(16);

  private static final Duration WINDOW = Duration.ofSeconds(2);
  private static final Duration COUNT = Duration.ofSeconds(3);
  private static final List<Catalogue> SPOTS =
      List.of(Catalogue.TOMCAT, Catalogue.ARCHIVES, Catalogue.CSV);
  private static final List<Catalogue> LOOPS =
      List.of(Catalogue.GROW, Catalogue.GZIP, Catalogue.DIRECT);

  private final StringBuilder page = new StringBuilder();
  private final PrintStream out = System.out;
  private final int rounds = Integer.getInteger("coverage.rounds", 2);
  private final List<Catalogue> only = only(System.getProperty("coverage.only", ""));

  private Coverage() {}

  /**
   * Measures and writes.
   *
   * @param args file for the page
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path file = Path.of(args[0]).toAbsolutePath().normalize();
    Coverage coverage = new Coverage();
    boolean same = coverage.write(jdks(System.getProperty("coverage.jdks", "")));
    Files.createDirectories(file.getParent());
    Files.writeString(file, coverage.page);
    coverage.out.println("written: " + file);
    if (!same) {
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

  private boolean write(List<Jdk> jdks) throws IOException, InterruptedException {
    Jdk main = jdks.get(0);
    List<Row> rows = measure(applications(), main, rounds);
    List<Row> spots = new ArrayList<>();
    List<SideBySide> loops = new ArrayList<>();
    for (Catalogue loop : LOOPS) {
      if (only.isEmpty() || only.contains(loop)) {
        out.println(loop.id() + ": " + loop.about());
        loops.add(SideBySide.run(plan(loop, main), 1, WINDOWS));
      }
    }
    head(main);
    goals(rows, loops);
    tables(rows);
    left(rows);
    for (Jdk other : jdks.subList(1, jdks.size())) {
      List<Catalogue> few = SPOTS.stream().filter(this::chosen).toList();
      List<Row> again = measure(few, other, 1);
      line("");
      line("## A few on JDK %s", other.version());
      tables(again);
      spots.addAll(again);
    }
    return Stream.concat(
            Stream.concat(rows.stream(), spots.stream()).map(Row::measured), loops.stream())
        .allMatch(measured -> measured.comparison().sameOutput());
  }

  private List<Catalogue> applications() {
    return Arrays.stream(Catalogue.values())
        .filter(app -> app.role() != Role.SYNTHETIC && chosen(app))
        .toList();
  }

  private boolean chosen(Catalogue app) {
    return only.isEmpty() || only.contains(app);
  }

  private List<Row> measure(List<Catalogue> apps, Jdk jdk, int pairs)
      throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    for (Catalogue app : apps) {
      Plan plan = plan(app, jdk);
      LargeArrays arrays = LargeArrays.count(plan.lasting(WARM_UP.dividedBy(4), COUNT));
      Row row = new Row(app, arrays, SideBySide.run(plan, pairs, WINDOWS));
      out.println(row.allocation());
      out.println(row.cost());
      rows.add(row);
    }
    return rows;
  }

  private static Plan plan(Catalogue app, Jdk jdk) {
    return Plan.of(app, jdk, Collector.G1).lasting(WARM_UP, WINDOW);
  }

  private void head(Jdk jdk) throws IOException {
    line("# How much of what programs allocate is taken away");
    line("");
    line("Written by `mvn -q -Pcoverage verify` (about 35 minutes; `-Dcoverage.only=csv,web`,");
    line(
        "`-Dcoverage.rounds=1`, `-Dcoverage.jdks=25,17`); do not edit. Machine: %s.",
        Machine.describe());
    line("JDK %s, G1, 512 MB of heap, default settings of the agent.", jdk.version());
    line("");
    line(
        "**Arrays >= 1 KB** are counted, not sampled: a run of its own, without agent and not timed,");
    line(
        "has thread-local allocation buffers of 640 bytes, of which HotSpot leaves 64 for objects, so");
    line(
        "that JFR sees each array of a kilobyte or more as an event with its size. A recording that");
    line(
        "lost an event is refused. **Removed** is what the JVM's exact per-thread counters say: bytes");
    line(
        "an operation without the agent less bytes an operation with it, over the counted bytes in");
    line(
        "arrays. What the agent's own threads allocate goes by time and stands apart. **By remedy** is what the agent");
    line(
        "reports of itself (`bytesSaved` of its sites in the measured windows), in the same unit.");
    line(
        "Both sides are warmed for %d s and on until the agent has left its sites as they are for 12 s (at most 60 s), then measured in turn in %d windows of %d s; then again in",
        WARM_UP.toSeconds(), WINDOWS, WINDOW.toSeconds());
    line(
        "new processes, %d times in all. Shown are medians of the windows (lowest .. highest);",
        rounds);
    line("throughput is the ratio of neighbouring windows, GC CPU is over all windows together,");
    line("RSS is the peak of each process. Applications: see [measuring.md](measuring.md).");
  }

  private void goals(List<Row> rows, List<SideBySide> loops) {
    line("");
    line("## Goals");
    line("");
    line("| figure | goal | reached | met |");
    line("|---|---|---|---|");
    if (!rows.isEmpty()) {
      Goals.overApplications(rows).forEach(this::line);
    }
    loops.stream().map(Goals::overLoop).forEach(this::line);
  }

  private void tables(List<Row> rows) {
    line("");
    line(
        "| application | KB/op without | KB/op with | agent itself MB/s | in arrays >= 1 KB | of those removed | by remedy |");
    line("|---|---|---|---:|---:|---:|---|");
    rows.stream().map(Row::allocation).forEach(this::line);
    line("");
    line(
        "| application | throughput ratio | p99 ms without | with | GC CPU ms/1000 ops | peak RSS ratio | output |");
    line("|---|---|---|---|---|---|---|");
    rows.stream().map(Row::cost).forEach(this::line);
  }

  private void left(List<Row> rows) {
    line("");
    line("## What is left: the hottest sites that are not active");
    line("");
    for (Row row : rows) {
      line("- %s", row.app().id());
      row.left().forEach(site -> line("  - " + site));
    }
  }

  private void line(String format, Object... values) {
    page.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values))
        .append('\n');
  }
}
