package dev.tidepool.tuning.signals;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Bytes by key, of so many keys at most. A sum is changed where it stands: a number made for each
 * sample would be a young object in an old map, which every collection of the application has to
 * look for.
 */
final class ByteSums<K> {
  private static final class Sum {
    private long bytes;

    long bytes() {
      return bytes;
    }
  }

  private final int most;
  private final Map<K, Sum> sums = new HashMap<>();

  ByteSums(int most) {
    this.most = most;
  }

  /** Adds to the key's sum; passed over where the key is new and there are as many as may be. */
  void add(K key, long bytes) {
    Sum sum = sums.get(key);
    if (sum == null) {
      if (sums.size() >= most) {
        return;
      }
      sum = new Sum();
      sums.put(key, sum);
    }
    sum.bytes += bytes;
  }

  /** The key with the largest sum, null where there is none. */
  K heaviest() {
    return byWeight().map(Map.Entry::getKey).findFirst().orElse(null);
  }

  /** The largest so many, the heaviest first. */
  Map<K, Long> heaviest(int count) {
    Map<K, Long> heaviest = new LinkedHashMap<>();
    byWeight()
        .limit(count)
        .forEach(entry -> heaviest.put(entry.getKey(), entry.getValue().bytes()));
    return heaviest;
  }

  private Stream<Map.Entry<K, Sum>> byWeight() {
    return sums.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.comparingLong(Sum::bytes).reversed()));
  }

  void clear() {
    sums.clear();
  }
}
