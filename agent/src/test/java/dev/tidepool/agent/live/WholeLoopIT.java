package dev.tidepool.agent.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.agent.view.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import sample.Copies;

/** From the jar alone: found, proven or refused with a path, pooled, shown, undone. */
class WholeLoopIT {

  @OnEveryJdk
  void aLocalBufferIsPooledAndAKeptOneExplained(Path jdk) throws Exception {
    String include = "http=off,pooling.include=" + Copies.class.getName();
    try (Run application = Run.program(jdk, Copies.class, Run.agent(include)).up()) {
      application.await(
          "a pooled and a refused site",
          () ->
              site(jdk, application, "copy").get("state").equals("ACTIVE")
                  && site(jdk, application, "keep").get("state").equals("REFUSED"));
      Map<?, ?> pooled = site(jdk, application, "copy");
      assertThat(pooled.get("remedy")).isEqualTo("PoolLocal");
      assertThat(pooled.get("allocates")).isEqualTo("byte[]");

      try (Run why =
          tidepool(jdk, "why", application, site(jdk, application, "keep").get("site"))) {
        assertThat(why.out()).contains("escapes at Copies.java:").contains("kept");
      }
      try (Run revert = tidepool(jdk, "revert", application, pooled.get("site"))) {
        assertThat(revert.status()).isZero();
      }
      assertThat(site(jdk, application, "copy").get("state")).isEqualTo("REVERTED");
      try (Run again = tidepool(jdk, "revert", application, pooled.get("site"))) {
        assertThat(again.status()).isEqualTo(1);
      }
      try (Run detach = Run.tidepool(jdk, "detach", application.pid())) {
        assertThat(detach.status()).isZero();
      }
      assertThat(application.isAlive()).isTrue();
      assertThat(application.err()).isEmpty();
    }
  }

  private static Run tidepool(Path jdk, String verb, Run application, Object site)
      throws Exception {
    return Run.tidepool(jdk, verb, application.pid(), site);
  }

  private static Map<?, ?> site(Path jdk, Run application, String method) {
    try (Run sites = Run.tidepool(jdk, "sites", application.pid(), "--json")) {
      if (sites.status() == 0) {
        for (Object site : (List<?>) Json.parse(sites.out())) {
          if (site instanceof Map<?, ?> map && map.get("method").equals(method)) {
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
