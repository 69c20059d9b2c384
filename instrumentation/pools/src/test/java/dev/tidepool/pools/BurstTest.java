package dev.tidepool.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Many threads at once, each with a few buffers of its own out, and then none. */
class BurstTest {
  private static final int BYTE = 8;
  private static final long BUDGET = 8L << 20; // less than the threads have out together

  @Test
  void fiveHundredThreadsNeverHoldMoreThanTheBudgetAndLetGoUnderPressure() throws Exception {
    burst(500, Thread::new);
  }

  @Test
  void tenThousandVirtualThreadsNeverHoldMoreThanTheBudgetAndLetGoUnderPressure() throws Exception {
    assumeThat(VirtualThreads.exist()).isTrue();
    burst(10_000, VirtualThreads::unstarted);
  }

  private static void burst(int threads, Function<Runnable, Thread> made) throws Exception {
    try (PrimitivePools pools = new PrimitivePools(BUDGET)) {
      AtomicLong highest = new AtomicLong();
      CountDownLatch done = new CountDownLatch(threads);
      CountDownLatch end = new CountDownLatch(1);
      for (int i = 0; i < threads; i++) {
        made.apply(() -> work(pools, highest, done, end)).start();
      }
      assertThat(done.await(2, TimeUnit.MINUTES)).isTrue();
      assertThat(highest.get()).isPositive().isLessThanOrEqualTo(BUDGET);
      assertThat(pools.reservedBytes()).isPositive().isLessThanOrEqualTo(BUDGET);
      assertThat(bytesThere(pools)).isEqualTo(pools.reservedBytes()); // nobody is at work now

      pools.trim(Pressure.HIGH);
      pools.trim(Pressure.HIGH);

      assertThat(pools.reservedBytes()).isLessThan(BUDGET / 10);
      assertThat(bytesThere(pools)).isEqualTo(pools.reservedBytes());
      end.countDown();
    }
  }

  /** By what is on the shelves, not by the counter that keeps to the budget. */
  private static long bytesThere(PrimitivePools pools) {
    return pools.holdings().heldBytes() + pools.holdings().lentBytes();
  }

  private static void work(
      PrimitivePools pools, AtomicLong highest, CountDownLatch done, CountDownLatch end) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    Object[] out = new Object[4];
    for (int round = 0; round < 5; round++) {
      for (int i = 0; i < out.length; i++) {
        out[i] = pools.acquire(BYTE, 1 << (8 + random.nextInt(9)), 0, false);
      }
      LockSupport.parkNanos(1000); // so that the others have theirs out meanwhile
      highest.accumulateAndGet(pools.reservedBytes(), Math::max);
      for (Object array : out) {
        pools.release(array, BYTE, 0);
      }
      highest.accumulateAndGet(pools.reservedBytes(), Math::max);
    }
    done.countDown();
    try {
      end.await(); // a thread that has ended would be swept: these live on
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
