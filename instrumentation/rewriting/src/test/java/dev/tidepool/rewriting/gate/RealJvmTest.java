package dev.tidepool.rewriting.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What only a real JVM can tell, on each JDK there is. */
class RealJvmTest {
  static List<Path> jdks() throws Exception {
    return ChildJvm.jdks();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void theGateServesJdkClassesInSilence(Path jdk, @TempDir Path scratch) throws Exception {
    ChildJvm.Result run = ChildJvm.run(jdk, scratch, ProbeAgent.class, List.of("-Xverify:all"));
    assertThat(run).isEqualTo(new ChildJvm.Result(0, "", ""));
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void classDataSharingStaysOn(Path jdk, @TempDir Path scratch) throws Exception {
    ChildJvm.Result run = ChildJvm.run(jdk, scratch, ProbeAgent.class, List.of("-Xshare:on"));
    assertThat(run).isEqualTo(new ChildJvm.Result(0, "", ""));
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void everyArraySiteOfJavaBaseIsRewrittenAndVerifies(Path jdk, @TempDir Path scratch)
      throws Exception {
    ChildJvm.Result run = ChildJvm.run(jdk, scratch, SweepAgent.class, List.of("-Xverify:all"));
    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isZero();
    assertThat(run.out()).matches("sites \\d{4} classes \\d{4} refused \\d+\n");
  }
}
