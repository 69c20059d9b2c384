package dev.tidepool.apps.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidepool.apps.Catalogue;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The figure the design began with: 100 runs of a job with a 20 MB buffer. */
final class HeadlineTest {
  private static final int JOBS = 100;
  private static final double MOST_LEFT = 0.0003;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  static List<Jdk> jdks() {
    return Jdk.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("jdks")
  void onceActiveTheTwentyMegabyteJobAllocatesNearlyNothing(Jdk jdk) throws Exception {
    Plan plan =
        Plan.of(Catalogue.JOB20, jdk, Collector.G1).lasting(Duration.ofSeconds(1), PATIENCE);
    JsonNode without;
    try (Running running = new Running(plan, Optional.empty())) {
      without = running.times(JOBS);
    }
    SitesPage page = new SitesPage();
    Agent agent = Agent.built(Map.of("http", page.setting()));
    JsonNode with;
    List<Site> sites;
    ExecutorService background = Executors.newSingleThreadExecutor();
    try (Running running = new Running(plan, Optional.of(agent))) {
      Future<List<Site>> seen =
          background.submit(() -> page.await(HeadlineTest::jobIsActive, PATIENCE));
      while (!seen.isDone()) {
        running.warmUp();
      }
      sites = seen.get();
      with = running.times(JOBS);
    } finally {
      background.shutdownNow();
    }
    assertThat(jobIsActive(sites)).as("the job's site is active: %s", sites).isTrue();
    assertThat(with.get("checksum")).isEqualTo(without.get("checksum"));
    assertThat(without.get("allocatedBytes").asLong()).isGreaterThan(JOBS * 20L * 1024 * 1024);
    assertThat(with.get("allocatedBytes").asDouble())
        .as("bytes that 100 jobs allocate")
        .isLessThanOrEqualTo(without.get("allocatedBytes").asDouble() * MOST_LEFT);
  }

  private static boolean jobIsActive(List<Site> sites) {
    return sites.stream()
        .anyMatch(site -> site.active() && site.place().contains("TwentyMegabyteJob.operate"));
  }
}
