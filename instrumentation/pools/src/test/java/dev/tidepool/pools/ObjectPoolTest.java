package dev.tidepool.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ObjectPoolTest {
  private final PoolPressure pressure = PoolPressure.driven();
  private final AtomicInteger made = new AtomicInteger();

  /** Something with an identity and a state. */
  static final class Thing {
    int state;
    boolean broken;
  }

  private ObjectPool.Builder<Thing> things() {
    return ObjectPool.<Thing>of(
            () -> {
              made.incrementAndGet();
              return new Thing();
            })
        .pressure(pressure);
  }

  @Test
  void reusesAndResets() {
    ObjectPool<Thing> pool = things().reset(t -> t.state = 0).build();
    Thing thing = pool.acquire();
    thing.state = 7;
    pool.release(thing);
    assertThat(pool.acquire()).isSameAs(thing);
    assertThat(thing.state).isZero();
    assertThat(pool.acquire()).isNotSameAs(thing);
    assertThat(made).hasValue(2);
  }

  @Test
  void discardsWhatIsNoLongerValid() {
    List<Thing> discarded = new ArrayList<>();
    ObjectPool<Thing> pool = things().valid(t -> !t.broken).discard(discarded::add).build();
    Thing thing = pool.acquire();
    thing.broken = true;
    pool.release(thing);
    assertThat(pool.acquire()).isNotSameAs(thing);
    assertThat(discarded).containsExactly(thing);
  }

  @Test
  void keepsAtMostMaxIdle() {
    ObjectPool<Thing> pool = things().maxIdle(4).build();
    List<Thing> lent = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      lent.add(pool.acquire());
    }
    lent.forEach(pool::release);
    assertThat(pool.stats().classes().get(0).held()).isEqualTo(4);
  }

  @Test
  void idleObjectsExpire() {
    ObjectPool<Thing> pool = things().idleExpiry(Duration.ZERO).build();
    pool.release(pool.acquire());
    pressure.tick();
    pressure.tick();
    assertThat(pool.isEmpty()).isTrue();
  }

  @Test
  void prefilledObjectsAreThereAfterTheNextRound() {
    ObjectPool<Thing> pool = things().prefill(5).build();
    pressure.tick();
    assertThat(made).hasValue(5);
    pool.acquire();
    assertThat(made).hasValue(5);
  }

  @Test
  void aBoundedPoolAnswersNullAndWaitsAsLongAsAsked() throws InterruptedException {
    ObjectPool<Thing> pool = things().maxTotal(2).build();
    Thing one = pool.acquire();
    assertThat(pool.acquire()).isNotNull();
    assertThat(pool.acquire()).isNull();
    assertThat(pool.acquire(Duration.ofMillis(5))).isNull();
    Thread other = new Thread(() -> pool.release(one));
    other.start();
    assertThat(pool.acquire(Duration.ofSeconds(30))).isSameAs(one);
    other.join();
    assertThat(made).hasValue(2);
  }

  @Test
  void aBoundedPoolNeverMakesMoreNorLendsOneTwice() throws InterruptedException {
    ObjectPool<Thing> pool = things().maxTotal(3).build();
    Set<Thing> out = Collections.newSetFromMap(new ConcurrentHashMap<>());
    AtomicInteger shared = new AtomicInteger();
    AtomicInteger served = new AtomicInteger();
    Thread[] threads = new Thread[8];
    for (int i = 0; i < threads.length; i++) {
      threads[i] = new Thread(() -> borrowOften(pool, out, shared, served));
      threads[i].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(shared).hasValue(0);
    assertThat(served).hasValue(8 * 500);
    assertThat(out).isEmpty();
    assertThat(pool.stats().classes().stream().mapToInt(PoolStats.SizeClass::held).sum())
        .isLessThanOrEqualTo(3);
  }

  private static void borrowOften(
      ObjectPool<Thing> pool, Set<Thing> out, AtomicInteger shared, AtomicInteger served) {
    for (int n = 0; n < 500; n++) {
      try {
        Thing thing = pool.acquire(Duration.ofSeconds(30));
        if (!out.add(thing) || out.size() > 3) {
          shared.incrementAndGet();
        }
        out.remove(thing);
        pool.release(thing);
        served.incrementAndGet();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void aFailingFactoryLeavesRoomForAnotherTry() {
    AtomicInteger tries = new AtomicInteger();
    ObjectPool<Thing> pool =
        ObjectPool.<Thing>of(
                () -> {
                  if (tries.incrementAndGet() == 1) {
                    throw new IllegalStateException("no luck");
                  }
                  return new Thing();
                })
            .maxTotal(1)
            .pressure(pressure)
            .build();
    assertThat(catchThrowableOfType(IllegalStateException.class, pool::acquire))
        .hasMessage("no luck");
    assertThat(pool.acquire()).isNotNull();
  }

  @Test
  void aDoubleReleaseOfAWatchedObjectNamesBothStacks() {
    ObjectPool<Thing> pool = things().build();
    String here = "aDoubleReleaseOfAWatchedObjectNamesBothStacks";
    Thing watched = pool.acquire(); // the first acquisition is
    firstRelease(pool, watched);
    PoolMisuseException e =
        catchThrowableOfType(PoolMisuseException.class, () -> pool.release(watched));
    assertThat(e.getCause().getStackTrace())
        .anyMatch(f -> f.getMethodName().equals("firstRelease"));
    assertThat(e.getSuppressed()[0])
        .hasMessageStartingWith("acquired")
        .satisfies(
            t -> assertThat(t.getStackTrace()).anyMatch(f -> f.getMethodName().equals(here)));
  }

  @Test
  void aLeakIsReportedWithTheStackThatAcquired() {
    List<Throwable> leaks = Collections.synchronizedList(new ArrayList<>());
    ObjectPool<Thing> pool = things().leaks(leaks::add).build();
    leak(pool);
    for (int i = 0; i < 100 && pool.leaked() == 0; i++) {
      System.gc();
      pressure.tick();
    }
    assertThat(pool.leaked()).isEqualTo(1);
    assertThat(leaks.get(0).getStackTrace()).anyMatch(f -> f.getMethodName().equals("leak"));
  }

  private static void leak(ObjectPool<Thing> pool) {
    pool.acquire().state = 1;
  }

  private static void firstRelease(ObjectPool<Thing> pool, Thing thing) {
    pool.release(thing);
  }
}
