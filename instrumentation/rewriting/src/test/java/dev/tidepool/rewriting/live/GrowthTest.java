package dev.tidepool.rewriting.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.gate.ChildJvm;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Growing objects, in a JVM of their own, on each JDK there is. */
class GrowthTest {
  static Stream<Arguments> scenarios() throws Exception {
    List<Path> jdks = ChildJvm.jdks();
    return Stream.of("asked", "starts", "seen", "moves", "observes", "recalls")
        .flatMap(scenario -> jdks.stream().map(jdk -> Arguments.of(scenario, jdk)));
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void grows(String scenario, Path jdk, @TempDir Path scratch) throws Exception {
    ChildJvm.Result run =
        ChildJvm.run(jdk, scratch, GrowthAgent.class, List.of("-Dscenario=" + scenario));
    assertThat(run).isEqualTo(new ChildJvm.Result(0, "", ""));
  }
}
