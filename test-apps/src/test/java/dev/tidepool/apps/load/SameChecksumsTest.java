package dev.tidepool.apps.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.apps.Catalogue;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an application produces does not depend on whether the agent is there. */
final class SameChecksumsTest {
  private static final Duration TIME = Duration.ofSeconds(4);

  @TempDir private Path folder;

  @BeforeAll
  @SuppressWarnings("SystemOut") // the notice is for who reads the build's output
  static void tellOfJdks() {
    List<Jdk> jdks = Jdk.all();
    System.out.println("applications run on " + jdks);
    if (jdks.size() == 1) {
      System.out.println(
          "NOTICE: only one JDK found; name more in TIDEPOOL_TEST_JDKS to test on them");
    }
  }

  static Stream<Arguments> everyApplicationOnEveryJdk() {
    return Jdk.all().stream()
        .flatMap(
            jdk ->
                Stream.of(Catalogue.values())
                    .filter(SameChecksumsTest::isRunEverywhere)
                    .map(app -> Arguments.of(app, jdk)));
  }

  private static boolean isRunEverywhere(Catalogue app) {
    return app.role() == Catalogue.Role.LIBRARY || app.role() == Catalogue.Role.CONTROL;
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("everyApplicationOnEveryJdk")
  void sameWithAndWithoutTheAgentAndWithPoison(Catalogue app, Jdk jdk) throws Exception {
    Plan plan = SameOutput.plan(app, jdk, Collector.G1, TIME);
    String expected = SameOutput.without(plan);
    for (SameOutput.Way way : SameOutput.Way.values()) {
      SameOutput.check(plan, way, expected, folder);
    }
  }

  static Stream<Catalogue> applicationsForBreadth() {
    return Stream.of(Catalogue.values()).filter(app -> app.role() == Catalogue.Role.BREADTH);
  }

  // two at a time: each spends half of its time starting; -Pmatrix runs them on every JDK
  @ParameterizedTest(name = "{0}")
  @MethodSource("applicationsForBreadth")
  @Execution(ExecutionMode.CONCURRENT)
  void sameWithPoisonInTheApplicationsThereForBreadth(Catalogue app) throws Exception {
    Plan plan = SameOutput.plan(app, Jdk.current(), Collector.G1, TIME);
    SameOutput.check(plan, SameOutput.Way.POISON, SameOutput.without(plan), folder);
  }

  static Stream<Arguments> everyCollectorOfEveryJdk() throws IOException, InterruptedException {
    List<Arguments> present = new ArrayList<>();
    for (Jdk jdk : Jdk.all()) {
      for (Collector collector : Collector.values()) {
        if (collector != Collector.G1 && has(jdk, collector)) {
          present.add(Arguments.of(collector, jdk));
        }
      }
    }
    assertThat(present).as("HotSpot without any collector but G1").isNotEmpty();
    return present.stream();
  }

  @SuppressWarnings("SystemOut") // the notice is for who reads the build's output
  private static boolean has(Jdk jdk, Collector collector)
      throws IOException, InterruptedException {
    boolean has = jdk.has(collector);
    if (!has) {
      System.out.println("NOTICE: " + jdk + " has no " + collector.id() + "; not tested on it");
    }
    return has;
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("everyCollectorOfEveryJdk")
  void sameOnEveryCollector(Collector collector, Jdk jdk) throws Exception {
    Plan plan = SameOutput.plan(Catalogue.JDK, jdk, collector, TIME);
    SameOutput.check(plan, SameOutput.Way.POISON, SameOutput.without(plan), folder);
  }
}
