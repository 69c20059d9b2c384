package dev.tidepool.rewriting.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.gate.ChildJvm;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChunksTest {
  static List<Path> jdks() throws Exception {
    return ChildJvm.jdks();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void streamsAreReadToTheirEndsInPooledChunks(Path jdk, @TempDir Path scratch) throws Exception {
    ChildJvm.Result run = ChildJvm.run(jdk, scratch, ChunksAgent.class, List.of("-Xverify:all"));
    assertThat(run).isEqualTo(new ChildJvm.Result(0, "", ""));
  }
}
