package dev.tidepool.apps.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A site as the agent tells of it in its report.
 *
 * @param place class, method and line
 * @param allocates element type
 * @param reason why it is refused, reverted or waits; empty where there is nothing to say
 * @param path of the escape, in source terms
 * @param counted whether the rate rests on counts at all, and not on samples alone
 */
public record Site(
    String id,
    String place,
    String allocates,
    String state,
    String remedy,
    String verdict,
    String reason,
    List<String> path,
    double bytesPerSecond,
    boolean counted,
    long hits,
    long misses,
    long bytesSaved) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads a JSON report of the agent.
   *
   * @return its sites, those that saved most first; empty where there is no report
   */
  public static List<Site> read(Path report) throws IOException {
    return Files.isRegularFile(report)
        ? of(JSON.readTree(report.toFile()).path("sites"))
        : List.of();
  }

  /** Sites of a JSON array, those that saved most first. */
  public static List<Site> of(JsonNode array) {
    List<Site> sites = new ArrayList<>();
    array.forEach(node -> sites.add(one(node)));
    sites.sort(
        Comparator.comparingLong(Site::bytesSaved)
            .thenComparingDouble(Site::bytesPerSecond)
            .reversed());
    return sites;
  }

  private static Site one(JsonNode node) {
    JsonNode verdict = node.path("verdict");
    List<String> path = new ArrayList<>();
    verdict.path("path").forEach(step -> path.add(step.asText()));
    String line = node.path("line").asInt(-1) > 0 ? ":" + node.path("line").asInt() : "";
    return new Site(
        node.path("site").asText(),
        node.path("class").asText() + "." + node.path("method").asText() + line,
        node.path("allocates").asText(),
        node.path("state").asText(),
        node.path("remedy").asText(""),
        verdict.path("kind").asText(),
        verdict.path("reason").asText(""),
        path,
        node.path("bytesPerSecond").asDouble(),
        node.path("allocations").asLong() > 0,
        node.path("hits").asLong(),
        node.path("misses").asLong(),
        node.path("bytesSaved").asLong());
  }

  /** Whether its buffers come from a pool now. */
  public boolean active() {
    return state.equals("ACTIVE");
  }

  /** Whether its buffers come from a pool, or did before it was taken back. */
  public boolean pooled() {
    return active() || hits > 0;
  }
}
