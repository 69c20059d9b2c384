package dev.tidepool.pools.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ArrayShelvesTest {
  private static final int BYTE = Primitives.BYTE;
  private static final int KB = 1 << 10;
  private static final Shape EIGHT_STRIPES = new Shape(16, 8, 8, 16, 32);

  private static ArrayShelves choosy(long budget, Shape shape) {
    return new ArrayShelves(budget, shape, () -> {}, thing -> {}, true);
  }

  @Test
  void whatIsHeldForLongIsTakenBackHoweverCrowdedItIs() {
    ArrayShelves shelves = choosy(1024 * KB, Shape.ARRAYS);
    crowd(shelves);
    int misses = 0;
    for (int round = 0; round < 400; round++) {
      Object one = shelves.take(BYTE, 4096, 0);
      misses += one == null ? 1 : 0;
      for (int tick = 0; tick < 3; tick++) { // its place is given up meanwhile
        touchWhatCrowds(shelves);
        shelves.trimUntouched();
      }
      shelves.give(BYTE, one == null ? new byte[4096] : one, 0);
    }
    assertThat(misses).isLessThanOrEqualTo(2);
  }

  @Test
  void whatComesBackCrowdedFindsItsPlaceInWhateverStripeItIs() {
    ArrayShelves shelves = choosy(1024 * KB, EIGHT_STRIPES);
    crowd(shelves);
    byte[] only = new byte[4096];
    long key = Shelf.key(BYTE, 4096);
    int home = Stripes.home(Thread.currentThread().getId());
    Shelf far = shelves.stripes.shelves()[(home + Stripes.PROBES) & 7];
    assertThat(far.insert(key, only, Primitives.bytes(BYTE, 4096), 1)).isTrue();
    Object taken = shelves.take(BYTE, 4096, 0);
    if (taken == null) { // the next take looks in the other stripes
      taken = shelves.take(BYTE, 4096, 0);
    }
    assertThat(taken).isSameAs(only);
    assertThat(shelves.give(BYTE, taken, 0)).isTrue();
  }

  /** Arrays over 1/32 of the budget, and visits enough for a shelf of the thread's own. */
  private static void crowd(ArrayShelves shelves) {
    Object[] out = new Object[40];
    for (int i = 0; i < out.length; i++) {
      Object one = shelves.take(BYTE, 8 * KB, 0);
      out[i] = one == null ? new byte[8 * KB] : one;
    }
    for (Object one : out) {
      shelves.give(BYTE, one, 0);
    }
    for (int i = 0; i < 40; i++) {
      touchWhatCrowds(shelves);
    }
    assertThat(shelves.budget().crowded()).isTrue();
  }

  private static void touchWhatCrowds(ArrayShelves shelves) {
    List<Object> out = new ArrayList<>();
    for (Object one = shelves.take(BYTE, 8 * KB, 0); one != null; ) {
      out.add(one);
      one = shelves.take(BYTE, 8 * KB, 0);
    }
    for (Object one : out) {
      shelves.give(BYTE, one, 0);
    }
  }

  @Test
  void nothingIsLentAfterTheEndWhoeverWasInside() {
    ArrayShelves shelves = new ArrayShelves(1024 * KB, () -> {});
    shelves.give(BYTE, new byte[KB], 0);
    lockAll(shelves);
    shelves.close();
    unlockAll(shelves);
    assertThat(shelves.take(BYTE, KB, 0)).isNull();
    assertThat(shelves.budget().reserved()).isZero();
    assertThat(shelves.give(BYTE, new byte[KB], 0)).isFalse();
  }

  @Test
  void whatGoesRoundBetweenStripesHasOnePlace() {
    Budget budget = new Budget(1024 * KB);
    Stripes stripes = new Stripes(new Clock(0), budget, new Meters(), new Shape(1, 0, 4, 1, 4));
    long key = Shelf.key(BYTE, KB);
    long bytes = Primitives.bytes(BYTE, KB);
    Object one = new byte[KB];
    for (int home = 0; home < 8; home++) {
      assertThat(stripes.give(home, key, one, bytes, 0, 1)).isTrue();
      assertThat(budget.reserved()).isEqualTo(bytes);
      assertThat(stripes.take(3 * home, key, bytes, 0)).isSameAs(one);
    }
  }

  @Test
  void whatWaitsWhereAnotherIsAtWorkIsFoundAndGivenBack() throws Exception {
    ArrayShelves shelves = new ArrayShelves(1024 * KB, Shape.allShared(4), () -> {}, thing -> {});
    byte[] only = new byte[KB];
    shelves.give(BYTE, only, KB, 0);
    lockAll(shelves);
    assertThat(shelves.take(BYTE, KB, 0)).isNull();
    Object[] found = new Object[1];
    boolean[] kept = new boolean[1];
    CountDownLatch begun = new CountDownLatch(1);
    Thread other =
        new Thread(
            () -> {
              begun.countDown();
              found[0] = shelves.takeSurely(BYTE, KB, 0);
              kept[0] = shelves.giveSurely(BYTE, only, KB, 0);
            });
    other.start();
    begun.await();
    unlockAll(shelves);
    other.join();
    assertThat(found[0]).isSameAs(only);
    assertThat(kept[0]).isTrue();
  }

  @Test
  void theLostPlaceOfALargeArrayIsNoReasonToTurnTheNextAway() {
    ArrayShelves shelves = choosy(1024 * KB, EIGHT_STRIPES);
    shelves.give(BYTE, new byte[600 * KB], 0);
    Object lost = shelves.take(BYTE, 600 * KB, 0);
    assertThat(lost).isNotNull();
    lockAll(shelves);
    assertThat(shelves.give(BYTE, lost, 0)).isFalse(); // somebody was at work there
    unlockAll(shelves);

    assertThat(shelves.take(BYTE, 600 * KB, 0)).isNull();
    assertThat(shelves.take(BYTE, 600 * KB, 0)).isNull(); // what was missed but once may stay away
    Object next = new byte[600 * KB];
    assertThat(shelves.give(BYTE, next, 0)).isTrue();
    assertThat(shelves.take(BYTE, 600 * KB, 0)).isSameAs(next);
    assertThat(shelves.budget().reserved()).isEqualTo(Primitives.bytes(BYTE, 600 * KB));
  }

  private static void lockAll(ArrayShelves shelves) {
    for (Shelf stripe : shelves.stripes.shelves()) {
      assertThat(stripe.tryLock()).isTrue();
    }
  }

  private static void unlockAll(ArrayShelves shelves) {
    for (Shelf stripe : shelves.stripes.shelves()) {
      stripe.unlock();
    }
  }

  @Test
  void whatNoCollectorMovesMayIdleLonger() {
    ArrayShelves shelves = choosy(64 * 1024 * KB, Shape.ARRAYS);
    int large = (int) Cutoff.LARGE;
    shelves.give(BYTE, new byte[large], 0);
    shelves.give(BYTE, new byte[KB], 0);
    shelves.trimUntouched(); // the tick they came in ends
    assertThat(shelves.trimIdle(0, Long.MAX_VALUE)).isEqualTo(Primitives.bytes(BYTE, KB));
    assertThat(shelves.take(BYTE, large, 0)).isNotNull();
    shelves.trimIdle(Long.MAX_VALUE, 0); // lent out: that may be for too long
    assertThat(shelves.budget().reserved()).isEqualTo(Primitives.bytes(BYTE, large));
  }

  @Test
  void whatADiscardThrowsLeavesTheBudgetRight() {
    Budget budget = new Budget(1024 * KB);
    Shelf shelf = new Shelf(new Clock(0), budget, 1, 4, null);
    for (int i = 0; i < 4; i++) {
      shelf.insert(Shelf.key(BYTE, KB), new byte[KB], Primitives.bytes(BYTE, KB), 9);
    }
    Dropped failing =
        new Dropped() {
          @Override
          public void waiting(long key, Object thing) {
            throw new IllegalStateException("as told");
          }

          @Override
          public void lent(long key) {}
        };
    for (int i = 0; i < 4; i++) {
      assertThatThrownBy(() -> shelf.tryDrop(Cutoff.ALL, failing)).hasMessage("as told");
    }
    assertThat(budget.reserved()).isZero();
  }

  @Test
  void aShelfWhoseOwnerEndedInsideDoesNotKeepTheOthersFromBeingSeen() throws Exception {
    ThreadShelves shelves =
        new ThreadShelves(
            new Clock(0),
            new Budget(1024 * KB),
            new Meters(),
            new RegistryLock(),
            Shape.ARRAYS,
            null);
    admitEnded(shelves);
    Shelf left = shelves.shelves()[0];
    for (int i = 0; i < 200 && left.owner() != null; i++) {
      System.gc();
    }
    assertThat(left.owner()).isNull();
    assertThat(left.tryLock()).isTrue(); // and never let go
    CountDownLatch end = new CountDownLatch(1);
    for (int i = 0; i < 200; i++) { // more than the first table has places for
      Thread thread = new Thread(() -> awaitQuietly(end));
      thread.setDaemon(true);
      thread.start();
      visitOften(shelves, thread);
    }
    assertThat(shelves.shelves()).hasSizeGreaterThan(64).doesNotContainNull();
    end.countDown();
  }

  private static void admitEnded(ThreadShelves shelves) throws InterruptedException {
    Thread thread = new Thread(() -> {});
    thread.start();
    visitOften(shelves, thread);
    thread.join();
  }

  private static void visitOften(ThreadShelves shelves, Thread thread) {
    for (int i = 0; i < 20; i++) {
      shelves.visit(thread);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
