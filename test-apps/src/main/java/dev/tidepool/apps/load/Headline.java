package dev.tidepool.apps.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidepool.apps.Catalogue;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * The figure the design began with: 100 runs of a job with a fresh 20 MB buffer, once its site is
 * active.
 *
 * @param without bytes that the job's thread allocated without the agent
 * @param with the same with it
 * @param sameOutput whether all jobs gave the same
 * @param activation of the job's site; the jobs are run and counted even where it is not active
 */
public record Headline(double without, double with, boolean sameOutput, Activation activation) {
  /** How often the job is run. */
  public static final int JOBS = 100;

  /** Share of the bytes that may be left for the promise to hold. */
  public static final double MOST_LEFT = 0.0003;

  /** Of its site. */
  static final String PLACE = "TwentyMegabyteJob.operate";

  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Duration SLICE = Duration.ofSeconds(1);

  /** Runs the jobs in a process without the agent, then in one with it. */
  public static Headline measure(Jdk jdk)
      throws IOException, InterruptedException, ExecutionException {
    Plan plan = Plan.of(Catalogue.JOB20, jdk, Collector.G1);
    JsonNode without;
    try (Running running = new Running(plan, Optional.empty())) {
      without = running.times(JOBS);
    }
    SitesPage page = new SitesPage();
    Agent agent = Agent.built(Map.of("http", page.setting()));
    try (Running running = new Running(plan, Optional.of(agent))) {
      Activation activation = Activation.await(() -> running.warmUp(SLICE), page, PLACE, PATIENCE);
      running.warmUp(SLICE); // the first array that is asked for is made
      JsonNode with = running.times(JOBS);
      return new Headline(
          without.get("allocatedBytes").asDouble(),
          with.get("allocatedBytes").asDouble(),
          with.get("checksum").equals(without.get("checksum")),
          activation);
    }
  }

  /** Share of the bytes that is left. */
  public double left() {
    return with / without;
  }
}
