package dev.tidepool.agent.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.agent.view.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sample.Copies;

/** A site is compared with itself on the live load, on and off in turn. */
class ComparisonIT {
  private static final Pattern ALLOCATED = Pattern.compile("allocated ([0-9.]+) against ([0-9.]+)");

  @OnEveryJdk
  void aSitePoolsInEveryOtherWindowWhichShowsInWhatIsAllocated(Path jdk) throws Exception {
    String include = "http=off,pooling.include=" + Copies.class.getName();
    try (Run application = Run.program(jdk, Copies.class, Run.agent(include)).up()) {
      application.await("pooled", () -> copy(jdk, application).get("state").equals("ACTIVE"));
      Object site = copy(jdk, application).get("site");
      try (Run begun = set(jdk, application, "compare=" + site + ":2:2")) {
        assertThat(begun.out()).startsWith("comparing site " + site);
      }
      try (Run second = set(jdk, application, "compare=pooling")) {
        assertThat(second.status()).isEqualTo(1);
        assertThat(second.err()).contains("one at a time");
      }
      application.await("compared", () -> !outcome(jdk, application).isEmpty());
      Matcher allocated = ALLOCATED.matcher(outcome(jdk, application));
      assertThat(allocated.find()).isTrue();
      assertThat(Double.parseDouble(allocated.group(1)))
          .isLessThan(Double.parseDouble(allocated.group(2)));
      assertThat(copy(jdk, application).get("state")).isEqualTo("ACTIVE");
      assertThat(application.err()).isEmpty();
    }
  }

  private static Run set(Path jdk, Run application, String assignment) throws Exception {
    return Run.tidepool(jdk, "set", application.pid(), assignment);
  }

  private static Map<?, ?> copy(Path jdk, Run application) {
    return find(jdk, application, "sites", "method", "copy");
  }

  private static String outcome(Path jdk, Run application) {
    Map<?, ?> found = find(jdk, application, "decisions", "outcome", "COMPARED");
    return found.containsKey("reason") ? String.valueOf(found.get("reason")) : "";
  }

  /** The first row of a list in which the field has that value. */
  private static Map<?, ?> find(
      Path jdk, Run application, String verb, String field, String value) {
    try (Run run = Run.tidepool(jdk, verb, application.pid(), "--json")) {
      if (run.status() == 0) {
        for (Object row : (List<?>) Json.parse(run.out())) {
          if (row instanceof Map<?, ?> map && value.equals(map.get(field))) {
            return map;
          }
        }
      }
      return Map.of("state", "unknown");
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }
}
