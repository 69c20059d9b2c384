package dev.tidepool.tuning.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

class BackOffTest {
  /** When it was tried in an hour, of a number that goes down at each try and then behaves so. */
  private static List<Integer> tries(BackOff backOff, long before, IntToLongFunction after) {
    List<Integer> tries = new ArrayList<>();
    for (int second = 0; second < 3600; second++) {
      int last = tries.isEmpty() ? -1 : tries.get(tries.size() - 1);
      long value = last < 0 ? before : after.applyAsLong(second - last);
      backOff.see(value);
      if (backOff.due(second, value)) {
        tries.add(second);
      }
    }
    return tries;
  }

  @Test
  void whatStaysAsItWasIsTriedEverMoreSeldom() {
    assertThat(tries(new BackOff(30, 600), 400, since -> 400))
        .startsWith(0, 30, 90, 210, 450)
        .hasSizeLessThan(12);
  }

  @Test
  void whatIsWonForAMomentCountsWhereAMomentMatters() {
    assertThat(tries(new BackOff(30, 600), 400, since -> since < 3 ? 100 : 400))
        .startsWith(0, 30, 60, 90);
  }

  @Test
  void elsewhereItDoesNot() {
    assertThat(tries(BackOff.lasting(30, 600), 400, since -> since < 3 ? 100 : 400))
        .startsWith(0, 30, 90, 210, 450)
        .hasSizeLessThan(12);
  }

  @Test
  void whatComesBackSlowlyIsWorthTheTry() {
    assertThat(tries(BackOff.lasting(30, 600), 400, since -> Math.min(400, 100 + 10L * since)))
        .startsWith(0, 30, 60, 90);
  }
}
