package dev.tidepool.pools;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/**
 * Threads that take, mark, check and give back arrays at random, some handed on to others, while
 * one trims and moves the budget. Each holder marks its arrays with a number of its own; a foreign
 * mark means that an array had two holders.
 */
final class PoisonWalk {
  private static final int LONG = 11;
  private static final int OUT = 6;
  private static final int[] LENGTHS = {1, 2, 7, 64, 100, 1000, 4096, 60_000};

  private final PrimitivePools pools = new PrimitivePools(4 << 20);
  private final AtomicReference<String> fault = new AtomicReference<>();
  private final AtomicReference<long[]> handedOn = new AtomicReference<>();
  private final AtomicLong marks = new AtomicLong();
  private final AtomicLong steps = new AtomicLong();
  private final long seed;

  PoisonWalk(long seed) {
    this.seed = seed;
  }

  /** Walks until told to stop; what went wrong, or null. */
  String walk(int platform, int virtual, BooleanSupplier stop) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    AtomicBoolean ended = new AtomicBoolean();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < platform + virtual; i++) {
      SplittableRandom own = random.split();
      Runnable walker = () -> guarded(() -> hold(own, stop));
      threads.add(i < platform ? new Thread(walker) : VirtualThreads.unstarted(walker));
    }
    SplittableRandom trimming = random.split();
    Thread trimmer = new Thread(() -> guarded(() -> trim(trimming, ended)));
    trimmer.start();
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    ended.set(true);
    trimmer.join();
    long there = pools.holdings().heldBytes() + pools.holdings().lentBytes();
    if (there != pools.reservedBytes()) {
      fail(there + " bytes are there, " + pools.reservedBytes() + " reserved");
    }
    pools.setBudget(4 << 20);
    if (pools.trim(Pressure.CRITICAL) < 0 || pools.reservedBytes() != 0) {
      fail(pools.reservedBytes() + " bytes stay reserved when everything was trimmed");
    }
    return fault.get();
  }

  long steps() {
    return steps.get();
  }

  long hits() {
    return pools.stats().hits();
  }

  private void hold(SplittableRandom random, BooleanSupplier stop) {
    long[][] out = new long[OUT][];
    long mine = marks.incrementAndGet();
    while (!stop.getAsBoolean() && fault.get() == null) {
      int i = random.nextInt(OUT);
      if (out[i] == null) {
        boolean zeroed = random.nextInt(4) == 0;
        int length = LENGTHS[random.nextInt(LENGTHS.length)];
        out[i] = (long[]) pools.acquire(LONG, length, 0, zeroed);
        check(out[i].length == length, "another length");
        check(!zeroed || (out[i][0] == 0 && out[i][length - 1] == 0), "not cleared");
        mark(out[i], mine);
      } else {
        check(isMarked(out[i], mine), "another holder's mark");
        end(random, out, i, mine);
      }
      steps.incrementAndGet();
    }
  }

  private void end(SplittableRandom random, long[][] out, int i, long mine) {
    int choice = random.nextInt(16);
    long[] array = out[i];
    out[i] = null;
    if (choice == 0) {
      return; // forgotten
    }
    if (choice <= 3) { // handed on: somebody else gives it back
      mark(array, -1);
      array = handedOn.getAndSet(array);
      if (array == null) {
        return;
      }
      check(isMarked(array, -1), "a mark in an array on its way");
    }
    mark(array, -mine);
    pools.release(array, LONG, 0);
  }

  private void trim(SplittableRandom random, AtomicBoolean ended) {
    Pressure[] levels = Pressure.values();
    while (!ended.get() && fault.get() == null) {
      pools.trim(levels[random.nextInt(levels.length)]);
      pools.setBudget((long) (1 + random.nextInt(4)) << 20);
      check(pools.reservedBytes() <= 4 << 20, "over the budget");
      check(pools.stats().heldBytes() <= 4 << 20, "holds more than the budget");
      Thread.onSpinWait();
    }
  }

  private static void mark(long[] array, long mark) {
    array[0] = mark;
    array[array.length / 2] = mark;
    array[array.length - 1] = mark;
  }

  private static boolean isMarked(long[] array, long mark) {
    return array[0] == mark && array[array.length / 2] == mark && array[array.length - 1] == mark;
  }

  private void check(boolean well, String what) {
    if (!well) {
      fail(what);
    }
  }

  private void fail(String what) {
    fault.compareAndSet(null, what + " (seed " + seed + ", step " + steps.get() + ")");
  }

  private void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      fail(e + " at " + List.of(e.getStackTrace()));
    }
  }
}
