package dev.tidepool.pools.bench;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tidepool.pools.ArrayPool;
import dev.tidepool.pools.BoundedCache;
import dev.tidepool.pools.CircuitBreaker;
import dev.tidepool.pools.DirectPool;
import dev.tidepool.pools.OperationMeter;
import dev.tidepool.pools.PoolPressure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** The small parts, and native memory and the cache beside one peer each. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PartsBench {
  private static final int KEYS = 1024;

  private final CircuitBreaker breaker = new CircuitBreaker(5, Duration.ofSeconds(1));
  private final OperationMeter meter = new OperationMeter();
  private final ArrayPool<byte[]> arrays = ArrayPool.ofBytes().budget(256L << 20).build();
  private final DirectPool direct =
      DirectPool.of("bench", 1 << 20, 64 << 20, PoolPressure.shared());
  private final PooledByteBufAllocator netty = new PooledByteBufAllocator(true);
  private final BoundedCache<Integer, byte[]> cache =
      BoundedCache.of("bench", 1 << 20, Duration.ofHours(1), v -> v.length, PoolPressure.shared());
  private final Cache<Integer, byte[]> caffeine =
      Caffeine.newBuilder()
          .maximumWeight(1 << 20)
          .<Integer, byte[]>weigher((k, v) -> v.length)
          .expireAfterWrite(Duration.ofHours(1))
          .recordStats() // as the other counts
          .build();

  /** A thread's own place in the sequence of keys and latencies. */
  @State(Scope.Thread)
  public static class Turn {
    private int n;
  }

  @Setup
  public void fill() {
    for (int i = 0; i < KEYS; i++) {
      cache.put(i, new byte[64]);
      caffeine.put(i, new byte[64]);
    }
  }

  @Benchmark
  public boolean breakerAllows() {
    return breaker.allows();
  }

  @Benchmark
  public void meterRecord(Turn turn) {
    meter.record(turn.n++ & 0xfffff);
  }

  /** As most code will: the lease itself is to cost nothing, not even its allocation. */
  @Benchmark
  public void leaseTidepool(Blackhole hole) {
    try (var lease = arrays.lease(4096)) {
      hole.consume(lease.array());
    }
  }

  @Benchmark
  public void directTidepool(Blackhole hole) {
    ByteBuffer buffer = direct.acquire(4096);
    hole.consume(buffer);
    direct.release(buffer);
  }

  @Benchmark
  public void directNettyPooled(Blackhole hole) {
    ByteBuf buffer = netty.directBuffer(4096);
    hole.consume(buffer);
    buffer.release();
  }

  @Benchmark
  public byte[] cacheTidepool(Turn turn) {
    return cache.get(turn.n++ & (KEYS - 1));
  }

  @Benchmark
  public byte[] cacheCaffeine(Turn turn) {
    return caffeine.getIfPresent(turn.n++ & (KEYS - 1));
  }
}
