package dev.tidepool.pools;

import java.util.List;

/**
 * What a pool did and holds, as of one moment; taken without stopping anybody, so counts of work
 * going on meanwhile may be off by that work.
 *
 * <pre>{@code
 * PoolStats stats = pool.stats();
 * if (stats.hitRatio() < 0.9) {
 *   stats.sizes().forEach(s -> log(s.longest() + ": " + s.misses() + " misses"));
 * }
 * }</pre>
 *
 * @param pool its name
 * @param hits takes served from the pool
 * @param misses takes that had to allocate
 * @param reusedBytes bytes that hits did not have to allocate
 * @param dropped gives that the pool did not keep
 * @param heldBytes bytes waiting in the pool
 * @param lentBytes bytes lent out whose place in the pool is kept for them
 * @param budgetBytes the most that held and lent bytes together may be
 * @param trimmedBytes bytes let go because they idled or memory was short
 * @param classes what is there, by kind
 * @param sizes what happened, by size; empty where hits are counted by meter, as in {@link
 *     PrimitivePools}, and where there are no sizes, as in {@link BoundedCache}
 */
public record PoolStats(
    String pool,
    long hits,
    long misses,
    long reusedBytes,
    long dropped,
    long heldBytes,
    long lentBytes,
    long budgetBytes,
    long trimmedBytes,
    List<SizeClass> classes,
    List<SizeCounts> sizes) {

  /**
   * How many there are of one kind of thing in a pool.
   *
   * @param kind what it is, as {@code byte[4096]}
   * @param bytesEach bytes of one
   * @param held how many wait
   * @param lent how many are out with their place kept
   */
  public record SizeClass(String kind, long bytesEach, int held, int lent) {}

  /**
   * What happened to one size of things: lengths, or capacities, of more than half of the longest.
   * Where lengths are powers of two, or tiers that far apart, a size is a class.
   *
   * @param longest the most elements, or bytes of a direct buffer; 1 in a pool of objects
   * @param hits takes served from the pool
   * @param misses takes that had to allocate
   * @param dropped gives that the pool did not keep
   * @param trimmed how many it let go because they idled or memory was short, those counted whose
   *     place was kept while they were out
   */
  public record SizeCounts(int longest, long hits, long misses, long dropped, long trimmed) {}

  public PoolStats {
    classes = List.copyOf(classes);
    sizes = List.copyOf(sizes);
  }

  /** Hits as a part (0..1) of all takes; 1 before the first. */
  public double hitRatio() {
    return hits + misses == 0 ? 1 : (double) hits / (hits + misses);
  }
}
