package dev.tidepool.pools;

import dev.tidepool.pools.internal.ArrayShelves;
import dev.tidepool.pools.internal.Holdings;
import dev.tidepool.pools.internal.Primitives;
import dev.tidepool.pools.internal.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

/** What pools on shelves have in common: levels as ages, holdings as statistics. */
final class Shelving {
  private Shelving() {}

  static final long UNPRESSED_NANOS = TimeUnit.SECONDS.toNanos(60);

  static long trim(ArrayShelves shelves, Pressure level) {
    return trim(shelves, level, UNPRESSED_NANOS);
  }

  /**
   * The ages of .NET's shared array pool, and Go's two cycles where memory is short.
   *
   * @param idleNanos the age without pressure; a shorter one holds at LOW and MEDIUM, too
   */
  static long trim(ArrayShelves shelves, Pressure level, long idleNanos) {
    return switch (level) {
      case NONE, LOW, MEDIUM -> shelves.trimIdle(idleNanos(level, idleNanos));
      case HIGH -> shelves.trimUntouched();
      case CRITICAL -> shelves.trimAll();
    };
  }

  /** How long something may idle at a level; 0 where that is no question of time. */
  static long idleNanos(Pressure level, long unpressed) {
    return switch (level) {
      case NONE -> unpressed;
      case LOW -> Math.min(unpressed, TimeUnit.SECONDS.toNanos(30));
      case MEDIUM -> Math.min(unpressed, TimeUnit.SECONDS.toNanos(10));
      case HIGH, CRITICAL -> 0;
    };
  }

  /**
   * @param kind names a kind by {@code length << 4 | type}
   */
  static PoolStats stats(
      String pool,
      ArrayShelves shelves,
      LongFunction<String> kind,
      List<PoolStats.SizeCounts> sizes) {
    Holdings holdings = shelves.tally().holdings();
    long[] total = shelves.tally().totals();
    List<PoolStats.SizeClass> classes = new ArrayList<>();
    for (Map.Entry<Long, Holdings.Line> e : holdings.lines().entrySet()) {
      Holdings.Line line = e.getValue();
      classes.add(
          new PoolStats.SizeClass(
              kind.apply(e.getKey()), line.bytesEach(), line.held(), line.lent()));
    }
    // What moves between shelves while they are read may be seen twice; the budget is exact.
    long reserved = shelves.budget().reserved();
    long held = Math.min(holdings.heldBytes(), reserved);
    return new PoolStats(
        pool,
        total[0],
        total[2],
        total[1],
        total[3],
        held,
        Math.min(holdings.lentBytes(), reserved - held),
        shelves.budget().limit(),
        shelves.trimmedBytes(),
        classes,
        sizes);
  }

  /** What happened to each size there was, on shelves that count by size. */
  static List<PoolStats.SizeCounts> sizes(ArrayShelves shelves) {
    List<PoolStats.SizeCounts> sizes = new ArrayList<>();
    for (int size = 1; size < Sizes.COUNT; size++) {
      PoolStats.SizeCounts counts = size(shelves, size, Sizes.longest(size));
      if (counts.hits() + counts.misses() + counts.dropped() + counts.trimmed() > 0) {
        sizes.add(counts);
      }
    }
    return sizes;
  }

  static PoolStats.SizeCounts size(ArrayShelves shelves, int meter, int longest) {
    long[] counts = shelves.tally().counts(meter);
    long trimmed = shelves.tally().trimmedBySize()[Sizes.of(longest)];
    return new PoolStats.SizeCounts(longest, counts[0], counts[2], counts[3], trimmed);
  }

  static String arrayKind(long key) {
    return Primitives.name((int) (key & 15)) + "[" + (key >>> 4) + "]";
  }
}
