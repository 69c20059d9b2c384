package dev.tidepool.tuning.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.tuning.Child;
import dev.tidepool.tuning.JavaHomes;
import dev.tidepool.tuning.Snapshot;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sample.JfrChunkProbe;
import sample.JfrProbe;
import sample.LeakProbe;

class JfrStreamTest {
  static List<File> homes() {
    return JavaHomes.all();
  }

  @ParameterizedTest
  @MethodSource("homes")
  void methodsThatAllocateLargeArraysAreNominatedAndNothingElseIsSaid(File home) throws Exception {
    Child child = Child.run(home, List.of("-Xmx256m"), JfrProbe.class);
    assertThat(child.err()).isEmpty();
    assertThat(child.exit()).isZero();
    assertThat(child.out().lines())
        .startsWith("unavailable ")
        .contains("1 collections asked for, by " + JfrProbe.class.getName() + ".collect")
        .contains(JfrProbe.class.getName() + ".largeJob()V")
        .contains(JfrProbe.class.getName() + ".copyJob()V")
        .contains("growth in textJob")
        .noneMatch(line -> line.startsWith("java.util.Arrays"))
        .noneMatch(line -> line.contains("[jfr"));
  }

  @ParameterizedTest
  @MethodSource("homes")
  void stackTracesAreNotGatheredForEver(File home, @TempDir Path temporary) throws Exception {
    Child child =
        Child.run(home, List.of("-Xmx256m", "-Djava.io.tmpdir=" + temporary), JfrChunkProbe.class);
    assertThat(child.err()).isEmpty();
    assertThat(child.out().lines()).containsExactly("another chunk true", "goes on true");
  }

  @Test
  void eventsThatThisVmLacksLostOnesAndStallsAreNamed() {
    assertThat(JfrSession.absent(Set.of("jdk.ObjectAllocationSample", "jdk.SystemGC")))
        .containsExactly("jdk.ZAllocationStall", "jdk.EvacuationFailed", "jdk.PromotionFailed");
    assertThat(JfrStream.detail(List.of(), JfrSignals.NONE)).isEqualTo("streaming");
    JfrSignals some =
        new JfrSignals(
            0,
            0,
            Map.of(),
            3,
            Duration.ofMillis(30),
            Duration.ofMillis(20),
            new Snapshot.Pauses(0.005, 0.02, 0.02),
            0,
            0,
            null,
            77);
    assertThat(JfrStream.detail(List.of("jdk.X"), some))
        .isEqualTo(
            "streaming, without jdk.X: not in this VM, 77 bytes of events were lost,"
                + " 3 allocation stalls, of late p50 5.0 ms, p99 20.0 ms");
  }

  @ParameterizedTest
  @MethodSource("homes")
  void whatIsKeptIsFoundWithThePlaceThatMadeItAndTheFieldThatHoldsIt(File home) throws Exception {
    Child child = Child.run(home, List.of("-Xmx256m"), LeakProbe.class);
    assertThat(child.err()).isEmpty();
    assertThat(child.exit()).isZero();
    assertThat(child.out())
        .containsPattern("madeAt=sample.LeakProbe(\\$Kept.<init>|.leak):\\d+, heldBy=.*KEPT");
  }

  @ParameterizedTest
  @MethodSource("homes")
  void withoutTheModuleTheStreamSaysWhatToDo(File home) throws Exception {
    Child child =
        Child.run(
            home, List.of("--limit-modules", "java.management,jdk.management"), JfrProbe.class);
    assertThat(child.err()).isEmpty();
    assertThat(child.out()).startsWith("unavailable module jdk.jfr is not in this run");
  }

  @ParameterizedTest
  @MethodSource("homes")
  void withoutARepositoryTheStreamSaysWhatToDo(File home) throws Exception {
    Child child = Child.run(home, List.of("-Djava.io.tmpdir=/proc"), JfrProbe.class);
    assertThat(child.err()).isEmpty();
    assertThat(child.out()).startsWith("unavailable JFR repository /proc is not writable");
  }
}
