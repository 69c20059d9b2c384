package dev.tidepool.pools.internal;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The promises of shelves, each with the interleavings that could break it. */
final class ShelfStress {
  private static final int LONG = 11;
  private static final long KEY = Shelf.key(LONG, 8);
  private static final long BYTES = Primitives.bytes(LONG, 8);

  private ShelfStress() {}

  private static Stripes stripes(Clock clock, Budget budget) {
    return new Stripes(clock, budget, new Meters(), new Shape(1, 0, 1, 1, 2));
  }

  /** Two threads that take the one array there is: one of them gets it. */
  @JCStressTest
  @Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "the first got it")
  @Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "the second got it")
  @Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "each met the other's lock")
  @Outcome(expect = Expect.FORBIDDEN, desc = "both got it")
  @State
  public static class TwoTakers {
    private final Stripes stripes = stripes(new Clock(0), new Budget(1 << 20));

    public TwoTakers() {
      stripes.give(0, KEY, new long[8], BYTES, 0);
    }

    @Actor
    public void one(ZZ_Result r) {
      r.r1 = stripes.take(0, KEY, BYTES, 0) != null;
    }

    @Actor
    public void other(ZZ_Result r) {
      r.r2 = stripes.take(0, KEY, BYTES, 0) != null;
    }
  }

  /** The one who takes sees what the one who gave had written: arrays are handed over safely. */
  @JCStressTest
  @Outcome(id = "0, -1", expect = Expect.ACCEPTABLE, desc = "not there yet")
  @Outcome(id = "7, 1", expect = Expect.ACCEPTABLE, desc = "taken, with all that was written")
  @Outcome(expect = Expect.FORBIDDEN, desc = "taken without what was written")
  @State
  public static class HandOver {
    private final Stripes stripes = stripes(new Clock(0), new Budget(1 << 20));

    @Actor
    public void give() {
      long[] array = new long[8];
      array[3] = 7;
      stripes.give(0, KEY, array, BYTES, 0);
    }

    @Actor
    public void take(II_Result r) {
      long[] array = (long[]) stripes.take(0, KEY, BYTES, 0);
      r.r1 = array == null ? 0 : (int) array[3];
      r.r2 = array == null ? -1 : 1;
    }
  }

  /**
   * A trimmer drops what the owner takes and gives back with plain writes: nothing is handed out
   * twice, and in the end what is reserved is what is there.
   */
  @JCStressTest
  @Outcome(id = "1, 0, 0", expect = Expect.ACCEPTABLE, desc = "taken; dropped before or after")
  @Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "taken, given back, taken again")
  @Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "dropped before it was taken")
  @Outcome(expect = Expect.FORBIDDEN, desc = "handed out twice, or the budget is off")
  @State
  public static class OwnerAndTrimmer {
    private final Budget budget = new Budget(1 << 20);
    private final Shelf shelf = new Shelf(new Clock(0), budget, 1, 2, null);
    private final long[] array = new long[8];

    public OwnerAndTrimmer() {
      shelf.insert(KEY, array, BYTES);
    }

    @Actor
    public void owner(III_Result r) {
      Object first = shelf.take(KEY);
      Object twice = shelf.take(KEY);
      r.r1 = twice != null ? 9 : first != null ? 1 : 0;
      if (first != null && shelf.restore(KEY, first)) {
        r.r2 = shelf.take(KEY) == null ? 0 : 1;
      }
    }

    @Actor
    public void trimmer() {
      if (shelf.tryLock()) {
        shelf.dropBefore(Integer.MAX_VALUE, thing -> {});
        shelf.unlock();
      }
    }

    @Arbiter
    public void after(III_Result r) {
      r.r3 = (int) budget.reserved(); // the trimmer ran, so nothing is there
    }
  }

  /** The owner puts a new array in while a trimmer drops: the budget tells what is there. */
  @JCStressTest
  @Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "put in, and there or dropped")
  @Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "the trimmer had the lock")
  @Outcome(expect = Expect.FORBIDDEN, desc = "the budget is off")
  @State
  public static class InsertAndTrim {
    private final Budget budget = new Budget(1 << 20);
    private final Shelf shelf = new Shelf(new Clock(0), budget, 1, 2, null);

    @Actor
    public void owner(ZZ_Result r) {
      if (shelf.tryLock()) {
        r.r1 = shelf.insert(KEY, new long[8], BYTES);
        shelf.unlock();
      }
    }

    @Actor
    public void trimmer() {
      if (shelf.tryLock()) {
        shelf.dropBefore(Integer.MAX_VALUE, thing -> {});
        shelf.unlock();
      }
    }

    @Arbiter
    public void after(ZZ_Result r) {
      r.r2 = budget.reserved() == (shelf.take(KEY) == null ? 0 : BYTES);
    }
  }

  /**
   * One thread brings what waits on its shelf to the stripe, another fetches what waits there, in
   * batches: each array arrives once, with what was written, or stays where it was.
   */
  @JCStressTest
  @Outcome(id = "0, 2, 1", expect = Expect.ACCEPTABLE, desc = "looked too early, or met the lock")
  @Outcome(id = "14, 0, 1", expect = Expect.ACCEPTABLE, desc = "both arrived as they were written")
  @Outcome(expect = Expect.FORBIDDEN, desc = "one is lost, twice there or not as written")
  @State
  public static class FlushAndRefill {
    private final Clock clock = new Clock(0);
    private final Budget budget = new Budget(1 << 20);
    private final Stripes stripes = stripes(clock, budget);
    private final Shelf giver = new Shelf(clock, budget, 1, 2, null);
    private final Shelf taker = new Shelf(clock, budget, 1, 2, null);

    @Actor
    public void give() {
      for (int i = 0; i < 2; i++) {
        long[] array = new long[8];
        array[3] = 7;
        giver.insert(KEY, array, BYTES);
      }
      stripes.flush(giver, 0, KEY);
    }

    @Actor
    public void take(III_Result r) {
      stripes.refill(taker, KEY);
      for (Object array = taker.take(KEY); array != null; array = taker.take(KEY)) {
        r.r1 += (int) ((long[]) array)[3];
      }
    }

    @Arbiter
    public void after(III_Result r) {
      for (int i = 0; i < 4; i++) {
        r.r2 += giver.take(KEY) == null ? 0 : 1;
        r.r2 += stripes.take(0, KEY, BYTES, 0) == null ? 0 : 1;
      }
      r.r3 = budget.reserved() == 2 * BYTES ? 1 : 0;
    }
  }

  /** A trimmer at work while a batch moves: what is reserved in the end is what is there. */
  @JCStressTest
  @Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "the budget tells what is there")
  @Outcome(expect = Expect.FORBIDDEN, desc = "the budget is off, or one is there twice")
  @State
  public static class FlushAndTrim {
    private final Clock clock = new Clock(0);
    private final Budget budget = new Budget(1 << 20);
    private final Stripes stripes = stripes(clock, budget);
    private final Shelf giver = new Shelf(clock, budget, 1, 2, null);
    private final Object first = new long[8];
    private final Object second = new long[8];

    public FlushAndTrim() {
      giver.insert(KEY, first, BYTES);
      giver.insert(KEY, second, BYTES);
    }

    @Actor
    public void give() {
      stripes.flush(giver, 0, KEY);
    }

    @Actor
    public void trim() {
      giver.tryDropBefore(Integer.MAX_VALUE, thing -> {});
      stripes.shelves()[0].tryDropBefore(Integer.MAX_VALUE, thing -> {});
    }

    @Arbiter
    public void after(ZZ_Result r) {
      int there = 0;
      Object last = null;
      r.r2 = true;
      for (int i = 0; i < 4; i++) {
        Object array = i < 2 ? giver.take(KEY) : stripes.take(0, KEY, BYTES, 0);
        r.r2 &= array == null || array != last;
        there += array == null ? 0 : 1;
        last = array == null ? last : array;
      }
      r.r1 = budget.reserved() == there * BYTES;
    }
  }

  /** Two reservations of which one fits: never both. */
  @JCStressTest
  @Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "the first has it")
  @Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "the second has it")
  @Outcome(expect = Expect.FORBIDDEN, desc = "both or none")
  @State
  public static class OneFits {
    private final Budget budget = new Budget(100);

    @Actor
    public void one(ZZ_Result r) {
      r.r1 = budget.reserve(60);
    }

    @Actor
    public void other(ZZ_Result r) {
      r.r2 = budget.reserve(70);
    }
  }
}
