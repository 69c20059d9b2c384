package dev.tidepool.pools;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;

/** A key of a hash map for one very thing, which it does not keep alive. */
final class WeakIdentity extends WeakReference<Object> {
  private final int hash;

  /**
   * @param queue where it goes when the thing is collected; null for a key to look something up
   */
  WeakIdentity(Object thing, ReferenceQueue<Object> queue) {
    super(thing, queue);
    hash = System.identityHashCode(thing);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public boolean equals(Object other) {
    if (this == other) {
      return true;
    }
    Object thing = get();
    return other instanceof WeakIdentity key && thing != null && key.refersTo(thing);
  }
}
