package dev.tidepool.pools;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class PoolPressureTest {

  @Test
  void itsThreadIsThereOnlyWhileThereIsSomethingToDo() throws InterruptedException {
    try (PoolPressure pressure = PoolPressure.every(Duration.ofMillis(5))) {
      ArrayPool<byte[]> pool = ArrayPool.ofBytes().pressure(pressure).budget(1 << 20).build();
      long before = keepers();
      pool.acquire(10);
      assertThat(keepers()).isEqualTo(before);
      pool.release(new byte[10]);
      assertThat(keepers()).isEqualTo(before + 1);
      pressure.level(Pressure.CRITICAL);
      assertThat(comesTrue(() -> pool.isEmpty() && keepers() == before)).isTrue();
      pool.release(new byte[10]);
      assertThat(comesTrue(pool::isEmpty)).isTrue(); // it came back for this one
    }
  }

  @Test
  void itsThreadOutlivesWhatPoolsAndErrandsThrow() throws InterruptedException {
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Queue<Throwable> reported = new ConcurrentLinkedQueue<>();
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> reported.add(e));
    try (PoolPressure pressure = PoolPressure.every(Duration.ofMillis(5))) {
      pressure.errand(
          () -> {
            throw new IllegalStateException("as told");
          });
      assertThat(comesTrue(() -> !reported.isEmpty())).isTrue();
      AtomicInteger ran = new AtomicInteger();
      pressure.errand(ran::incrementAndGet);
      assertThat(comesTrue(() -> ran.get() == 1)).isTrue();

      ObjectPool<Object> failing =
          ObjectPool.of(Object::new)
              .discard(
                  object -> {
                    throw new OutOfMemoryError("as told");
                  })
              .pressure(pressure)
              .build();
      ArrayPool<byte[]> pool = ArrayPool.ofBytes().pressure(pressure).budget(1 << 20).build();
      failing.release(failing.acquire());
      pressure.level(Pressure.CRITICAL);
      assertThat(comesTrue(failing::isEmpty)).isTrue();
      pool.release(new byte[10]);
      assertThat(comesTrue(pool::isEmpty)).isTrue();
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
    assertThat(reported).hasSize(2);
  }

  /** Many come just when the thread has had its last quiet round. */
  @Test
  void anErrandIsNeverLeftBehind() throws InterruptedException {
    try (PoolPressure pressure = PoolPressure.every(Duration.ofNanos(1))) {
      AtomicInteger ran = new AtomicInteger();
      for (int i = 1; i <= 500; i++) {
        int wanted = i;
        pressure.errand(ran::incrementAndGet);
        assertThat(soonTrue(() -> ran.get() == wanted)).as("errand " + i).isTrue();
      }
    }
  }

  @Test
  void primitivePoolsAreLookedAfterLikeAllOthers() {
    PoolPressure pressure = PoolPressure.driven();
    PrimitivePools pools = new PrimitivePools(1 << 20, pressure);
    pools.release(new byte[100], 8, 0);
    pressure.level(Pressure.CRITICAL);
    assertThat(pressure.tick()).isEqualTo(120);
    assertThat(pools.isEmpty()).isTrue();
    assertThat(pressure.stats()).hasSize(1);
    pools.close();
    assertThat(pressure.stats()).isEmpty();
  }

  @Test
  void statsNameEachPoolAndForgottenOnesGo() throws InterruptedException {
    PoolPressure pressure = PoolPressure.driven();
    ArrayPool<byte[]> kept = ArrayPool.ofBytes().name("kept").pressure(pressure).build();
    ArrayPool.ofBytes().name("forgotten").pressure(pressure).build();
    assertThat(
            comesTrue(
                () -> {
                  System.gc();
                  return pressure.stats().size() == 1;
                }))
        .isTrue();
    assertThat(pressure.stats().get(0).pool()).isEqualTo(kept.name());
    kept.close();
    assertThat(pressure.stats()).isEmpty();
  }

  @Test
  void lengthsThatComeOnceMakeRoomForThoseThatComeAgain() throws InterruptedException {
    PoolPressure pressure = PoolPressure.driven();
    ArrayPool<byte[]> pool = ArrayPool.ofBytes().pressure(pressure).budget(4 << 20).build();
    for (int i = 0; i < 200; i++) {
      pool.release(new byte[30_000 + i]);
    }
    pool.release(new byte[40_000]);
    byte[] wanted = pool.acquire(40_000);
    pool.release(wanted);
    assertThat(pool.acquire(40_000)).as("no room").isNotSameAs(wanted);
    pressure.tick();
    Thread.sleep(1_100); // longer than what idles may stay where room is wanted
    pool.release(wanted);
    pressure.tick();
    pool.release(wanted);
    assertThat(pool.acquire(40_000)).isSameAs(wanted);
  }

  @Test
  void afterABurstLittleIsHeldTwoRoundsOfHighPressureLater() throws InterruptedException {
    PoolPressure pressure = PoolPressure.driven();
    ArrayPool<byte[]> pool = ArrayPool.ofBytes().pressure(pressure).budget(8 << 20).build();
    Thread[] threads = new Thread[200];
    for (int i = 0; i < threads.length; i++) {
      Runnable work = () -> burst(pool);
      threads[i] = i % 2 == 0 ? new Thread(work) : VirtualThreads.unstarted(work);
      threads[i].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    PoolStats after = pool.stats();
    assertThat(after.heldBytes() + after.lentBytes()).isLessThanOrEqualTo(8 << 20);
    pressure.level(Pressure.HIGH);
    pressure.tick();
    pressure.tick();
    assertThat(pool.stats().heldBytes()).isLessThanOrEqualTo((8 << 20) / 10);
  }

  private static void burst(ArrayPool<byte[]> pool) {
    for (int i = 0; i < 100; i++) {
      byte[] one = pool.acquire(1024 << (i % 7));
      byte[] two = pool.acquire(1024);
      pool.release(one);
      pool.release(two);
    }
  }

  private static long keepers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().equals("tidepool-pools"))
        .count();
  }

  /** As {@link #comesTrue}, looking without a pause at first. */
  private static boolean soonTrue(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 10_000 && !condition.getAsBoolean(); i++) {
      Thread.onSpinWait();
    }
    return condition.getAsBoolean() || comesTrue(condition);
  }

  private static boolean comesTrue(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 3000 && !condition.getAsBoolean(); i++) {
      Thread.sleep(10);
    }
    return condition.getAsBoolean();
  }
}
