package dev.tidepool.apps.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.apps.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs an application with the agent and holds what it produced against a run without. */
final class SameOutput {
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

  /** What an application gives when nothing is attached to it. */
  static String without(Plan plan) throws IOException, InterruptedException {
    try (Running running = new Running(plan, Optional.empty())) {
      return running.checksum();
    }
  }

  /**
   * Runs for the plan's measured time and compares every operation.
   *
   * @return sites that were active at the end
   */
  static List<Site> check(Plan plan, Way way, String expected, Path folder)
      throws IOException, InterruptedException {
    Path report =
        folder.resolve(plan.app().id() + "-" + plan.collector().id() + "-" + way + ".json");
    String errors;
    String checksum;
    Figures figures;
    try (Running running =
        new Running(plan, Optional.of(way.agent().with("report", report.toString())))) {
      figures = running.measure();
      errors = running.errors();
      checksum = running.checksum();
    }
    assertThat(checksum).as("checksum of the first operations").isEqualTo(expected);
    assertThat(figures.mismatches()).as("operations with another result").isZero();
    assertThat(errors).as("standard error of the application").isEmpty();
    assertThat(Files.exists(report)).as("report written at exit").isTrue();
    return Site.read(report).stream().filter(Site::active).toList();
  }

  /** A short plan for a test. */
  static Plan plan(Catalogue app, Jdk jdk, Collector collector, Duration time) {
    return Plan.of(app, jdk, collector).lasting(Duration.ZERO, time).heap("-Xmx256m");
  }
}
