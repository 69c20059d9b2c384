package dev.tidepool.pools;

import dev.tidepool.pools.internal.Primitives;

/** Debug mode of an array pool: tracks every array and poisons those that wait. */
final class ArrayGuard {
  private final Ledger ledger;
  private final ClearPolicy clearing;

  ArrayGuard(String pool, ClearPolicy clearing) {
    this.ledger = new Ledger(pool, stack -> {});
    this.clearing = clearing;
  }

  void acquired(Object array) {
    if (ledger.knows(array)) {
      int type = Primitives.typeOf(array);
      if (!Primitives.isPoisoned(type, array)) {
        throw ledger.usedAfterRelease(array);
      }
      if (clearing != ClearPolicy.NEVER) {
        Primitives.clear(type, array);
      }
    }
    ledger.acquired(array);
  }

  void released(Object array) {
    if (!ledger.released(array)) {
      throw ledger.foreign(array);
    }
    Primitives.poison(Primitives.typeOf(array), array);
  }
}
