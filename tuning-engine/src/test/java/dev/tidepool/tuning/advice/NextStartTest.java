package dev.tidepool.tuning.advice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.tuning.Child;
import dev.tidepool.tuning.JavaHomes;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sample.FlagsProbe;

/** The argument file beside the flags that were there already: in real JVMs, before and behind. */
class NextStartTest {
  @TempDir Path directory;

  static Stream<Arguments> starts() {
    return JavaHomes.all().stream()
        .flatMap(
            home ->
                Stream.of(
                        "-XX:+UseSerialGC -Xmx1g",
                        "-XX:+UseG1GC -Xms1g -Xmx2g -XX:G1HeapRegionSize=32m",
                        "-XX:+UseG1GC -XX:InitialHeapSize=1g -Xmx2g",
                        "-XX:+UseZGC -Xmx2g -XX:SoftMaxHeapSize=1900m",
                        "-XX:+UseZGC -Xmx2g",
                        "-XX:+UseShenandoahGC -Xmx2g",
                        "-XX:+UseParallelGC -Xmx2g -XX:SoftMaxHeapSize=2g")
                    .map(vm -> Arguments.of(home, List.of(vm.split(" ", -1)))));
  }

  @ParameterizedTest
  @MethodSource("starts")
  void whatIsWrittenStartsBesideWhatWasThere(File home, List<String> vm) throws Exception {
    Child first = Child.run(home, vm, FlagsProbe.class);
    assertThat(first.err()).isEmpty();
    assertThat(first.out()).contains("-Xmx");
    Path file = Files.writeString(directory.resolve("next.args"), first.out());
    List<String> before = new ArrayList<>(List.of("@" + file));
    before.addAll(vm);
    List<String> behind = new ArrayList<>(vm);
    behind.add("@" + file);
    for (List<String> next : List.of(before, behind)) {
      Child second = Child.run(home, next, FlagsProbe.class);
      assertThat(second.err()).as(first.out()).isEmpty();
      assertThat(second.exit()).as(first.out()).isZero();
      boolean usersOwn = vm.toString().contains("SoftMax");
      assertThat(second.out().contains("set by the user")).isEqualTo(usersOwn && isMoved(vm));
    }
  }

  static Stream<File> homes() {
    return JavaHomes.all().stream();
  }

  @ParameterizedTest
  @MethodSource("homes")
  void aSoftMaximumFromTheFileIsOursAndAnyOtherTheUsers(File home) throws Exception {
    List<String> marked =
        List.of(
            "-XX:+UseZGC",
            "-Xmx1g",
            "-XX:SoftMaxHeapSize=300m",
            "-Ddev.tidepool.flags=SoftMaxHeapSize:" + (300 << 20));
    assertThat(Child.run(home, marked, FlagsProbe.class).out())
        .contains("# lever SoftMaxHeapSize: \n");
    List<String> changed = new ArrayList<>(marked);
    changed.set(2, "-XX:SoftMaxHeapSize=301m");
    assertThat(Child.run(home, changed, FlagsProbe.class).out())
        .contains("# lever SoftMaxHeapSize: SoftMaxHeapSize was set by the user");
  }

  @ParameterizedTest
  @MethodSource("homes")
  void whereExplicitCollectionsAreOffItIsSaid(File home) throws Exception {
    List<String> vm = List.of("-XX:+UseG1GC", "-Xmx600m", "-XX:+DisableExplicitGC");
    assertThat(Child.run(home, vm, FlagsProbe.class).out())
        .contains("# full-collection is missing");
  }

  private static boolean isMoved(List<String> vm) {
    return vm.contains("-XX:+UseZGC");
  }
}
