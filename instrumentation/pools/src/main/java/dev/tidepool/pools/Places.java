package dev.tidepool.pools;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many objects a bounded pool may still make. Each that it made has a place until the pool lets
 * go of it, or until it is collected: one that is never given back shall not take its place along.
 */
final class Places {
  private final int most;
  private final AtomicInteger taken = new AtomicInteger();
  private final WeakThings objects = new WeakThings();

  Places(int most) {
    this.most = most;
  }

  /** Takes a place for an object that is about to be made; false if there is none. */
  boolean take() {
    int collected = objects.removeCollected();
    if (collected > 0) {
      taken.addAndGet(-collected);
    }
    int now = taken.get();
    while (now < most && !taken.compareAndSet(now, now + 1)) {
      now = taken.get();
    }
    return now < most;
  }

  /** The place that was taken is this object's. */
  void fill(Object object) {
    objects.add(object);
  }

  /** No object was made: the place is free again. */
  void giveUp() {
    taken.decrementAndGet();
  }

  /** The pool lets go of an object; does nothing about one that has no place. */
  void free(Object object) {
    if (objects.remove(object)) {
      taken.decrementAndGet();
    }
  }
}
