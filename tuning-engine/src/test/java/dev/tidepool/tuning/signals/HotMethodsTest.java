package dev.tidepool.tuning.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.Nomination;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HotMethodsTest {
  private final List<Nomination> nominated = new ArrayList<>();
  private final HotMethods methods = new HotMethods(1_000, nominated::add);
  private final StackStep hot = new StackStep("app.Hot", "copy", "()V", 7, 70);

  @Test
  void aMethodIsNominatedOnceItHasWeightAndAgainAfterAWhile() {
    for (int second = 0; second < 30; second++) {
      methods.add(hot, List.of("java.lang.StringBuilder"), 600);
      methods.report(second, 600);
    }
    assertThat(nominated).hasSize(3);
    assertThat(nominated.get(0))
        .isEqualTo(
            new Nomination(
                "app.Hot",
                null,
                "copy",
                "()V",
                7,
                70,
                Set.of("java.lang.StringBuilder"),
                1_200,
                1,
                1,
                false,
                null));
    assertThat(nominated.get(1).bytes()).isEqualTo(600L * HotMethods.REPEAT_SECONDS);
    assertThat(nominated.get(1).seconds()).isEqualTo(HotMethods.REPEAT_SECONDS);
  }

  /** A method of many lines makes what others grow: none of them crowds out another. */
  @Test
  void allThatItsBytesCameThroughIsNamed() {
    for (int i = 0; i < 20; i++) {
      methods.add(hot, List.of("app.Grows" + i), 600);
    }
    methods.report(0, 12_000);
    assertThat(nominated).hasSize(1);
    assertThat(nominated.get(0).through()).hasSize(20).contains("app.Grows0", "app.Grows19");
  }

  @Test
  void whatBecomesHotLateIsSaidToHaveTakenAllTheTimeItTook() {
    methods.report(100, 0);
    for (int second = 101; second <= 120; second++) {
      methods.add(hot, List.of(), 10);
      methods.report(second, 10);
    }
    methods.add(hot, List.of(), 1_800);
    methods.report(121, 1_800);
    assertThat(nominated).hasSize(1);
    assertThat(nominated.get(0).bytes()).isEqualTo(2_000);
    assertThat(nominated.get(0).seconds()).isEqualTo(21);
  }

  @Test
  void theCallerOfMostBytesIsNamed() {
    StackStep rare = new StackStep("app.Rare", "r", "()V", 1, 10);
    StackStep frequent = new StackStep("app.Frequent", "f", "()V", 1, 20);
    for (int i = 0; i < 10; i++) {
      methods.add(hot, List.of(), rare, 300);
      methods.add(hot, List.of(), frequent, 700);
    }
    methods.report(1, 10_000);
    assertThat(nominated.get(0).madeFor())
        .isEqualTo(new StackTraceElement("app.Frequent", "f", null, 20));
  }

  @Test
  void aMethodOfLittleWeightIsNeverNominatedAndForgotten() {
    methods.add(hot, List.of(), 500);
    for (int second = 0; second < 120; second++) {
      methods.report(second, 0);
    }
    assertThat(nominated).isEmpty();
    assertThat(methods.size()).isZero();
  }

  @Test
  void aMethodOfASmallShareIsNotNominated() {
    for (int second = 0; second < 30; second++) {
      methods.add(hot, List.of(), 6_000);
      methods.report(second, 6_000_000);
    }
    assertThat(nominated).isEmpty();
  }

  /** Thirty samples a second for an hour, a few of which stand for ten times what others do. */
  @Test
  void chanceAloneNominatesHardlyAnyOfManyAndALargeShareIsFoundAtOnce() {
    Random random = new Random(3);
    int found = -1;
    for (int second = 0; second < 3_600; second++) {
      long all = 0;
      for (int i = 0; i < 30; i++) {
        long bytes = (long) (40e6 * Math.pow(-Math.log(random.nextDouble()), 2) / 2);
        all += bytes;
        int of = random.nextInt(50); // each a fiftieth of all, five have gone together
        methods.add(
            of < 45 ? new StackStep("app.Rare", "m" + of, "()V", 0, 1) : hot, List.of(), bytes);
      }
      methods.report(second, all);
      if (found < 0 && nominated.stream().anyMatch(each -> each.className().equals("app.Hot"))) {
        found = second;
      }
    }
    assertThat(found).isBetween(0, 15);
    assertThat(nominated.stream().filter(each -> each.className().equals("app.Rare")))
        .hasSizeLessThan(45);
  }

  @Test
  void theTableIsBounded() {
    for (int i = 0; i < 2 * HotMethods.MOST_METHODS; i++) {
      methods.add(new StackStep("app.Many", "m" + i, "()V", 0, 1), List.of(), 10_000);
    }
    assertThat(methods.size()).isEqualTo(HotMethods.MOST_METHODS);
  }
}
