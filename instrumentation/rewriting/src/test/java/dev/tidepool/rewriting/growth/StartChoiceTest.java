package dev.tidepool.rewriting.growth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

/** Where objects should start, given the sizes that were seen. */
class StartChoiceTest {
  private static final Growable STREAM = Growables.load().get("java/io/ByteArrayOutputStream");
  private static final Growable LIST = Growables.load().get("java/util/ArrayList");
  private static final Growable DEQUE = Growables.load().get("java/util/ArrayDeque");

  private static SizeWindow window(Growable growable, int start, boolean lived, IntSupplier size) {
    SizeWindow window =
        new SizeWindow(growable, new Growable.Start(start, growable.lazy() && start == 10, false));
    for (int i = 0; i < SizeWindow.LENGTH; i++) {
      int next = size.getAsInt();
      int reached = (int) growable.rule().reached(start, next);
      window.add(next, growable.equals(DEQUE) ? reached + 1 : reached, lived);
    }
    return window;
  }

  private static StartChoice choice(SizeWindow window) {
    return StartChoice.of(window, Long.MAX_VALUE);
  }

  @Test
  void noObjectStartsWithMoreThanItMay() {
    SizeWindow streams = window(STREAM, 32, false, () -> 3_000_000);
    StartChoice choice = StartChoice.of(streams, 1_000_000);
    assertThat(choice.capacity()).isEqualTo(1_000_000);
    SizeWindow told = window(STREAM, 65_536, false, () -> 200_000);
    assertThat(StartChoice.of(told, 1_000)).isNull();
  }

  @Test
  void oneSizeIsStartedAtExactly() {
    StartChoice choice = choice(window(STREAM, 32, false, () -> 300_000));
    assertThat(choice.capacity()).isEqualTo(300_000);
    // 32 + 64 + ... + 524288 against 300000
    assertThat(choice.gain()).isBetween(0.70, 0.73);
  }

  @Test
  void growthThatBeganWithALongTextIsTraced() {
    Growable builder = Growables.load().get("java/lang/StringBuilder");
    SizeWindow jumped = new SizeWindow(builder, new Growable.Start(16, false, false));
    SizeWindow told = new SizeWindow(builder, new Growable.Start(16, false, false));
    for (int i = 0; i < SizeWindow.LENGTH; i++) {
      jumped.add(20_000, 26_726, false); // 3339, 6680, 13362, 26726
      told.add(26_720, 26_720, false); // at once
    }
    assertThat(choice(jumped).capacity()).isEqualTo(20_000);
    assertThat(choice(jumped).gain()).isBetween(0.58, 0.62);
    assertThat(choice(told)).isNull();
  }

  @Test
  void whatIsMadeForATextAllTheSameCounts() {
    Growable builder = Growables.load().get("java/lang/StringBuilder");
    SizeWindow greeting = new SizeWindow(builder, new Growable.Start(1_016, false, true));
    for (int i = 0; i < SizeWindow.LENGTH; i++) {
      greeting.add(2_000, 2_034, false);
    }
    // another start would make the same two arrays
    assertThat(choice(greeting)).isNull();
    assertThat(greeting.mean(5_000)).isEqualTo(16 + 1_016 + 16 + 5_000);
  }

  @Test
  void smallUsesStayAsTheyAre() {
    assertThat(choice(window(STREAM, 32, false, () -> 20))).isNull();
    assertThat(choice(window(STREAM, 32, false, () -> 0))).isNull();
    assertThat(choice(window(LIST, 10, false, () -> 0))).isNull();
  }

  @Test
  void twoThatDifferWidelyAreNotStartedAtTheLarger() {
    int[] turn = new int[1];
    assertThat(choice(window(STREAM, 32, false, () -> turn[0]++ % 2 == 0 ? 30 : 300_000))).isNull();
  }

  @Test
  void fewSmallUsesAmongLargeOnesMayPay() {
    int[] turn = new int[1];
    StartChoice choice =
        choice(window(STREAM, 32, false, () -> turn[0]++ % 50 == 0 ? 30 : 300_000));
    assertThat(choice.capacity()).isEqualTo(300_000);
  }

  @Test
  void hardlyAnyUseAllocatesMoreThanBefore() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      int least = 1 + random.nextInt(5_000);
      int spread = 1 + random.nextInt(100_000);
      SizeWindow window = window(STREAM, 32, round % 2 == 0, () -> least + random.nextInt(spread));
      StartChoice choice = choice(window);
      if (choice == null) {
        continue;
      }
      int paying = 0;
      for (int i = 0; i < window.count(); i++) {
        long with = STREAM.rule().bytes(choice.capacity(), window.size(i), 1);
        paying += with > STREAM.rule().bytes(32, window.size(i), 1) ? 1 : 0;
      }
      assertThat(paying).isLessThanOrEqualTo(window.count() / 20);
      assertThat(choice.gain()).isGreaterThanOrEqualTo(0.1);
    }
  }

  @Test
  void whereObjectsLiveOnTheirArraysDoNotBecomeLonger() {
    int[] turn = new int[1];
    IntSupplier size = () -> turn[0]++ % 10 == 0 ? 1_000 : 1_700;
    assertThat(choice(window(STREAM, 32, false, size)).capacity()).isEqualTo(1_700);
    StartChoice kept = choice(window(STREAM, 32, true, size));
    assertThat(kept.capacity()).isEqualTo(1_000);
  }

  @Test
  void startsThatAreFarTooLargeAreLowered() {
    StartChoice choice = choice(window(STREAM, 65_536, false, () -> 200));
    assertThat(choice.capacity()).isEqualTo(200);
    assertThat(choice.gain()).isGreaterThan(0.99);
  }

  @Test
  void whatWasToldAtOnceIsNotTakenForSteps() {
    SizeWindow window = new SizeWindow(STREAM, new Growable.Start(32, false, false));
    for (int i = 0; i < 100; i++) {
      window.add(300_000, 300_000, false);
    }
    assertThat(window.meanToday()).isLessThan(301_000);
    assertThat(choice(window)).isNull();
  }

  @Test
  void dequesKeepOneElementFree() {
    StartChoice choice = choice(window(DEQUE, 16, false, () -> 1_000));
    assertThat(choice.capacity()).isEqualTo(1_000);
    assertThat(DEQUE.rule().reached(16, 17)).isEqualTo(2 * 17 + 2 - 1);
  }

  @Test
  void aDistributionThatMovesIsForgotten() {
    SizeWindow window = window(STREAM, 32, false, () -> 300_000);
    assertThat(window.hurts(300_000, 16)).isFalse();
    for (int i = 0; i < 16; i++) {
      window.addStarted(100, false);
    }
    assertThat(window.hurts(300_000, 16)).isTrue();
    for (int i = 0; i < SizeWindow.LENGTH; i++) {
      window.addStarted(100, false);
    }
    assertThat(choice(window).capacity()).isEqualTo(100);
  }
}
