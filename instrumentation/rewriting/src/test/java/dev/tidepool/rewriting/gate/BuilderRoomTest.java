package dev.tidepool.rewriting.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

@SuppressWarnings("UnnecessaryStringBuilder") // they are what this is about
class BuilderRoomTest {
  @Test
  void aLengthIsAtMostAQuarterLongerThanAskedFor() {
    for (int length = 0; length < 1 << 20; length += 1 + length / 50) {
      int rounded = BuilderRoom.rounded(length);
      assertThat(rounded).isBetween(length, Math.max(4, length + length / 4));
      assertThat(BuilderRoom.rounded(rounded)).isEqualTo(rounded);
      assertThat(BuilderRoom.classOf(rounded + 1)).isEqualTo(BuilderRoom.classOf(rounded) + 1);
    }
  }

  @Test
  void withNothingBehindTheGateABuilderHasTheRoomTheCodeSays() {
    StringBuilder text = new StringBuilder(0);
    Gate.furnish(text, 100, 1);
    assertThat(text.capacity()).isEqualTo(100);
    Gate.furnish(text, 0, 1);
    assertThat(text.capacity()).isEqualTo(100);
  }

  @Test
  void memoryThatDoesNotSufficeIsToldAsWithoutTheGate() {
    Object text = new StringBuilder(0);
    assertThatThrownBy(() -> Gate.furnish(text, Integer.MAX_VALUE, 1))
        .isInstanceOf(OutOfMemoryError.class)
        .satisfies(
            thrown ->
                assertThat(thrown.getStackTrace())
                    .noneMatch(frame -> frame.getClassName().equals(Gate.class.getName())));
  }
}
