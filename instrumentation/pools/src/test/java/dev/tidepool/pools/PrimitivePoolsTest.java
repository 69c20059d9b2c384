package dev.tidepool.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Array;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrimitivePoolsTest {
  private static final int BYTE = 8;
  private static final int LONG = 11;
  private static final long MB = 1 << 20;

  private final PrimitivePools pools = new PrimitivePools(64 * MB);

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 6, 7, 8, 9, 10, 11})
  void givesBackWhatWasGivenAndClearsItWhenAsked(int type) {
    Object first = pools.acquire(type, 1000, 0, true);
    scribble(first);
    assertThat(pools.release(first, type, 0)).isTrue();
    Object second = pools.acquire(type, 1000, 0, true);
    assertThat(second).isSameAs(first);
    assertThat(second).isEqualTo(Array.newInstance(elementType(type), 1000));
  }

  @Test
  void neverHandsOutAnotherLengthOrType() {
    for (int length = 1; length < 3000; length++) {
      pools.release(pools.acquire(BYTE, length, 0, false), BYTE, 0);
      pools.release(pools.acquire(LONG, length, 0, false), LONG, 0);
      assertThat((byte[]) pools.acquire(BYTE, length, 0, false)).hasSize(length);
      assertThat((long[]) pools.acquire(LONG, length, 0, false)).hasSize(length);
    }
  }

  @Test
  void handsOutEachArrayOnce() {
    byte[] a = new byte[4096];
    byte[] b = new byte[4096];
    pools.release(a, BYTE, 0);
    pools.release(b, BYTE, 0);
    Object first = pools.acquire(BYTE, 4096, 0, false);
    Object second = pools.acquire(BYTE, 4096, 0, false);
    Object third = pools.acquire(BYTE, 4096, 0, false);
    assertThat(first).isNotSameAs(second).isIn(a, b);
    assertThat(second).isIn(a, b);
    assertThat(third).isNotSameAs(first).isNotSameAs(second);
  }

  @Test
  void anArrayKeptByItsHolderIsReplacedByTheOneGivenInstead() {
    for (int i = 0; i < 100; i++) { // until the thread has a shelf of its own
      pools.release(pools.acquire(BYTE, 4096, 0, false), BYTE, 0);
    }
    Object kept = pools.acquire(BYTE, 4096, 0, false);
    byte[] other = new byte[4096];
    assertThat(pools.releaseInstead(kept, other, BYTE, 0)).isTrue();
    assertThat(pools.acquire(BYTE, 4096, 0, false)).isSameAs(other);
    Object next = pools.acquire(BYTE, 4096, 0, false);
    assertThat(next).isNotSameAs(kept).isNotSameAs(other);
  }

  @Test
  void whatNeverComesBackKeepsNothingOut() {
    int length = 64 << 10;
    for (int i = 0; i < 100; i++) { // until the thread has a shelf of its own
      pools.release(pools.acquire(BYTE, length, 0, false), BYTE, 0);
    }
    Object[] kept = new Object[256];
    for (int i = 0; i < kept.length; i++) {
      pools.release(Array.newInstance(byte.class, length), BYTE, 0);
    }
    for (int i = 0; i < kept.length; i++) {
      kept[i] = pools.acquire(BYTE, length, 0, false);
    }
    Object mine = pools.acquire(BYTE, length, 0, false);
    pools.release(mine, BYTE, 0);
    assertThat(pools.acquire(BYTE, length, 0, false) == mine).isTrue();
    assertThat(Arrays.stream(kept).noneMatch(each -> each == mine)).isTrue();
  }

  @Test
  void oneReleaseInAThousandOrSoIsDue() {
    int due = 0;
    for (int i = 0; i < 200_000; i++) {
      Object array = pools.acquire(BYTE, 4096, 0, false);
      if (!pools.releaseUnlessDue(array, BYTE, 0)) {
        due++;
        pools.release(array, BYTE, 0);
      }
    }
    assertThat(due).isBetween(130, 400);
  }

  @Test
  void aLoopOnOneLengthAlwaysHitsAfterItsFirstTurn() {
    for (int odd = 1; odd < 5000; odd++) { // whatever else the thread has left behind
      pools.release(pools.acquire(BYTE, odd, 0, false), BYTE, 0);
    }
    int meter = pools.openMeter();
    for (int i = 0; i < 20_000; i++) {
      assertThat(pools.release(pools.acquire(BYTE, 8192, meter, false), BYTE, meter)).isTrue();
    }
    MeterCounts counts = pools.counts(meter);
    assertThat(counts.hits() + counts.misses()).isEqualTo(20_000);
    assertThat(counts.misses()).isLessThanOrEqualTo(2); // the first, and the move to a shelf
    assertThat(counts.reusedBytes()).isEqualTo(counts.hits() * (8192 + 16));
  }

  @Test
  void holdsNoMoreThanItsBudget() {
    PrimitivePools small = new PrimitivePools(MB);
    assertThat(small.release(new byte[(int) MB], BYTE, 0)).isFalse(); // the header does not fit
    for (int i = 0; i < 10_000; i++) {
      small.release(new byte[i], BYTE, 0);
      assertThat(small.reservedBytes()).isLessThanOrEqualTo(MB);
    }
    PoolStats stats = small.stats();
    assertThat(stats.heldBytes() + stats.lentBytes()).isEqualTo(small.reservedBytes());
    assertThat(stats.heldBytes()).isPositive();
  }

  @Test
  void lengthsThatComeOnceLeaveRoomToOneThatComesAgain() {
    PrimitivePools small = new PrimitivePools(MB);
    for (int length = 1000; length < 4000; length++) {
      small.release(small.acquire(BYTE, length, 0, false), BYTE, 0);
    }
    for (int i = 0; i < 4; i++) { // the first times it is one more that comes once
      small.release(small.acquire(BYTE, 100_000, 0, false), BYTE, 0);
    }
    assertThat(small.take(BYTE, 100_000, 0, false)).isNotNull();
  }

  @Test
  void whatHasItsPlaceKeepsItHoweverSeldomItIsMissed() {
    Object large = pools.acquire(BYTE, 20_000_000, 0, false);
    pools.release(large, BYTE, 0);
    for (int i = 0; i < 200; i++) { // nobody has missed it for long
      pools.trim(Pressure.NONE);
      assertThat(pools.acquire(BYTE, 20_000_000, 0, false)).isSameAs(large);
      assertThat(pools.release(large, BYTE, 0)).isTrue();
    }
  }

  @Test
  void whereMoreIsGivenThanTakenFewAreKept() {
    for (int i = 0; i < 10_000; i++) {
      pools.release(new byte[4096], BYTE, 0);
    }
    assertThat(pools.reservedBytes()).isLessThan(100 * 4096);
  }

  @Test
  void manyTakenTogetherAreKeptTogether() throws InterruptedException {
    int hits = 0;
    Object[] batch = new Object[100];
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < batch.length; i++) {
        batch[i] = pools.take(BYTE, 4096, 0, false);
        hits += batch[i] == null ? 0 : 1;
        batch[i] = batch[i] == null ? new byte[4096] : batch[i];
      }
      Thread.sleep(1_100); // longer than what is lent out keeps its place
      pools.trim(Pressure.NONE);
      for (Object array : batch) {
        pools.release(array, BYTE, 0);
      }
    }
    assertThat(hits).isGreaterThan(batch.length / 3);
  }

  @Test
  void aLowerBudgetTakesEffectAtOnce() {
    for (int i = 0; i < 100; i++) {
      pools.release(new byte[100_000 + i], BYTE, 0);
    }
    pools.setBudget(MB);
    assertThat(pools.reservedBytes()).isLessThanOrEqualTo(MB);
    pools.setBudget(0);
    assertThat(pools.reservedBytes()).isZero();
    assertThat(pools.release(new byte[100], BYTE, 0)).isFalse();
  }

  @Test
  void keepsAHumongousArrayThatFitsTheBudget() {
    Object large = pools.acquire(BYTE, 20_000_000, 0, true);
    assertThat(pools.release(large, BYTE, 0)).isTrue();
    assertThat(pools.acquire(BYTE, 20_000_000, 0, false)).isSameAs(large);
  }

  @Test
  void underHighPressureWhatIsInUseSurvivesOneRoundAndWhatIdlesGoes() {
    byte[] idle = new byte[1000];
    byte[] used = new byte[2000];
    pools.release(idle, BYTE, 0);
    pools.release(used, BYTE, 0);
    assertThat(pools.trim(Pressure.HIGH)).isZero();
    pools.release(pools.acquire(BYTE, 2000, 0, false), BYTE, 0);
    assertThat(pools.trim(Pressure.HIGH)).isEqualTo(1016);
    assertThat(pools.acquire(BYTE, 2000, 0, false)).isSameAs(used);
    assertThat(pools.acquire(BYTE, 1000, 0, false)).isNotSameAs(idle);
  }

  @Test
  void withoutPressureNothingRecentGoesAndAtCriticalEverything() {
    pools.release(new byte[1000], BYTE, 0);
    for (Pressure level : new Pressure[] {Pressure.NONE, Pressure.LOW, Pressure.MEDIUM}) {
      pools.trim(level);
      assertThat(pools.trim(level)).isZero();
    }
    assertThat(pools.trim(Pressure.CRITICAL)).isEqualTo(1016);
    assertThat(pools.stats().trimmedBytes()).isEqualTo(1016);
    assertThat(pools.reservedBytes()).isZero();
  }

  @Test
  void anArrayTrimmedWhileLentOutComesBackLikeANewOne() {
    warmUp();
    Object lent = pools.acquire(BYTE, 64, 0, false);
    pools.trim(Pressure.CRITICAL);
    assertThat(pools.reservedBytes()).isZero();
    assertThat(pools.release(lent, BYTE, 0)).isTrue();
    assertThat(pools.acquire(BYTE, 64, 0, false)).isSameAs(lent);
  }

  @Test
  void arraysOfEndedThreadsAreLetGo() throws InterruptedException {
    Thread thread = new Thread(this::warmUp);
    thread.start();
    thread.join();
    assertThat(pools.reservedBytes()).isPositive();
    pools.trim(Pressure.NONE);
    PoolStats stats = pools.stats();
    assertThat(stats.hits() + stats.misses()).isEqualTo(100); // its counts are kept
    assertThat(stats.heldBytes()).isLessThanOrEqualTo(80); // one in a stripe
  }

  @Test
  void whatOneThreadGivesAnotherCanTake() throws InterruptedException {
    byte[] array = new byte[777];
    Thread thread = new Thread(() -> pools.release(array, BYTE, 0));
    thread.start();
    thread.join();
    assertThat(pools.acquire(BYTE, 777, 0, false)).isSameAs(array);
  }

  @Test
  void metersCountApartAndBeginAtZeroWhenReopened() {
    int one = pools.openMeter();
    int other = pools.openMeter();
    assertThat(one).isPositive().isNotEqualTo(other);
    pools.release(pools.acquire(BYTE, 10, one, false), BYTE, one);
    pools.release(pools.acquire(BYTE, 10, other, false), LONG, other); // the wrong type: not kept
    assertThat(pools.counts(one)).isEqualTo(new MeterCounts(0, 1, 0, 0));
    assertThat(pools.counts(other)).isEqualTo(new MeterCounts(1, 0, 32, 0));
    pools.closeMeter(one);
    assertThat(pools.openMeter()).isEqualTo(one);
    assertThat(pools.counts(one)).isEqualTo(new MeterCounts(0, 0, 0, 0));
  }

  @Test
  void hundredsOfMetersHaveRows() {
    int meter = 0;
    for (int i = 0; i < 1000; i++) {
      meter = pools.openMeter();
    }
    warmUp();
    pools.release(pools.acquire(BYTE, 64, meter, false), BYTE, meter);
    assertThat(pools.counts(meter).hits()).isEqualTo(1);
  }

  @Test
  void oddArgumentsDoWhatNewDoes() {
    assertThatThrownBy(() -> pools.acquire(BYTE, -1, 0, true))
        .isInstanceOf(NegativeArraySizeException.class);
    assertThat((byte[]) pools.acquire(BYTE, 0, 0, true)).isEmpty();
    assertThat(pools.release(new byte[0], BYTE, 0)).isFalse();
    assertThat(pools.release(null, BYTE, 0)).isFalse();
    assertThat(pools.release(new int[10], BYTE, 0)).isFalse();
  }

  @Test
  void aReleaseOfTheSameArrayTwiceDoesNotMakeTwoOfIt() {
    warmUp();
    Object array = pools.acquire(BYTE, 64, 0, false);
    pools.release(array, BYTE, 0);
    pools.release(array, BYTE, 0);
    assertThat(pools.acquire(BYTE, 64, 0, false)).isSameAs(array);
    assertThat(pools.acquire(BYTE, 64, 0, false)).isNotSameAs(array);
  }

  @Test
  void afterCloseItIsPlainNew() {
    warmUp();
    Object lent = pools.acquire(BYTE, 64, 0, false);
    pools.close();
    assertThat(pools.reservedBytes()).isZero();
    assertThat(pools.release(lent, BYTE, 0)).isFalse();
    assertThat((byte[]) pools.acquire(BYTE, 64, 0, true)).hasSize(64).isNotSameAs(lent);
    assertThat(pools.stats().hits()).isPositive();
  }

  /** Enough visits that the thread has a shelf of its own. */
  private void warmUp() {
    for (int i = 0; i < 100; i++) {
      pools.release(pools.acquire(BYTE, 64, 0, false), BYTE, 0);
    }
  }

  private static void scribble(Object array) {
    for (int i = 0; i < Array.getLength(array); i++) {
      if (array instanceof boolean[] flags) {
        flags[i] = true;
      } else if (array instanceof char[] chars) {
        chars[i] = 'x';
      } else {
        Array.setByte(array, i, (byte) 1); // widens to the element type
      }
    }
  }

  private static Class<?> elementType(int type) {
    return switch (type) {
      case 4 -> boolean.class;
      case 5 -> char.class;
      case 6 -> float.class;
      case 7 -> double.class;
      case 8 -> byte.class;
      case 9 -> short.class;
      case 10 -> int.class;
      default -> long.class;
    };
  }
}
