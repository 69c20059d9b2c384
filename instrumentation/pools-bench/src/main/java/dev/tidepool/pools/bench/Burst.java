package dev.tidepool.pools.bench;

import dev.tidepool.pools.PoolStats;
import dev.tidepool.pools.Pressure;
import dev.tidepool.pools.PrimitivePools;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What pools hold on to after a burst: many threads at once, each with a few buffers of its own
 * out, all given back; then two maintenance rounds under HIGH pressure.
 */
final class Burst {
  private static final int BYTE = 8;
  private static final long BUDGET = 64L << 20;
  private static final int TWENTY_MB = 20_000_000;

  private Burst() {}

  /**
   * What was found.
   *
   * @param highest the most bytes kept alive at any time
   * @param after what was kept when the burst was over
   * @param relieved what was kept two rounds later
   */
  record Result(
      String threads, long budget, long highest, long after, long relieved, double hitRatio) {}

  static Result platform(int threads) throws InterruptedException {
    return burst(threads + " platform threads", threads, Thread::new);
  }

  /** Null where the JDK has no virtual threads. */
  static Result virtual(int threads) throws InterruptedException {
    VirtualThreads virtual = VirtualThreads.ofThisJdk();
    return virtual == null
        ? null
        : burst(threads + " virtual threads", threads, virtual::unstarted);
  }

  private interface Starter {
    Thread thread(Runnable task);
  }

  private static Result burst(String name, int threads, Starter starter)
      throws InterruptedException {
    try (PrimitivePools pools = new PrimitivePools(BUDGET)) {
      AtomicLong highest = new AtomicLong();
      CountDownLatch done = new CountDownLatch(threads);
      CountDownLatch end = new CountDownLatch(1);
      for (int i = 0; i < threads; i++) {
        starter
            .thread(
                () -> {
                  work(pools, highest);
                  done.countDown();
                  awaitQuietly(end);
                })
            .start();
      }
      if (!done.await(5, TimeUnit.MINUTES)) {
        throw new IllegalStateException("the burst did not end");
      }
      long after = there(pools);
      pools.trim(Pressure.HIGH);
      pools.trim(Pressure.HIGH);
      long relieved = there(pools);
      PoolStats stats = pools.stats();
      end.countDown();
      return new Result(name, BUDGET, highest.get(), after, relieved, stats.hitRatio());
    }
  }

  /** Bytes on the shelves, added up; what the budget says must be the same while all wait. */
  private static long there(PrimitivePools pools) {
    long bytes = 0;
    for (PoolStats.SizeClass kind : pools.stats().classes()) {
      bytes += kind.bytesEach() * (kind.held() + kind.lent());
    }
    if (bytes != pools.reservedBytes()) {
      throw new IllegalStateException(
          bytes + " bytes are there, " + pools.reservedBytes() + " reserved");
    }
    return bytes;
  }

  private static void work(PrimitivePools pools, AtomicLong highest) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    Object[] out = new Object[4];
    for (int round = 0; round < 20; round++) {
      for (int i = 0; i < out.length; i++) {
        out[i] = pools.acquire(BYTE, 1 << (8 + random.nextInt(9)), 0, false);
      }
      if ((round & 7) == 0) {
        Thread.yield();
      }
      for (Object array : out) {
        pools.release(array, BYTE, 0);
      }
      long held = pools.reservedBytes();
      highest.accumulateAndGet(held, Math::max);
    }
  }

  /** Bytes allocated by 100 jobs with a 20 MB buffer each: first with new, then from the pool. */
  static Findings.Jobs hundredTimesTwentyMegabytes() {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    long sum = 0;
    for (int i = 0; i < 100; i++) {
      sum += touch(new byte[TWENTY_MB]);
    }
    long fresh = threads.getCurrentThreadAllocatedBytes() - before;
    try (PrimitivePools pools = new PrimitivePools(BUDGET)) {
      pools.release(pools.acquire(BYTE, TWENTY_MB, 0, true), BYTE, 0); // the one that is made
      before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 100; i++) {
        byte[] buffer = (byte[]) pools.acquire(BYTE, TWENTY_MB, 0, true);
        sum += touch(buffer);
        pools.release(buffer, BYTE, 0);
      }
    }
    long pooled = threads.getCurrentThreadAllocatedBytes() - before;
    if (sum == 0) { // so that no buffer can be left out
      throw new IllegalStateException("nothing was written");
    }
    return new Findings.Jobs(fresh, pooled);
  }

  private static long touch(byte[] buffer) {
    for (int i = 0; i < buffer.length; i += 4096) {
      buffer[i]++;
    }
    return buffer[0];
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
