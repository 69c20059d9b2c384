package dev.tidepool.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ArrayPoolTest {
  private final PoolPressure pressure = PoolPressure.driven();

  private ArrayPool.Builder<byte[]> bytes() {
    return ArrayPool.ofBytes().budget(64 << 20).pressure(pressure);
  }

  @Test
  void mixedSizesAreHitsInSteadyState() {
    ArrayPool<byte[]> mixed = ArrayPool.ofBytes().powersOfTwo().budget(64 << 20).build();
    Random random = new Random(42);
    byte[][] out = new byte[8][];
    PoolStats seen = mixed.stats();
    for (int i = 0; i < 200_000; i++) {
      if (i == 100_000) {
        seen = mixed.stats();
      }
      if (out[i % 8] != null) {
        mixed.release(out[i % 8]);
      }
      out[i % 8] = mixed.acquire(64 << random.nextInt(11));
    }
    double hits = mixed.stats().hits() - seen.hits();
    assertThat(hits / 100_000).isGreaterThanOrEqualTo(0.999);
    mixed.close();
  }

  @Test
  void exactLengthsAreExact() {
    ArrayPool<byte[]> pool = bytes().exact().build();
    byte[] array = pool.acquire(1001);
    assertThat(array).hasSize(1001);
    pool.release(array);
    assertThat(pool.acquire(1001)).isSameAs(array);
    assertThat(pool.acquire(1000)).hasSize(1000);
  }

  @Test
  void powersOfTwoShareArraysBetweenNearLengths() {
    ArrayPool<byte[]> pool = bytes().powersOfTwo().build();
    byte[] array = pool.acquire(1025);
    assertThat(array).hasSize(2048);
    pool.release(array);
    assertThat(pool.acquire(2048)).isSameAs(array);
    assertThat(pool.acquire(1)).hasSize(16);
    assertThat(pool.acquire(16)).hasSize(16);
    assertThat(pool.acquire(17)).hasSize(32);
    assertThatThrownBy(() -> pool.acquire(-1)).isInstanceOf(NegativeArraySizeException.class);
  }

  @Test
  void theFiveTiersServeWhatFitsAndLeaveTheRest() {
    ArrayPool<byte[]> pool = bytes().fiveTiers().build();
    assertThat(pool.acquire(5)).hasSize(1 << 10);
    assertThat(pool.acquire(1025)).hasSize(256 << 10);
    assertThat(pool.acquire(3 << 20)).hasSize(5 << 20);
    assertThat(pool.acquire((10 << 20) + 1)).hasSize((10 << 20) + 1);
  }

  @Test
  void everyPrimitiveTypeHasItsPool() {
    assertThat(ArrayPool.ofChars().pressure(pressure).build().acquire(3))
        .isInstanceOf(char[].class);
    assertThat(ArrayPool.ofShorts().pressure(pressure).build().acquire(3)).hasSize(3);
    assertThat(ArrayPool.ofInts().pressure(pressure).build().acquire(3)).hasSize(3);
    assertThat(ArrayPool.ofLongs().pressure(pressure).build().acquire(3)).hasSize(3);
    assertThat(ArrayPool.ofFloats().pressure(pressure).build().acquire(3)).hasSize(3);
    assertThat(ArrayPool.ofDoubles().pressure(pressure).build().acquire(3)).hasSize(3);
    assertThat(ArrayPool.ofBooleans().pressure(pressure).build().acquire(3)).hasSize(3);
  }

  @Test
  void clearingIsAsTheBuilderSays() {
    ArrayPool<byte[]> dirty = bytes().clear(ClearPolicy.DIRTY).build();
    byte[] a = dirty.acquire(100);
    Arrays.fill(a, 0, 10, (byte) 1);
    dirty.release(a, 10);
    assertThat(dirty.acquire(100)).isSameAs(a).containsOnly(0);

    ArrayPool<byte[]> full = bytes().clear(ClearPolicy.FULL).build();
    byte[] b = full.acquire(100);
    Arrays.fill(b, (byte) 1);
    full.release(b, 1);
    assertThat(full.acquire(100)).isSameAs(b).containsOnly(0);

    ArrayPool<byte[]> never = bytes().build();
    byte[] c = never.acquire(100);
    Arrays.fill(c, (byte) 1);
    never.release(c);
    assertThat(never.acquire(100)).isSameAs(c).containsOnly(1);
  }

  @Test
  void aLeaseGivesBackOnceAndIsDeadThen() {
    ArrayPool<byte[]> pool = bytes().clear(ClearPolicy.DIRTY).build();
    ArrayPool.Lease<byte[]> lease = pool.lease(50);
    byte[] array = lease.array();
    array[3] = 1;
    lease.used(4);
    lease.close();
    lease.close();
    assertThat(pool.acquire(50)).isSameAs(array).containsOnly(0);
    assertThat(pool.acquire(50)).isNotSameAs(array);
    assertThatThrownBy(lease::array).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void prewarmedArraysAreThereAfterTheNextRound() {
    ArrayPool<byte[]> pool = bytes().build();
    pool.prewarm(4096, 8);
    assertThat(pool.stats().heldBytes()).isZero();
    pressure.tick();
    assertThat(pool.stats().heldBytes()).isEqualTo(8 * (4096 + 16));
    pool.acquire(4096);
    assertThat(pool.stats().hits()).isEqualTo(1);
  }

  @Test
  void statsNameEachSizeClass() {
    ArrayPool<int[]> pool = ArrayPool.ofInts().pressure(pressure).name("ints").build();
    pool.release(pool.acquire(10));
    pool.acquire(20);
    PoolStats stats = pool.stats();
    assertThat(stats.pool()).isEqualTo("ints");
    assertThat(stats.misses()).isEqualTo(2);
    assertThat(stats.hitRatio()).isZero();
    assertThat(stats.classes()).containsExactly(new PoolStats.SizeClass("int[10]", 56, 1, 0));
  }

  @Test
  void statsTellOfEachSizeWhatHappened() {
    ArrayPool<byte[]> pool = bytes().powersOfTwo().budget(100_000).build();
    byte[] one = pool.acquire(1000);
    byte[] other = pool.acquire(600);
    pool.release(one);
    pool.release(other);
    pool.release(pool.acquire(1024));
    pool.release(pool.acquire(200_000)); // more than the budget
    pressure.level(Pressure.CRITICAL);
    pressure.tick();
    PoolStats stats = pool.stats();
    assertThat(stats.sizes())
        .containsExactly(
            new PoolStats.SizeCounts(1024, 1, 2, 0, 2),
            new PoolStats.SizeCounts(262_144, 0, 1, 1, 0));
    assertThat(stats.hits()).isEqualTo(1);
    assertThat(stats.misses()).isEqualTo(3);
    assertThat(stats.dropped()).isEqualTo(1);
  }

  @Test
  void debugModeNamesBothReleases() {
    ArrayPool<byte[]> pool = bytes().debug(true).build();
    byte[] array = pool.acquire(10);
    firstRelease(pool, array);
    PoolMisuseException e =
        catchThrowableOfType(PoolMisuseException.class, () -> secondRelease(pool, array));
    assertThat(e).hasMessageContaining("released twice");
    assertThat(e.getStackTrace()).anyMatch(f -> f.getMethodName().equals("secondRelease"));
    assertThat(e.getCause().getStackTrace())
        .anyMatch(f -> f.getMethodName().equals("firstRelease"));
    assertThat(e.getSuppressed()[0]).hasMessageStartingWith("acquired");
  }

  @Test
  void aSecondReleaseInDebugModeLeavesTheArrayAsItWaits() {
    for (ClearPolicy clearing : ClearPolicy.values()) {
      ArrayPool<byte[]> pool = bytes().debug(true).clear(clearing).build();
      byte[] array = pool.acquire(10);
      firstRelease(pool, array);
      assertThatThrownBy(() -> secondRelease(pool, array)).isInstanceOf(PoolMisuseException.class);
      assertThat(pool.acquire(10)).as(clearing.name()).isSameAs(array);
    }
  }

  @Test
  void debugModeNamesWhereAForeignArrayWasAcquired() {
    ArrayPool<byte[]> one = bytes().debug(true).name("one").build();
    ArrayPool<byte[]> other = bytes().debug(true).name("other").build();
    byte[] array = one.acquire(10);
    PoolMisuseException e =
        catchThrowableOfType(PoolMisuseException.class, () -> secondRelease(other, array));
    assertThat(e).hasMessageContaining("never acquired from this pool");
    assertThat(e.getStackTrace()).anyMatch(f -> f.getMethodName().equals("secondRelease"));
    assertThat(e.getCause()).hasMessageStartingWith("acquired from one");
    assertThat(e.getCause().getStackTrace())
        .anyMatch(f -> f.getMethodName().equals("debugModeNamesWhereAForeignArrayWasAcquired"));
    assertThat(catchThrowableOfType(PoolMisuseException.class, () -> one.release(new byte[10])))
        .hasCauseInstanceOf(Throwable.class);
  }

  @Test
  void debugModeRefusesAForeignArray() {
    ArrayPool<byte[]> pool = bytes().debug(true).build();
    assertThatThrownBy(() -> pool.release(new byte[10]))
        .isInstanceOf(PoolMisuseException.class)
        .hasMessageContaining("never acquired");
  }

  @Test
  void debugModeFindsAWriteAfterReleaseAndNamesBothStacks() {
    ArrayPool<byte[]> pool = bytes().debug(true).clear(ClearPolicy.FULL).build();
    byte[] array = pool.acquire(10);
    firstRelease(pool, array);
    assertThat(pool.acquire(10)).isSameAs(array).containsOnly(0);
    firstRelease(pool, array);
    array[5] = 1;
    PoolMisuseException e = catchThrowableOfType(PoolMisuseException.class, () -> pool.acquire(10));
    assertThat(e).hasMessageContaining("after its release");
    assertThat(e.getCause().getStackTrace())
        .anyMatch(f -> f.getMethodName().equals("firstRelease"));
    assertThat(e.getSuppressed()[0].getStackTrace())
        .anyMatch(f -> f.getClassName().equals(ArrayPoolTest.class.getName()));
  }

  private static void firstRelease(ArrayPool<byte[]> pool, byte[] array) {
    pool.release(array);
  }

  private static void secondRelease(ArrayPool<byte[]> pool, byte[] array) {
    pool.release(array);
  }
}
