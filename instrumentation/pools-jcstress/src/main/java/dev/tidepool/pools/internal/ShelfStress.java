package dev.tidepool.pools.internal;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.IZ_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The promises of shelves, each with the interleavings that could break it. */
final class ShelfStress {
  private static final int LONG = 11;
  private static final long KEY = Shelf.key(LONG, 8);
  private static final long BYTES = Primitives.bytes(LONG, 8);

  private static final Dropped FORGOTTEN =
      new Dropped() {
        @Override
        public void waiting(long key, Object thing) {}

        @Override
        public void lent(long key) {}
      };

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
      stripes.give(0, KEY, new long[8], BYTES, 0, 2);
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
      stripes.give(0, KEY, array, BYTES, 0, 2);
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
      shelf.insert(KEY, array, BYTES, 2);
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
        shelf.drop(Cutoff.ALL, FORGOTTEN);
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
        r.r1 = shelf.insert(KEY, new long[8], BYTES, 2);
        shelf.unlock();
      }
    }

    @Actor
    public void trimmer() {
      if (shelf.tryLock()) {
        shelf.drop(Cutoff.ALL, FORGOTTEN);
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
        giver.insert(KEY, array, BYTES, 2);
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
      giver.insert(KEY, first, BYTES, 3);
      giver.insert(KEY, second, BYTES, 3);
    }

    @Actor
    public void give() {
      stripes.flush(giver, 0, KEY);
    }

    @Actor
    public void trim() {
      giver.tryDrop(Cutoff.ALL, FORGOTTEN);
      stripes.shelves()[0].tryDrop(Cutoff.ALL, FORGOTTEN);
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

  /**
   * The place of an array that is lent out is given up while its holder gives it back: it waits
   * where it was, or is put in anew, and either way is there once and reserved once; or it is gone.
   */
  @JCStressTest
  @Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "there once, reserved once")
  @Outcome(id = "0, 0, 1", expect = Expect.ACCEPTABLE, desc = "dropped, and reserved no more")
  @Outcome(expect = Expect.FORBIDDEN, desc = "there twice, or the budget is off")
  @State
  public static class LentDropAndGiveBack {
    private final Budget budget = new Budget(1 << 20);
    private final Shelf shelf = new Shelf(new Clock(0), budget, 1, 2, null);
    private final Object array;

    public LentDropAndGiveBack() {
      shelf.insert(KEY, new long[8], BYTES, 2);
      array = shelf.take(KEY);
    }

    @Actor
    public void holder() {
      if (!shelf.restore(KEY, array) && shelf.tryLock()) {
        shelf.insert(KEY, array, BYTES, 2);
        shelf.unlock();
      }
    }

    @Actor
    public void trimmer() {
      if (shelf.tryLock()) {
        shelf.drop(new Cutoff(0, 0, Integer.MAX_VALUE), FORGOTTEN); // what is lent out only
        shelf.unlock();
      }
    }

    @Arbiter
    public void after(III_Result r) {
      r.r1 = shelf.take(KEY) == null ? 0 : 1;
      r.r2 = shelf.take(KEY) == null ? 0 : 1;
      r.r3 = budget.reserved() == r.r1 * BYTES ? 1 : 0;
    }
  }

  /** A kind that two threads miss while counts are halved: a count may be lost, nothing more. */
  @JCStressTest
  @Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "seen, and never more than asked")
  @Outcome(expect = Expect.FORBIDDEN, desc = "counted as another, or more than asked for")
  @State
  public static class DemandOfTwo {
    private final Demand demand = new Demand();

    public DemandOfTwo() {
      demand.missed(KEY);
    }

    @Actor
    public void one() {
      demand.missed(KEY);
      demand.missed(KEY);
    }

    @Actor
    public void other() {
      demand.missed(KEY);
      demand.missed(KEY);
    }

    @Arbiter
    public void after(ZZ_Result r) {
      int count = demand.of(KEY);
      r.r1 = count >= 3 && count <= 5;
      r.r2 = demand.of(KEY + 2) == 0;
    }
  }

  /** The limit falls while somebody reserves: what stays reserved is within it, or seen. */
  @JCStressTest
  @Outcome(
      id = "true, true",
      expect = Expect.ACCEPTABLE,
      desc = "reserved before; the limiter sees")
  @Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "refused")
  @Outcome(expect = Expect.FORBIDDEN, desc = "more is reserved than may be, and nobody knows")
  @State
  public static class LimitAndReserve {
    private final Budget budget = new Budget(100);
    private volatile boolean over;

    @Actor
    public void reserve(ZZ_Result r) {
      r.r1 = budget.reserve(60);
    }

    @Actor
    public void limit() {
      budget.limit(10);
      over = budget.reserved() > budget.limit();
    }

    @Arbiter
    public void after(ZZ_Result r) {
      r.r2 = budget.reserved() == (r.r1 ? 60 : 0) && (!r.r1 || over);
    }
  }

  /** The shelf is closed while its user puts something in and takes: nothing stays reserved. */
  @JCStressTest
  @Outcome(id = "0, true", expect = Expect.ACCEPTABLE, desc = "nothing was taken")
  @Outcome(id = "1, true", expect = Expect.ACCEPTABLE, desc = "taken before the end")
  @Outcome(expect = Expect.FORBIDDEN, desc = "something stays reserved, or is lent afterwards")
  @State
  public static class CloseAndGive {
    private final Budget budget = new Budget(1 << 20);
    private final Stripes stripes = stripes(new Clock(0), budget);

    @Actor
    public void user(IZ_Result r) {
      stripes.give(0, KEY, new long[8], BYTES, 0, 2);
      r.r1 = stripes.take(0, KEY, BYTES, 0) == null ? 0 : 1;
    }

    @Actor
    public void end() {
      budget.limit(0);
      stripes.shelves()[0].close(FORGOTTEN);
    }

    @Arbiter
    public void after(IZ_Result r) {
      r.r2 = budget.reserved() == 0 && stripes.take(0, KEY, BYTES, 0) == null;
    }
  }
}
