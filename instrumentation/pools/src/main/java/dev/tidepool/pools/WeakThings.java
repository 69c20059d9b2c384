package dev.tidepool.pools;

import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A set of things known by identity, which does not keep them alive. */
final class WeakThings {
  private final Set<WeakIdentity> keys = ConcurrentHashMap.newKeySet();
  private final ReferenceQueue<Object> collected = new ReferenceQueue<>();

  void add(Object thing) {
    keys.add(new WeakIdentity(thing, collected));
  }

  /** Whether it was there. */
  boolean remove(Object thing) {
    return !keys.isEmpty() && keys.remove(new WeakIdentity(thing, null));
  }

  /** How many were collected since the last call. */
  int removeCollected() {
    int n = 0;
    for (Object key = collected.poll(); key != null; key = collected.poll()) {
      n += keys.remove(key) ? 1 : 0;
    }
    return n;
  }
}
