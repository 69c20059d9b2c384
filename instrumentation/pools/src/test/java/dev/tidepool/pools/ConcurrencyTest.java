package dev.tidepool.pools;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ConcurrencyTest {
  private static final int LONG = 11;

  @Test
  void noArrayEverHasTwoHolders() throws InterruptedException {
    long seed = System.nanoTime();
    for (int round = 0; round < 4; round++) {
      PoisonWalk walk = new PoisonWalk(seed + round);
      AtomicLong left = new AtomicLong(100_000);
      assertThat(walk.walk(6, 6, () -> left.decrementAndGet() < 0)).isNull();
      assertThat(walk.hits()).isPositive();
    }
  }

  /** {@code mvn -Psoak verify}: two minutes, or {@code -Dsoak.seconds}. */
  @Test
  @Tag("soak")
  void noArrayEverHasTwoHoldersInTwoMinutes() throws InterruptedException {
    long seconds = Long.getLong("soak.seconds", 120);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    long seed = System.nanoTime();
    while (System.nanoTime() < end) {
      PoisonWalk walk = new PoisonWalk(seed++);
      long until = Math.min(end, System.nanoTime() + TimeUnit.SECONDS.toNanos(10));
      assertThat(walk.walk(8, 8, () -> System.nanoTime() > until)).isNull();
    }
  }

  /** One thread takes all, another gives all back; both work in batches by then. */
  @Test
  void whatIsHandedOverGoesRoundAndHasOneHolder() throws InterruptedException {
    int rounds = 50_000;
    PrimitivePools pools = new PrimitivePools(1 << 20);
    BlockingQueue<long[]> between = new ArrayBlockingQueue<>(8);
    AtomicLong faults = new AtomicLong();
    Thread giver =
        new Thread(
            () -> {
              for (int i = 0; i < rounds; i++) {
                long[] array = takeQuietly(between);
                faults.addAndGet(array[0] == -1 && array[99] == -1 ? 0 : 1);
                array[0] = 0;
                array[99] = 0;
                pools.release(array, LONG, 0);
              }
            });
    giver.start();
    for (int i = 0; i < rounds; i++) {
      long[] array = (long[]) pools.acquire(LONG, 100, 0, false);
      faults.addAndGet(array[0] == 0 && array[99] == 0 ? 0 : 1);
      array[0] = -1;
      array[99] = -1;
      between.put(array);
    }
    giver.join();
    assertThat(faults).hasValue(0);
    assertThat(pools.stats().hits()).isGreaterThan(rounds / 2);
    // eight on the way, and what fits into two threads' shelves and a few stripes
    assertThat(pools.reservedBytes()).isLessThan(200 * 816);
    assertThat(pools.trim(Pressure.CRITICAL)).isPositive();
    assertThat(pools.reservedBytes()).isZero();
  }

  private static long[] takeQuietly(BlockingQueue<long[]> queue) {
    try {
      return queue.take();
    } catch (InterruptedException unwanted) {
      throw new IllegalStateException(unwanted);
    }
  }

  @Test
  void neitherClosedNorForgottenPoolsKeepTheirClassLoader() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    assertThat(collected(loaderOfPools(true, end))).isTrue();
    assertThat(collected(loaderOfPools(false, end))).isTrue();
    end.countDown();
  }

  /** Loads the pools apart, has a thread use them that lives on, and lets go. */
  private static WeakReference<ClassLoader> loaderOfPools(boolean close, CountDownLatch end)
      throws Exception {
    // the way to the classes, whether the tests run on the class path or the module path
    URL module = PrimitivePools.class.getResource("PrimitivePools.class");
    String suffix = PrimitivePools.class.getName().replace('.', '/') + ".class";
    URL classes =
        new URL(module.toString().substring(0, module.toString().length() - suffix.length()));
    URLClassLoader loader = new URLClassLoader(new URL[] {classes}, null);
    Class<?> type = loader.loadClass(PrimitivePools.class.getName());
    assertThat(type).isNotSameAs(PrimitivePools.class);
    Object[] pools = {type.getConstructor(long.class).newInstance(1L << 20)};
    CountDownLatch used = new CountDownLatch(1);
    Thread user =
        new Thread(
            () -> {
              use(pools[0]);
              used.countDown();
              awaitQuietly(end);
            });
    user.setDaemon(true);
    user.start();
    used.await();
    if (close) {
      ((AutoCloseable) pools[0]).close();
    }
    pools[0] = null;
    loader.close();
    return new WeakReference<>(loader);
  }

  private static void use(Object pools) {
    try {
      var acquire =
          pools.getClass().getMethod("acquire", int.class, int.class, int.class, boolean.class);
      var release = pools.getClass().getMethod("release", Object.class, int.class, int.class);
      for (int i = 0; i < 200; i++) {
        release.invoke(pools, acquire.invoke(pools, 8, 100, 0, true), 8, 0);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean collected(WeakReference<?> reference) throws InterruptedException {
    for (int i = 0; i < 200 && reference.get() != null; i++) {
      System.gc();
      Thread.sleep(10);
    }
    return reference.get() == null;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
