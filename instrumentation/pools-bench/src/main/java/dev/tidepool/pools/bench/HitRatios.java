package dev.tidepool.pools.bench;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tidepool.pools.ArrayPool;
import dev.tidepool.pools.BoundedCache;
import dev.tidepool.pools.PoolPressure;
import dev.tidepool.pools.PoolStats;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/** How often what is wanted is there: parts (0..1), by what was asked. */
final class HitRatios {
  private static final int OUT = 8;
  private static final int KEYS = 100_000;
  private static final int REQUESTS = 1_000_000;
  private static final double SKEW = 0.9;

  private HitRatios() {}

  /** The array pool on the trace of mixed sizes, once it has seen it. */
  static double steadyArrays() {
    try (ArrayPool<byte[]> pool = ArrayPool.ofBytes().powersOfTwo().budget(256L << 20).build()) {
      Random random = new Random(42);
      trace(pool, random, 100_000);
      PoolStats before = pool.stats();
      trace(pool, random, REQUESTS);
      PoolStats after = pool.stats();
      double hits = after.hits() - before.hits();
      return hits / (hits + after.misses() - before.misses());
    }
  }

  private static void trace(ArrayPool<byte[]> pool, Random random, int steps) {
    byte[][] out = new byte[OUT][];
    for (int i = 0; i < steps; i++) {
      if (out[i % OUT] != null) {
        pool.release(out[i % OUT]);
      }
      int power = 6 + random.nextInt(10);
      out[i % OUT] = pool.acquire((1 << power) + random.nextInt(1 << power));
    }
    for (byte[] left : out) {
      pool.release(left);
    }
  }

  /** Caches of a part of the keys, which are asked for by Zipf's law: the same requests to each. */
  static Map<String, Double> caches(int capacity) {
    BoundedCache<Integer, Integer> ours =
        BoundedCache.of("zipf", capacity, Duration.ofHours(1), v -> 1, PoolPressure.driven());
    Cache<Integer, Integer> caffeine =
        Caffeine.newBuilder().maximumSize(capacity).executor(Runnable::run).build();
    Map<Integer, Integer> exact =
        new LinkedHashMap<>(capacity, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Integer, Integer> eldest) {
            return size() > capacity;
          }
        };
    Map<String, Double> ratios = new LinkedHashMap<>();
    ratios.put("`BoundedCache`", zipf(k -> ours.get(k) != null, k -> ours.put(k, k)));
    ratios.put("exact LRU", zipf(k -> exact.get(k) != null, k -> exact.put(k, k)));
    ratios.put("Caffeine", zipf(k -> caffeine.getIfPresent(k) != null, k -> caffeine.put(k, k)));
    return ratios;
  }

  private static double zipf(IntPredicate hit, IntConsumer put) {
    double[] sums = new double[KEYS];
    double sum = 0;
    for (int k = 0; k < KEYS; k++) {
      sum += 1 / Math.pow(k + 1, SKEW);
      sums[k] = sum;
    }
    Random random = new Random(42);
    int hits = 0;
    for (int i = 0; i < 2 * REQUESTS; i++) {
      int at = Arrays.binarySearch(sums, random.nextDouble() * sum);
      int key = at < 0 ? -at - 1 : at;
      if (!hit.test(key)) {
        put.accept(key);
      } else if (i >= REQUESTS) { // the first half fills
        hits++;
      }
    }
    return (double) hits / REQUESTS;
  }
}
