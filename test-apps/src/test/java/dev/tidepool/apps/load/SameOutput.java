package dev.tidepool.apps.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidepool.apps.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** Runs an application with the agent and holds what it produced against a run without. */
final class SameOutput {
  private static final Duration SLICE = Duration.ofSeconds(1);

  private SameOutput() {}

  /** How the agent is set for a run. */
  enum Way {
    AGENT,
    POISON;

    Agent agent() {
      Agent plain = Agent.built(Map.of("http", "off"));
      return switch (this) {
        case AGENT -> plain;
        case POISON -> plain.with("pooling.verify", "poison");
      };
    }
  }

  /**
   * What an application taught the agent.
   *
   * @param file the agent's plan
   * @param sites in it: how many were at work at the end
   */
  record Learned(Path file, int sites) {}

  /** What an application gives when nothing is attached to it. */
  static String without(Plan plan) throws IOException, InterruptedException {
    try (Running running = new Running(plan, Optional.empty())) {
      return running.checksum();
    }
  }

  /**
   * Runs with the agent until a site is active, and then for the plan's measured time.
   *
   * @param most time to wait for the first site
   * @param folder for the agent's plan
   */
  static Learned learn(Plan plan, Duration most, Path folder)
      throws IOException, InterruptedException, ExecutionException {
    Path file = folder.resolve("plan.json");
    SitesPage page = new SitesPage();
    Agent agent = Agent.built(Map.of("http", page.setting(), "plan", file.toString()));
    try (Running running = new Running(plan, Optional.of(agent))) {
      Activation.await(() -> running.warmUp(SLICE), page, "", most);
      running.measure();
    }
    JsonNode sites =
        Files.exists(file) ? new ObjectMapper().readTree(file.toFile()).path("sites") : null;
    return new Learned(file, sites == null ? 0 : sites.size());
  }

  /**
   * Runs for the plan's measured time and compares every operation.
   *
   * @return sites that were pooled in it
   */
  static List<Site> check(Plan plan, Way way, String expected, Path folder)
      throws IOException, InterruptedException {
    Path report =
        folder.resolve(plan.app().id() + "-" + plan.collector().id() + "-" + way + ".json");
    Agent agent = way.agent().with("report", report.toString());
    try (Running running = new Running(plan, Optional.of(agent))) {
      compare(running, expected);
    }
    return pooled(report);
  }

  /**
   * The same from what an earlier run has learned, if anything, with the measured time beginning
   * when a site is active.
   *
   * @param most time to wait for that
   */
  static List<Site> check(
      Plan plan, Way way, String expected, Learned learned, Duration most, Path folder)
      throws IOException, InterruptedException, ExecutionException {
    // each run writes its plan anew, and all are to begin alike
    Path own = folder.resolve("plan-" + way + ".json");
    Path report = folder.resolve("report-" + way + ".json");
    if (learned.sites() > 0) {
      Files.copy(learned.file(), own);
    }
    SitesPage page = new SitesPage();
    Agent agent =
        way.agent()
            .with("http", page.setting())
            .with("plan", own.toString())
            .with("report", report.toString());
    try (Running running = new Running(plan, Optional.of(agent))) {
      Activation.await(() -> running.warmUp(SLICE), page, "", most);
      compare(running, expected);
    }
    return pooled(report);
  }

  private static void compare(Running running, String expected)
      throws IOException, InterruptedException {
    Figures figures = running.measure();
    assertThat(running.checksum()).as("checksum of the first operations").isEqualTo(expected);
    assertThat(figures.mismatches()).as("operations with another result").isZero();
    assertThat(running.errors()).as("standard error of the application").isEmpty();
  }

  private static List<Site> pooled(Path report) throws IOException {
    assertThat(Files.exists(report)).as("report written at exit").isTrue();
    return Site.read(report).stream().filter(Site::pooled).toList();
  }

  /** A short plan for a test. */
  static Plan plan(Catalogue app, Jdk jdk, Collector collector, Duration time) {
    return Plan.of(app, jdk, collector).lasting(Duration.ZERO, time).heap("-Xmx256m");
  }
}
