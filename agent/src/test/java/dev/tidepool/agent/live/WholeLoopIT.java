package dev.tidepool.agent.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.agent.view.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import sample.Copies;
import sample.Redeployed;

/** From the jar alone: found, proven or refused with a path, pooled, shown, undone. */
class WholeLoopIT {
  private static final Map<?, ?> NO_SITE = Map.of("state", "unknown");

  @TempDir private Path directory;

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

  @OnEveryJdk
  void theLogTellsEveryStepToWhomAsksForThem(Path jdk) throws Exception {
    Path log = directory.resolve("log");
    String options = "http=off,pooling.include=" + Copies.class.getName() + ",log=" + log;
    try (Run application =
        Run.program(jdk, Copies.class, Run.agent(options + ",log.level=debug")).up()) {
      application.await(
          "a pooled site", () -> site(jdk, application, "copy").get("state").equals("ACTIVE"));
      application.await("a line", () -> Run.read(log).contains("-> ACTIVE (PoolLocal)"));
      assertThat(Run.read(log))
          .containsPattern("INFO tidepool: site \\w+ sample\\.Copies\\.copy:\\d+ byte\\[]: ")
          .containsPattern("DEBUG tidepool: site \\w+ sample\\.Copies\\.keep:\\d+ .* -> REFUSED")
          .contains("escapes at Copies.java:");
      assertThat(application.err()).isEmpty();
    }
  }

  @OnEveryJdk
  void whatNobodyTakesAnyMoreIsNotHeld(Path jdk) throws Exception {
    Path rest = directory.resolve("rest");
    String include = "http=off,pooling.include=" + Copies.class.getName();
    try (Run application =
        Run.program(jdk, Copies.class, Run.agent(include), rest.toString()).up()) {
      application.await("pooled", () -> held(jdk, application) >= 65_536);
      Files.createFile(rest);
      application.await("given up", () -> held(jdk, application) == 0);
      Files.delete(rest);
      application.await("pooled again", () -> held(jdk, application) >= 65_536);
      assertThat(application.err()).isEmpty();
    }
  }

  @OnEveryJdk
  void anApplicationThatIsTakenDownIsNotHeld(Path jdk) throws Exception {
    Path down = directory.resolve("down");
    String include = "http=off,pooling.include=sample.*";
    try (Run server =
        Run.program(jdk, Redeployed.class, Run.agent(include), down.toString()).up()) {
      server.await(
          "pooled",
          () ->
              site(jdk, server, "copy").get("state").equals("ACTIVE")
                  && site(jdk, server, "own").get("state").equals("ACTIVE"));
      Files.createFile(down);
      server.await("the loader is gone", () -> server.out().endsWith("gone\n"));
      server.await("and the sites", () -> site(jdk, server, "copy").equals(NO_SITE));
      assertThat(server.err()).isEmpty();
    }
  }

  private static long held(Path jdk, Run application) {
    try (Run status = Run.tidepool(jdk, "status", application.pid(), "--json")) {
      if (status.status() != 0) {
        return -1;
      }
      Map<?, ?> pools = (Map<?, ?>) ((Map<?, ?>) Json.parse(status.out())).get("pools");
      return ((Number) pools.get("bytes")).longValue();
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }

  @OnEveryJdk
  void aPlanTellsTheNextRunWhatIsHot(Path jdk) throws Exception {
    Path plan = directory.resolve("plan.json");
    String options = "http=off,plan=" + plan;
    String include = options + ",pooling.include=" + Copies.class.getName();
    try (Run first = Run.program(jdk, Copies.class, Run.agent(include)).up()) {
      first.await("pooled", () -> site(jdk, first, "copy").get("state").equals("ACTIVE"));
      try (Run detach = Run.tidepool(jdk, "detach", first.pid())) {
        assertThat(detach.status()).isZero();
      }
    }
    assertThat(Files.readString(plan)).contains("sample.Copies").contains("PoolLocal");

    // nobody but the plan knows what is hot: there is no JFR
    List<String> blind = new ArrayList<>(Run.agent(options));
    blind.addAll(List.of("--limit-modules", "java.instrument,jdk.management,jdk.attach"));
    try (Run second = Run.program(jdk, Copies.class, blind).up()) {
      second.await("by plan", () -> site(jdk, second, "copy").get("state").equals("ACTIVE"));
      assertThat(second.err()).isEmpty();
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
      return NO_SITE;
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }
}
