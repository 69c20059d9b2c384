package dev.tidepool.rewriting.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.pools.PrimitivePools;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What two threads do at once to the arrays of one field, many times over. */
class FieldArraysRaceTest {
  private static final int ROUNDS = 30_000;
  private static final int BATCH = 10;
  private static final int LENGTH = 2048;

  private final PrimitivePools pools = new PrimitivePools(10_000_000);
  private final GateRuntime runtime =
      new GateRuntime(pools, (receiver, guard) -> true, Verification.OFF);
  private final List<Throwable> failed = Collections.synchronizedList(new ArrayList<>());
  private final SiteRow row = new SiteRow(runtime, pools, -1, new SiteSpec(8, 1024, false, false));
  private final FieldArrays arrays = new FieldArrays(row, Owner.class);
  private final Object[] made = new Object[ROUNDS];
  private final AtomicIntegerArray ended = new AtomicIntegerArray(ROUNDS);
  private final AtomicInteger known = new AtomicInteger();
  private int making;
  private int replacing;

  /**
   * As a stream is that others write from: the array is in hand of one, and outgrown by another.
   */
  private static final class Owner {
    private byte[] array;
    private boolean over;
  }

  private interface Step {
    void at(int round);
  }

  @BeforeEach
  void connect() {
    runtime.connect(Gate.class, (host, bytes) -> {});
    making = open();
    replacing = open();
    runtime.replaces(replacing, Owner.class);
    runtime.makesFor(making, replacing);
  }

  @AfterEach
  void disconnect() {
    GateRuntime.disconnect(Gate.class);
  }

  private int open() {
    int site = runtime.open(new SiteSpec(8, 1024, false, false));
    runtime.mode(site, SiteMode.POOL);
    return site;
  }

  /** What one thread has in hand is never given to another, whatever replaces it meanwhile. */
  @Test
  void whatIsLentStaysWithWhoHasIt() throws Exception {
    Owner owner = new Owner();
    owner.array = Gate.acquireBytes(LENGTH, making);
    AtomicInteger others = new AtomicInteger();
    Thread replaces = Racer.start(failed, () -> replaceUntilOver(owner, others));
    for (int i = 0; i < ROUNDS && failed.isEmpty(); i++) {
      byte[] lent;
      synchronized (owner) {
        lent = owner.array;
        Gate.lend(lent, replacing);
        lent[0] = 1;
        lent[LENGTH - 1] = 1;
      }
      if (i % 100 == 0) {
        Thread.sleep(1);
      }
      assertThat(lent[0]).as("round %s", i).isEqualTo((byte) 1);
      assertThat(lent[LENGTH - 1]).as("round %s", i).isEqualTo((byte) 1);
      synchronized (owner) {
        Gate.back(lent, replacing);
      }
    }
    synchronized (owner) {
      owner.over = true;
    }
    replaces.join();
    assertThat(failed).isEmpty();
    assertThat(others).as("both were at work").hasPositiveValue();
    assertThat(runtime.counts(making).hits()).as("what nobody had was used again").isPositive();
  }

  private void replaceUntilOver(Owner owner, AtomicInteger rounds) {
    for (boolean over = false; !over; ) {
      byte[] next = Gate.acquireBytes(LENGTH, making);
      assertThat(next[0] | next[LENGTH - 1]).as("a new array is nobody else's").isZero();
      next[0] = 2;
      next[LENGTH - 1] = 2;
      synchronized (owner) {
        byte[] before = owner.array;
        owner.array = next;
        Gate.releaseOwned(owner, before, replacing);
        over = owner.over;
      }
      rounds.incrementAndGet();
    }
  }

  /** A library may hand back the same array on two threads. */
  @Test
  void ofTwoWhoEndOneArrayOneDoes() throws Exception {
    Step end =
        round -> {
          if (arrays.end(made[round])) {
            ended.incrementAndGet(round);
          }
        };
    together(
        end,
        end,
        round -> {
          assertThat(ended.get(round)).as("round %s", round).isLessThan(2);
          assertThat(arrays.end(made[round])).as("round %s", round).isFalse();
          known.addAndGet(ended.get(round));
        });
    assertThat(known.get()).isGreaterThan(ROUNDS / 2);
  }

  /** Lent before it is outgrown, it is not given back; after that, it is known no more. */
  @Test
  void whatIsLentFirstIsNotEnded() throws Exception {
    together(
        round -> arrays.lend(made[round]),
        round -> ended.set(round, arrays.end(made[round]) ? 1 : 0),
        round -> {
          assertThat(arrays.end(made[round])).as("lent, or ended: round %s", round).isFalse();
          arrays.back(made[round]);
          boolean again = arrays.end(made[round]);
          assertThat(again && ended.get(round) == 1).as("ended twice: %s", round).isFalse();
          known.addAndGet(again || ended.get(round) == 1 ? 1 : 0);
        });
    assertThat(known.get()).isGreaterThan(ROUNDS / 2);
  }

  /** Arrays of two threads that contend for the same places: who loses is not known, no more. */
  @Test
  void whoContendForPlacesLoseAtMostTheirs() throws Exception {
    Object[] others = new Object[ROUNDS];
    Arrays.setAll(others, i -> new byte[1]);
    together(
        round -> bornAndEnded(made[round]),
        round -> bornAndEnded(others[round]),
        round -> assertThat(arrays.end(others[round])).isFalse());
    assertThat(known.get()).isGreaterThan(ROUNDS);
  }

  private void bornAndEnded(Object array) {
    arrays.born(array);
    if (arrays.end(array)) {
      known.incrementAndGet();
      assertThat(arrays.end(array)).as("ended twice").isFalse();
    }
  }

  /** Both in step, so that they are near one another; a few rounds, then what came of them. */
  private void together(Step one, Step other, Step outcome) throws Exception {
    AtomicInteger done = new AtomicInteger(-BATCH);
    CyclicBarrier turn =
        new CyclicBarrier(
            2,
            () -> {
              int from = done.getAndAdd(BATCH);
              for (int i = Math.max(0, from); i < from + BATCH; i++) {
                outcome.at(i);
              }
              for (int i = from + BATCH; i < Math.min(ROUNDS, from + 2 * BATCH); i++) {
                made[i] = new byte[1];
                arrays.born(made[i]);
              }
            });
    Thread first = Racer.start(failed, () -> rounds(one, turn));
    Thread second = Racer.start(failed, () -> rounds(other, turn));
    first.join();
    second.join();
    assertThat(failed).isEmpty();
  }

  private static void rounds(Step step, CyclicBarrier turn) throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      if (i % BATCH == 0) {
        turn.await(1, TimeUnit.MINUTES); // the other may have failed
      }
      step.at(i);
    }
    turn.await(1, TimeUnit.MINUTES); // the other may have failed
  }
}
