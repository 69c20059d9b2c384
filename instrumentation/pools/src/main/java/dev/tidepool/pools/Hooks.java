package dev.tidepool.pools;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What the user of an object pool has done to its objects. Where that fails the object is let go:
 * its place is freed, and nobody gets it again.
 */
final class Hooks<T> {
  private final Consumer<? super T> reset;
  private final Predicate<? super T> valid;
  private final Consumer<? super T> discard;
  private final Places places;

  /** Dropped under a shelf's lock, and to be discarded without it. */
  private final Queue<Object> dropped = new ConcurrentLinkedQueue<>();

  /** Each may be null: then there is nothing to be done. */
  Hooks(
      Consumer<? super T> reset,
      Predicate<? super T> valid,
      Consumer<? super T> discard,
      Places places) {
    this.reset = reset;
    this.valid = valid;
    this.discard = discard;
    this.places = places;
  }

  boolean isValid(T object) {
    try {
      return valid == null || valid.test(object);
    } catch (RuntimeException | Error e) {
      discardAfter(e, object);
      throw e;
    }
  }

  void reset(T object) {
    if (reset == null) {
      return;
    }
    try {
      reset.accept(object);
    } catch (RuntimeException | Error e) {
      discardAfter(e, object); // nobody knows what state it is in
      throw e;
    }
  }

  void discard(Object object) {
    if (places != null) {
      places.free(object);
    }
    if (discard != null) {
      discard.accept(cast(object));
    }
  }

  private void discardAfter(Throwable failure, T object) {
    try {
      discard(object);
    } catch (RuntimeException | Error e) {
      if (e != failure) {
        failure.addSuppressed(e);
      }
    }
  }

  /** A shelf drops what waited there. */
  void dropped(Object object) {
    if (places != null) {
      places.free(object);
    }
    if (discard != null) {
      dropped.add(object);
    }
  }

  void discardDropped() {
    for (Object object = dropped.poll(); object != null; object = dropped.poll()) {
      try {
        discard.accept(cast(object));
      } catch (RuntimeException | Error e) {
        PoolPressure.report(e); // the others are to be discarded, too
      }
    }
  }

  @SuppressWarnings("unchecked") // only Ts go in
  private T cast(Object object) {
    return (T) object;
  }
}
