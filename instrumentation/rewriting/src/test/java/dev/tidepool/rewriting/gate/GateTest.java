package dev.tidepool.rewriting.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GateTest {
  private final List<Integer> failures = new ArrayList<>();

  @AfterEach
  void nothingBehindTheGate() {
    GateRuntime.disconnect(Gate.class);
  }

  @Test
  void aloneItDoesPlainNewAndNothing() {
    assertThat(Gate.acquireBooleans(3, 1)).isEqualTo(new boolean[3]);
    assertThat(Gate.acquireChars(3, 1)).isEqualTo(new char[3]);
    assertThat(Gate.acquireFloats(3, 1)).isEqualTo(new float[3]);
    assertThat(Gate.acquireDoubles(3, 1)).isEqualTo(new double[3]);
    assertThat(Gate.acquireBytes(3, 1)).isEqualTo(new byte[3]);
    assertThat(Gate.acquireShorts(3, 1)).isEqualTo(new short[3]);
    assertThat(Gate.acquireInts(3, 1)).isEqualTo(new int[3]);
    assertThat(Gate.acquireLongs(0, 1)).isEmpty();
    Gate.release(new byte[3], 1);
    Gate.count(3, 1);
    Gate.classDefining(GateTest.class, new byte[0]);
    assertThat(Gate.guard(this, new byte[3], 0, 1)).as("nobody vouches for the receiver").isNull();
  }

  @Test
  void aNegativeLengthFailsAsNewDoes() {
    Throwable plain = catchThrowable(() -> assertThat(new byte[minus(7)]).isNotNull());
    Throwable gated = catchThrowable(() -> assertThat(Gate.acquireBytes(minus(7), 1)).isNotNull());
    assertThat(gated).hasSameClassAs(plain).hasMessage(plain.getMessage());
    assertThat(gated.getStackTrace()[0].getClassName()).isEqualTo(GateTest.class.getName());
    assertThat(gated.getStackTrace()).hasSameSizeAs(plain.getStackTrace());
  }

  @Test
  void aLengthNoVirtualMachineCanGiveFailsAsNewDoes() {
    Throwable plain = catchThrowable(() -> assertThat(new long[Integer.MAX_VALUE]).isNotNull());
    Throwable gated =
        catchThrowable(() -> assertThat(Gate.acquireLongs(Integer.MAX_VALUE, 1)).isNotNull());
    assertThat(gated).isInstanceOf(OutOfMemoryError.class).hasMessage(plain.getMessage());
    // no comparison of sizes: HotSpot keeps 32 frames of this error
    assertThat(gated.getStackTrace()[0].getClassName()).isEqualTo(GateTest.class.getName());
  }

  private static int minus(int length) {
    return -length;
  }

  @Test
  void whatADelegateThrowsStaysBehindTheGate() {
    Gate.failed = failures::add;
    Gate.acquire =
        packed -> {
          throw new AssertionError("acquire");
        };
    Gate.release =
        (array, site) -> {
          throw new StackOverflowError("release");
        };
    Gate.count =
        packed -> {
          throw new IllegalStateException("count");
        };
    Gate.guard =
        packed ->
            operand -> {
              throw new OutOfMemoryError("guard");
            };
    assertThat(Gate.acquireInts(4, 11)).hasSize(4);
    Gate.release(new int[4], 12);
    Gate.count(4, 13);
    assertThat(Gate.guard(this, new int[4], 0, 14)).isNull();
    assertThat(failures).containsExactly(11, 12, 13, 14);
  }

  /** Whoever stops a thread wants it to end, wherever it is at that moment. */
  @Test
  void anOrderToStopIsTheApplications() {
    Gate.failed = failures::add;
    Gate.acquire =
        packed -> {
          throw new ThreadDeath();
        };
    Gate.release =
        (array, site) -> {
          throw new ThreadDeath();
        };
    assertThat(catchThrowable(() -> Gate.acquireInts(4, 11))).isInstanceOf(ThreadDeath.class);
    assertThat(catchThrowable(() -> Gate.release(new int[4], 12))).isInstanceOf(ThreadDeath.class);
    assertThat(failures).isEmpty();
  }

  @Test
  void aFailingReporterIsSwallowedToo() {
    Gate.acquire =
        packed -> {
          throw new AssertionError("acquire");
        };
    Gate.failed =
        site -> {
          throw new AssertionError("reporter");
        };
    assertThat(Gate.acquireBytes(4, 1)).hasSize(4);
  }

  @Test
  void anArrayOfTheWrongLengthOrTypeIsNotHandedOut() {
    Gate.acquire = packed -> new byte[5];
    assertThat(Gate.acquireBytes(5, 1)).hasSize(5);
    assertThat(Gate.acquireBytes(4, 1)).hasSize(4);
    assertThat(Gate.acquireInts(5, 1)).hasSize(5);
  }

  @Test
  void siteAndLengthArriveWhole() {
    List<Long> seen = new ArrayList<>();
    Gate.acquire =
        packed -> {
          seen.add(packed);
          return null;
        };
    assertThat(Gate.acquireBytes(0, Integer.MAX_VALUE)).isEmpty();
    assertThat(Gate.acquireBytes(70_000, 0)).hasSize(70_000);
    assertThat(seen).containsExactly(0x7FFFFFFF_00000000L, 70_000L);
  }

  private static Object kept(int... lengths) {
    Object kept = null;
    for (int length : lengths) {
      kept = Gate.keep(kept, new byte[length], 3);
    }
    return kept;
  }

  private static List<Integer> released(Object returned, Object kept) {
    List<Integer> lengths = new ArrayList<>();
    Gate.release = (array, site) -> lengths.add(((byte[]) array).length * 10 + site);
    Gate.releaseOthers(returned, kept, 3);
    return lengths;
  }

  @Test
  void whatAFrameKeepsIsReleasedOnce() {
    assertThat(released(null, kept())).isEmpty();
    assertThat(released(null, kept(1))).containsExactly(13);
    assertThat(released(null, kept(1, 2, 3, 4, 5, 6, 7, 8, 9)))
        .containsExactly(13, 23, 33, 43, 53, 63, 73, 83, 93);
  }

  @Test
  void whatTheFrameReturnsIsNotReleased() {
    byte[] returned = new byte[7];
    assertThat(released(returned, returned)).isEmpty();
    assertThat(released(returned, Gate.keep(kept(1, 2), returned, 3))).containsExactly(13, 23);
    assertThat(released(returned, Gate.keep(Gate.keep(null, returned, 3), new byte[2], 3)))
        .containsExactly(23);
    assertThat(released(null, null)).isEmpty();
    assertThat(released(returned, kept(1))).containsExactly(13);
  }

  @Test
  void aFrameKeepsAtMostSoManyArraysAndBytes() {
    assertThat(released(null, kept(new int[300]))).hasSize(256);
    int million = 1 << 20;
    assertThat(released(null, kept(million, million, 2 * million, 1))).hasSize(3);
    assertThat(released(null, kept(8 * million, 1))).hasSize(1);
  }

  /** A call that was to return an array may return null. */
  @Test
  void nothingIsKeptOfNull() {
    assertThat(Gate.keep(null, null, 1)).isNull();
    Object one = kept(5);
    assertThat(Gate.keep(one, null, 1)).isSameAs(one);
  }

  @Test
  void oneReleaseThatFailsDoesNotKeepTheOthers() {
    Gate.failed = failures::add;
    List<Object> seen = new ArrayList<>();
    Gate.release =
        (array, site) -> {
          seen.add(array);
          throw new IllegalStateException("release");
        };
    Gate.releaseOthers(null, kept(1, 2, 3), 9);
    assertThat(seen).hasSize(3);
    assertThat(failures).containsExactly(9, 9, 9);
  }
}
