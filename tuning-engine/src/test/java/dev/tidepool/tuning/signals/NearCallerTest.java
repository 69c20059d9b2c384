package dev.tidepool.tuning.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.growth.Growables;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NearCallerTest {
  private static List<StackStep> stack(String... classes) {
    return Arrays.stream(classes).map(name -> new StackStep(name, "m", "()V", 1, 10)).toList();
  }

  @Test
  void aCopyIsLaidToItsCaller() {
    List<StackStep> stack =
        stack("java.util.Arrays", "java.io.ByteArrayOutputStream", "app.Export");
    assertThat(NearCaller.find(stack)).isEqualTo(1);
    assertThat(NearCaller.findApplication(stack, 1)).isEqualTo(2);
  }

  @Test
  void anApplicationMethodStandsForItself() {
    List<StackStep> stack = stack("app.Export", "app.Main");
    assertThat(NearCaller.find(stack)).isZero();
    assertThat(NearCaller.findApplication(stack, 0)).isEqualTo(-1);
  }

  @Test
  void whatIsMadeIsForTheApplicationOrForAnotherClass() {
    assertThat(
            NearCaller.findUser(
                stack("java.nio.HeapByteBuffer", "java.nio.ByteBuffer", "app.A"), 0))
        .isEqualTo(2);
    assertThat(NearCaller.findUser(stack("lib.Buffers$Page", "lib.Buffers", "app.A"), 0))
        .isEqualTo(2);
    assertThat(NearCaller.findUser(stack("app.A", "java.lang.Thread"), 0)).isEqualTo(-1);
  }

  @Test
  void theGrowingClassesThatItCameThroughAreKnown() {
    List<StackStep> stack =
        stack("java.util.Arrays", "java.lang.StringBuilder", "java.lang.StringBuilder", "app.A");
    Set<String> growing = Growables.load().sourceNames();
    assertThat(NearCaller.through(stack, 2, growing)).containsExactly("java.lang.StringBuilder");
    assertThat(NearCaller.through(stack, -1, growing)).isEmpty();
  }

  @Test
  void ourOwnAllocationsAndHiddenClassesAreNobodys() {
    assertThat(NearCaller.find(stack("dev.tidepool.pools.PrimitivePools", "app.Main")))
        .isEqualTo(-1);
    assertThat(NearCaller.find(stack("java.lang.TidepoolGate", "app.Main"))).isEqualTo(-1);
    assertThat(NearCaller.find(stack("app.Main$$Lambda/0x00007f", "app.Main"))).isEqualTo(-1);
    assertThat(NearCaller.find(stack("java.util.Arrays"))).isEqualTo(-1);
    assertThat(NearCaller.find(List.of())).isEqualTo(-1);
  }
}
