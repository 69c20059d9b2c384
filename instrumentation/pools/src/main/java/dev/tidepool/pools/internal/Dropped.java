package dev.tidepool.pools.internal;

/** Told, under a shelf's lock, of what a trimmer drops. */
interface Dropped {
  /** Something that waited. */
  void waiting(long key, Object thing);

  /** Something of a kind that is lent out: when it comes back its place is gone. */
  void lent(long key);
}
