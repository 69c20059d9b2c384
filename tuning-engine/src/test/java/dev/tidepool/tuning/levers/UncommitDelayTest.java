package dev.tidepool.tuning.levers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.tuning.Child;
import dev.tidepool.tuning.JavaHomes;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sample.UncommitProbe;

/** The flag in real JVMs: found, written, shown by the VM's own bean, and put back. */
class UncommitDelayTest {
  private static final List<String> OPEN =
      List.of(
          "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
          "--add-opens=java.base/jdk.internal.loader=ALL-UNNAMED");

  static Stream<File> homes() {
    return JavaHomes.all().stream();
  }

  private static String probe(File home, List<String> options) throws Exception {
    List<String> vm = new ArrayList<>(List.of("-Xmx300m"));
    vm.addAll(options);
    Child child = Child.run(home, vm, UncommitProbe.class);
    assertThat(child.err()).isEmpty();
    assertThat(child.exit()).isZero();
    System.out.println(home + " " + options + "\n" + child.out());
    return child.out();
  }

  private static List<String> with(String... options) {
    List<String> all = new ArrayList<>(OPEN);
    all.addAll(List.of(options));
    return all;
  }

  @ParameterizedTest
  @MethodSource("homes")
  void itIsFoundWrittenReadBackAndRestored(File home) throws Exception {
    String out = probe(home, with("-XX:+UseZGC"));
    assertThat(out)
        .contains("1 to 300 blocked: \n", "written: 20, shown: 20\n", "doctor: ")
        .contains("too much: ZUncommitDelay takes values from 1 to 300\n")
        .contains("off: 300, tuning.uncommit-delay is off\n")
        .contains("on again: 30, writes 3\n", "closed: 300\n");
  }

  @ParameterizedTest
  @MethodSource("homes")
  void whatTheUserHasSetIsBlocked(File home) throws Exception {
    String out = probe(home, with("-XX:+UseZGC", "-XX:ZUncommitDelay=77"));
    assertThat(out)
        .contains("blocked: ZUncommitDelay was set by the user\n", ", shown: 77\n")
        .contains("doctor: ZUncommitDelay was set by the user\n", "closed: 77\n");
  }

  @ParameterizedTest
  @MethodSource("homes")
  void aHeapThatGivesNothingBackHasNoUseForIt(File home) throws Exception {
    assertThat(probe(home, with("-XX:+UseZGC", "-XX:-ZUncommit"))).contains("ZUncommit is off");
    assertThat(probe(home, with("-XX:+UseZGC", "-Xms300m"))).contains("ZUncommit is off");
  }

  @ParameterizedTest
  @MethodSource("homes")
  void withAnotherCollectorThereIsNone(File home) throws Exception {
    assertThat(probe(home, with("-XX:+UseG1GC"))).contains("absent\n").doesNotContain("doctor");
  }

  @ParameterizedTest
  @MethodSource("homes")
  void wherePackagesStayClosedThereIsNoneAndDoctorSaysSo(File home) throws Exception {
    assertThat(probe(home, List.of("-XX:+UseZGC"))).contains("absent\n", "doctor: the VM's memory");
  }
}
