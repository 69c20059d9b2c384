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

/** Each scenario in a JVM of its own, on each JDK there is; silent when all is as it should be. */
class LifeTest {
  static Stream<Arguments> scenarios() throws Exception {
    List<Path> jdks = ChildJvm.jdks();
    return Stream.of(
            "undo",
            "subclass",
            "hidden",
            "others",
            "leak",
            "rest",
            "observed",
            "capture",
            "quarantine",
            "pending",
            "returned")
        .flatMap(scenario -> jdks.stream().map(jdk -> Arguments.of(scenario, jdk)));
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void lives(String scenario, Path jdk, @TempDir Path scratch) throws Exception {
    ChildJvm.Result run =
        ChildJvm.run(jdk, scratch, LifeAgent.class, List.of("-Dscenario=" + scenario));
    assertThat(run).isEqualTo(new ChildJvm.Result(0, "", ""));
  }

  static Stream<Arguments> natives() throws Exception {
    List<Path> jdks = ChildJvm.jdks();
    return Stream.of("zip", "direct", "unnamed", "aligned", "undo")
        .flatMap(scenario -> jdks.stream().map(jdk -> Arguments.of(scenario, jdk)));
  }

  @ParameterizedTest
  @MethodSource("natives")
  void recycles(String scenario, Path jdk, @TempDir Path scratch) throws Exception {
    List<String> options =
        List.of(
            "-Dscenario=" + scenario,
            "-Dsun.nio.PageAlignDirectMemory=" + scenario.equals("aligned"),
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:+BytecodeVerificationLocal",
            "-XX:MaxDirectMemorySize=32m");
    ChildJvm.Result run = ChildJvm.run(jdk, scratch, NativeAgent.class, options);
    assertThat(run).isEqualTo(new ChildJvm.Result(0, "", ""));
  }

  static Stream<Path> jdks() throws Exception {
    return ChildJvm.jdks().stream();
  }

  static Stream<Arguments> withTheRealProof() throws Exception {
    List<Path> jdks = ChildJvm.jdks();
    return Stream.of(
            OutgrownAgent.class,
            HandBackAgent.class,
            BufferAgent.class,
            BuilderAgent.class,
            CoderAgent.class,
            ResultsAgent.class,
            TakenBackAgent.class)
        .flatMap(agent -> jdks.stream().map(jdk -> Arguments.of(agent, jdk)));
  }

  @ParameterizedTest
  @MethodSource
  void withTheRealProof(Class<?> agent, Path jdk, @TempDir Path scratch) throws Exception {
    List<String> options =
        List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:+BytecodeVerificationLocal");
    ChildJvm.Result run = ChildJvm.run(jdk, scratch, agent, options);
    assertThat(run).isEqualTo(new ChildJvm.Result(0, "", ""));
  }

  static Stream<Arguments> cutShort() throws Exception {
    List<Path> jdks = ChildJvm.jdks();
    return Stream.of("overflow", "stop")
        .flatMap(scenario -> jdks.stream().map(jdk -> Arguments.of(scenario, jdk)));
  }

  @ParameterizedTest
  @MethodSource
  void cutShort(String scenario, Path jdk, @TempDir Path scratch) throws Exception {
    ChildJvm.Result run =
        ChildJvm.run(jdk, scratch, CutShortAgent.class, List.of("-Dscenario=" + scenario));
    assertThat(run).isEqualTo(new ChildJvm.Result(0, "", ""));
  }

  static Stream<Arguments> stress() throws Exception {
    List<Path> jdks = ChildJvm.jdks();
    return Stream.of("cycles", "storm")
        .flatMap(scenario -> jdks.stream().map(jdk -> Arguments.of(scenario, jdk)));
  }

  /** The number of cycles is raised by the profile cycles. */
  @ParameterizedTest
  @MethodSource("stress")
  void survives(String scenario, Path jdk, @TempDir Path scratch) throws Exception {
    int cycles = Integer.getInteger("tidepool.test.cycles", 200);
    ChildJvm.Result run =
        ChildJvm.run(
            jdk,
            scratch,
            StressAgent.class,
            List.of("-Dscenario=" + scenario, "-Dcycles=" + cycles),
            List.of(),
            60 + cycles / 5);
    assertThat(run).isEqualTo(new ChildJvm.Result(0, "", ""));
  }
}
