package dev.tidepool.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What callers' own code throws, what never comes back, and many at once for few objects. */
class ObjectPoolFaultsTest {
  private final PoolPressure pressure = PoolPressure.driven();
  private final Queue<Throwable> reported = new ConcurrentLinkedQueue<>();
  private Thread.UncaughtExceptionHandler before;

  @BeforeEach
  void listen() {
    before = Thread.currentThread().getUncaughtExceptionHandler();
    Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> reported.add(e));
  }

  @AfterEach
  void stopListening() {
    Thread.currentThread().setUncaughtExceptionHandler(before);
  }

  private ObjectPool.Builder<StringBuilder> builders() {
    return ObjectPool.of(StringBuilder::new).pressure(pressure);
  }

  @Test
  void aResetThatFailsFreesThePlaceOfItsObject() {
    AtomicBoolean fails = new AtomicBoolean(true);
    List<StringBuilder> discarded = new ArrayList<>();
    ObjectPool<StringBuilder> pool =
        builders().maxTotal(1).reset(b -> failIf(fails)).discard(discarded::add).build();
    StringBuilder one = pool.acquire();
    assertThatThrownBy(() -> pool.release(one)).hasMessage("as told");
    assertThat(discarded).containsExactly(one);
    fails.set(false);
    StringBuilder two = pool.acquire();
    assertThat(two).isNotNull().isNotSameAs(one);
    assertThat(pool.acquire()).isNull();
    pool.release(two);
    assertThat(pool.acquire()).isSameAs(two);
  }

  @Test
  void aCheckThatFailsFreesThePlaceOfItsObject() {
    AtomicBoolean fails = new AtomicBoolean(true);
    ObjectPool<StringBuilder> pool = builders().maxTotal(1).valid(b -> !failIf(fails)).build();
    pool.release(pool.acquire());
    assertThatThrownBy(pool::acquire).hasMessage("as told");
    fails.set(false);
    assertThat(pool.acquire()).isNotNull();
  }

  @Test
  void whatIsCollectedUnreleasedFreesItsPlace() {
    ObjectPool<StringBuilder> pool = builders().maxTotal(1).build();
    pool.acquire().append("forgotten");
    StringBuilder next = pool.acquire();
    for (int i = 0; i < 200 && next == null; i++) {
      System.gc();
      pressure.tick();
      next = pool.acquire();
    }
    assertThat(next).isNotNull();
  }

  @Test
  void nothingIsNotReleased() {
    ObjectPool<StringBuilder> pool = builders().maxTotal(1).build();
    StringBuilder one = pool.acquire();
    pool.release(one);
    assertThat(pool.acquire()).isSameAs(one);
    assertThat(pool.acquire()).isNull();
    assertThatThrownBy(() -> pool.release(null)).isInstanceOf(NullPointerException.class);
  }

  @Test
  void whoHoldsNothingFindsOneWhereEachMayHoldOne() throws InterruptedException {
    int threads = 8;
    AtomicInteger made = new AtomicInteger();
    AtomicInteger discarded = new AtomicInteger();
    ObjectPool<Object> pool =
        ObjectPool.<Object>of(
                () -> {
                  made.incrementAndGet();
                  return new Object();
                })
            .discard(o -> discarded.incrementAndGet())
            .maxTotal(threads)
            .pressure(pressure)
            .build();
    AtomicInteger nulls = new AtomicInteger();
    Runnable work =
        () -> {
          for (int i = 0; i < 100_000; i++) {
            Object one = pool.acquire();
            if (one == null) {
              nulls.incrementAndGet();
            } else {
              pool.release(one);
            }
          }
        };
    Thread[] all = new Thread[threads];
    for (int i = 0; i < threads; i++) {
      all[i] = new Thread(work);
      all[i].start();
    }
    for (Thread thread : all) {
      thread.join();
    }
    assertThat(nulls).hasValue(0);
    assertThat(discarded).as("good ones let go").hasValue(0);
    assertThat(made.get()).isLessThanOrEqualTo(threads);
  }

  @Test
  void aDiscardThatFailsIsReportedAndHoldsNothingUp() {
    AtomicInteger discarded = new AtomicInteger();
    ObjectPool<StringBuilder> failing =
        builders()
            .discard(
                b -> {
                  discarded.incrementAndGet();
                  throw new IllegalStateException("as told");
                })
            .build();
    ObjectPool<StringBuilder> other = builders().build();
    List<StringBuilder> out = List.of(failing.acquire(), failing.acquire(), failing.acquire());
    out.forEach(failing::release);
    other.release(other.acquire());
    pressure.level(Pressure.CRITICAL);
    pressure.tick();
    assertThat(discarded).hasValue(3);
    assertThat(failing.isEmpty()).isTrue();
    assertThat(other.isEmpty()).isTrue();
    assertThat(reported).hasSize(3).allMatch(e -> e.getMessage().equals("as told"));
  }

  @Test
  void aFactoryThatFailsInTheBackgroundIsReportedAndHoldsNothingUp() {
    ObjectPool<StringBuilder> other = builders().build();
    ObjectPool.<StringBuilder>of(
            () -> {
              throw new IllegalStateException("as told");
            })
        .pressure(pressure)
        .prefill(3)
        .build();
    other.release(other.acquire());
    pressure.level(Pressure.CRITICAL);
    pressure.tick();
    assertThat(other.isEmpty()).isTrue();
    assertThat(reported).hasSize(1);
  }

  @Test
  void aLeakHandlerThatFailsIsReportedOnceAndHoldsNothingUp() {
    ObjectPool<StringBuilder> pool =
        builders()
            .leaks(
                stack -> {
                  throw new IllegalStateException("as told");
                })
            .build();
    pool.acquire().append("forgotten");
    for (int i = 0; i < 200 && pool.leaked() == 0; i++) {
      System.gc();
      pressure.tick();
    }
    pressure.tick();
    assertThat(reported).hasSize(1);
    pool.release(pool.acquire());
    pressure.level(Pressure.CRITICAL);
    pressure.tick();
    assertThat(pool.isEmpty()).isTrue();
  }

  @Test
  void aShortExpiryStaysShortWhereMemoryIsALittleShort() {
    for (Pressure level : List.of(Pressure.NONE, Pressure.LOW, Pressure.MEDIUM)) {
      ObjectPool<StringBuilder> pool = builders().idleExpiry(Duration.ZERO).build();
      pool.release(pool.acquire());
      pressure.level(level);
      pressure.tick();
      pressure.tick();
      assertThat(pool.isEmpty()).as(level.name()).isTrue();
    }
  }

  private static boolean failIf(AtomicBoolean fails) {
    if (fails.get()) {
      throw new IllegalStateException("as told");
    }
    return false;
  }
}
