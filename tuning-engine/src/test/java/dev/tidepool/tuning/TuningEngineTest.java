package dev.tidepool.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sample.EngineProbe;

/** The engine in real JVMs of every collector: levers are found, moved by hand, and put back. */
class TuningEngineTest {
  static Stream<Arguments> machines() {
    return JavaHomes.all().stream()
        .flatMap(
            home ->
                Stream.of("Serial", "Parallel", "G1", "Z", "Shenandoah")
                    .map(gc -> Arguments.of(home, gc)));
  }

  @ParameterizedTest
  @MethodSource("machines")
  void whatIsMovedIsPutBackAndNothingIsSaid(File home, String gc) throws Exception {
    Child child = Child.run(home, List.of("-Xmx300m", "-XX:+Use" + gc + "GC"), EngineProbe.class);
    if (child.err().contains("Unrecognized VM option") || child.err().contains("not supported")) {
      System.out.println(home + " has no " + gc);
      return;
    }
    assertThat(child.err()).isEmpty();
    assertThat(child.exit()).isZero();
    assertThat(child.out()).contains("flags as found").doesNotContain("[jfr", "the second time");
    assertThat(child.out().contains("no actuator")).isEqualTo(gc.equals("Parallel"));
  }

  @Test
  void leversGoBackWhereTheRoundsHaveStopped() throws Exception {
    List<String> vm = List.of("-Xmx300m", "-XX:+UseG1GC");
    Child child = Child.run(JavaHomes.all().get(0), vm, EngineProbe.class, "stop");
    assertThat(child.err()).isEmpty();
    assertThat(child.out().lines()).containsSubsequence("moved", "let go", "written down");
  }
}
