package dev.tidepool.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OtherPoolsTest {
  private final PoolPressure pressure = PoolPressure.driven();

  @Test
  void queuesAreHandedOutEmptyAndByCapacity() {
    QueuePool<String> pool = QueuePool.of("queues", 10_000, pressure);
    BlockingQueue<String> queue = pool.acquire(16);
    queue.add("left behind");
    pool.release(queue);
    assertThat(queue).isEmpty();
    queue.add("from a late producer");
    assertThat(pool.acquire(16)).isSameAs(queue).isEmpty();
    assertThat(pool.acquire(17).remainingCapacity()).isEqualTo(17);
  }

  @Test
  void directBuffersAreSlicesOfSlabsThatDoNotOverlap() {
    DirectPool pool = DirectPool.of("direct", 64 << 10, 1 << 20, pressure);
    List<ByteBuffer> lent = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      ByteBuffer buffer = pool.acquire(1000);
      assertThat(buffer.remaining()).isEqualTo(1000);
      assertThat(buffer.isDirect()).isTrue();
      while (buffer.hasRemaining()) {
        buffer.put((byte) i);
      }
      lent.add(buffer);
    }
    for (int i = 0; i < 64; i++) {
      for (int at = 0; at < 1000; at++) {
        assertThat(lent.get(i).get(at)).isEqualTo((byte) i);
      }
    }
    assertThat(pool.slabBytes()).isEqualTo(64 << 10);
  }

  @Test
  void aDirectBufferComesBackAsNew() {
    DirectPool pool = DirectPool.of("direct", 4096, 4096, pressure);
    ByteBuffer buffer = pool.acquire(4000);
    buffer.position(7).order(ByteOrder.LITTLE_ENDIAN);
    pool.release(buffer);
    assertThat(pool.acquire(3000)).isSameAs(buffer);
    assertThat(buffer.position()).isZero();
    assertThat(buffer.limit()).isEqualTo(3000);
    assertThat(buffer.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
  }

  @Test
  void directMemoryIsBoundedAndSlabsWhoseBuffersAreForgottenAreCutAgain() {
    DirectPool pool = DirectPool.of("direct", 64 << 10, 128 << 10, pressure);
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      seen.add(pool.acquire(32 << 10).capacity());
      assertThat(pool.slabBytes()).isLessThanOrEqualTo(128 << 10);
    }
    assertThat(seen).containsExactly(32 << 10);
    pressure.level(Pressure.CRITICAL);
    for (int i = 0; i < 100 && pool.slabBytes() != 0; i++) {
      pressure.tick();
      System.gc();
    }
    assertThat(pool.slabBytes()).isZero();
  }

  @Test
  void noSliceOfASlabIsLostHoweverMany() {
    DirectPool pool = DirectPool.of("direct", 1 << 20, 1 << 20, pressure);
    int slices = (1 << 20) / 256;
    IdentityHashMap<ByteBuffer, Boolean> known = new IdentityHashMap<>();
    for (int round = 0; round < 3; round++) {
      List<ByteBuffer> out = new ArrayList<>();
      for (int i = 0; i < slices; i++) {
        out.add(pool.acquire(200));
      }
      for (ByteBuffer buffer : out) {
        assertThat(known.put(buffer, true) == null).isEqualTo(round == 0);
        pool.release(buffer);
      }
    }
    assertThat(known).hasSize(slices);
    assertThat(pool.stats().misses()).isEqualTo(1);
    assertThat(pool.stats().dropped()).isZero();
    pressure.level(Pressure.CRITICAL);
    pressure.tick();
    assertThat(pool.isEmpty()).isTrue();
  }

  @Test
  void whatIsBeyondTheBoundIsNotKept() {
    for (DirectPool pool :
        List.of(
            DirectPool.of("direct", 4096, 4096, pressure),
            DirectPool.checked("direct", 4096, 4096, pressure))) {
      ByteBuffer within = pool.acquire(4000);
      ByteBuffer beyond = pool.acquire(4000);
      pool.release(beyond);
      assertThat(pool.isEmpty()).isTrue();
      pool.release(within);
      assertThat(pool.stats().heldBytes()).isPositive().isLessThan(2 * 4096);
      pool.acquire(4000);
      assertThat(pool.acquire(4000)).isNotSameAs(beyond);
    }
  }

  @Test
  void aBufferThatCannotBeThePoolsIsRefused() {
    DirectPool pool = DirectPool.of("direct", 4096, 4096, pressure);
    assertThatThrownBy(() -> pool.release(ByteBuffer.allocate(256)))
        .isInstanceOf(PoolMisuseException.class);
    assertThatThrownBy(() -> pool.release(pool.acquire(256).asReadOnlyBuffer()))
        .isInstanceOf(PoolMisuseException.class);
    assertThatThrownBy(() -> pool.acquire(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aCheckedPoolFindsWhoWritesThroughAViewKeptPastTheRelease() {
    DirectPool pool = DirectPool.checked("direct", 4096, 4096, pressure);
    ByteBuffer lent = pool.acquire(4000);
    ByteBuffer view = lent.slice(100, 50).duplicate();
    pool.release(lent);
    view.put(7, (byte) 1);
    assertThatThrownBy(() -> pool.acquire(4000))
        .isInstanceOf(PoolMisuseException.class)
        .hasMessageContaining("written to after its release")
        .hasCauseInstanceOf(Throwable.class);
  }

  @Test
  void aCheckedPoolKnowsABufferReleasedTwiceThoughItsMemoryIsLentAgain() {
    DirectPool pool = DirectPool.checked("direct", 4096, 4096, pressure);
    ByteBuffer lent = pool.acquire(4000);
    assertThatThrownBy(() -> pool.release(lent.duplicate().clear()))
        .isInstanceOf(PoolMisuseException.class)
        .hasMessageContaining("never acquired");
    pool.release(lent);
    ByteBuffer again = pool.acquire(4000);
    assertThat(again.get(0)).as("what a late reader sees").isEqualTo((byte) 0xA5);
    assertThatThrownBy(() -> pool.release(lent))
        .isInstanceOf(PoolMisuseException.class)
        .hasMessageContaining("released twice")
        .hasCauseInstanceOf(Throwable.class);
    again.putInt(0, 42);
    assertThat(pool.slabBytes()).isEqualTo(4096);
    assertThat(pool.stats().hits()).isEqualTo(1);
  }

  @Test
  void theCacheKeepsWhatIsReadAndEvictsWhatIsNot() {
    BoundedCache<Integer, String> cache =
        BoundedCache.of("cache", 10, Duration.ofDays(1), v -> 1, pressure);
    for (int i = 0; i < 10; i++) {
      cache.put(i, "v" + i);
    }
    for (int i = 0; i < 5; i++) {
      assertThat(cache.get(i)).isEqualTo("v" + i);
    }
    for (int i = 10; i < 15; i++) {
      cache.put(i, "v" + i);
    }
    assertThat(cache.weight()).isEqualTo(10);
    for (int i = 0; i < 5; i++) {
      assertThat(cache.get(i)).isNotNull();
    }
    assertThat(cache.get(7)).isNull();
    assertThat(cache.stats().hits()).isEqualTo(10);
    assertThat(cache.stats().misses()).isEqualTo(1);
  }

  @Test
  void theCacheWeighsExpiresAndReplaces() {
    AtomicLong clock = new AtomicLong();
    BoundedCache<String, byte[]> cache =
        BoundedCache.of("cache", 1000, Duration.ofNanos(10), v -> v.length, pressure, clock::get);
    cache.put("a", new byte[600]);
    cache.put("a", new byte[500]);
    assertThat(cache.weight()).isEqualTo(500);
    cache.put("too heavy", new byte[1001]);
    assertThat(cache.get("too heavy")).isNull();
    assertThat(cache.get("b", k -> new byte[400])).hasSize(400);
    clock.set(10);
    assertThat(cache.get("a")).isNull();
    pressure.tick();
    assertThat(cache.weight()).isZero();
    assertThat(cache.size()).isZero();
    for (int i = 0; i < 10_000; i++) {
      cache.put("a", new byte[1]);
    }
    assertThat(cache.weight()).isEqualTo(1);
  }

  @Test
  void theCacheRefusesNullAndIsAsItWas() {
    BoundedCache<String, String> cache =
        BoundedCache.of("cache", 10, Duration.ofDays(1), v -> 1, pressure);
    assertThatThrownBy(() -> cache.put(null, "v")).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> cache.put("k", null)).isInstanceOf(NullPointerException.class);
    assertThat(cache.weight()).isZero();
    assertThat(cache.get("k", k -> null)).isNull();
    for (int i = 0; i < 20; i++) {
      cache.put("k" + i, "v");
    }
    assertThat(cache.weight()).isEqualTo(10);
    cache.trim(Pressure.CRITICAL);
    assertThat(cache.isEmpty()).isTrue();
  }

  @Test
  void underPressureTheCacheShrinksToAPart() {
    BoundedCache<Integer, String> cache =
        BoundedCache.of("cache", 100, Duration.ofDays(1), v -> 1, pressure);
    for (int i = 0; i < 100; i++) {
      cache.put(i, "v");
    }
    pressure.level(Pressure.HIGH);
    pressure.tick();
    assertThat(cache.size()).isEqualTo(10);
    cache.close();
    assertThat(cache.isEmpty()).isTrue();
  }

  @Test
  void theMeterCountsAndItsQuantilesAreNearTheTruth() {
    OperationMeter meter = new OperationMeter();
    for (int i = 1; i <= 1000; i++) {
      meter.record(i * 1000L);
    }
    meter.recordFailure(Long.MAX_VALUE / 4);
    OperationMeter.Snapshot snapshot = meter.snapshot();
    assertThat(snapshot.count()).isEqualTo(1001);
    assertThat(snapshot.failures()).isEqualTo(1);
    assertThat(snapshot.totalNanos()).isEqualTo(1000L * 1001 / 2 * 1000 + Long.MAX_VALUE / 4);
    assertThat(snapshot.p50Nanos()).isBetween(500_000L, 565_000L);
    assertThat(snapshot.p99Nanos()).isBetween(990_000L, 1_120_000L);
    assertThat(snapshot.maxNanos()).isGreaterThan(100_000_000_000L);
    assertThat(new OperationMeter().snapshot())
        .isEqualTo(new OperationMeter.Snapshot(0, 0, 0, 0, 0, 0));
  }

  @Test
  void workThatFindsNoRoomRunsInItsCaller() throws InterruptedException {
    ThreadPoolExecutor workers = Workers.bounded("w", 1, 1);
    CountDownLatch hold = new CountDownLatch(1);
    Runnable wait =
        () -> {
          try {
            hold.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    workers.execute(wait);
    workers.execute(wait);
    List<Thread> ran = new ArrayList<>();
    workers.execute(() -> ran.add(Thread.currentThread()));
    assertThat(ran).containsExactly(Thread.currentThread());
    hold.countDown();
    workers.shutdown();
    assertThat(workers.awaitTermination(30, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
  }
}
