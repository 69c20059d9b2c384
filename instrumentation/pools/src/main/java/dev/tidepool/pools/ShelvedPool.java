package dev.tidepool.pools;

import dev.tidepool.pools.internal.ArrayShelves;

/** What pools on shelves do alike for their keeper. */
abstract sealed class ShelvedPool implements Pool permits ArrayPool, DirectPool, QueuePool {
  final String name;
  final PoolPressure pressure;
  final ArrayShelves shelves;

  ShelvedPool(String name, PoolPressure pressure, ArrayShelves shelves) {
    this.name = name;
    this.pressure = pressure;
    this.shelves = shelves;
    shelves.tally().countBySize();
  }

  /** Names a kind of thing by {@code length << 4 | type}. */
  abstract String kind(long key);

  @Override
  public String name() {
    return name;
  }

  @Override
  public PoolStats stats() {
    return Shelving.stats(name, shelves, this::kind, Shelving.sizes(shelves));
  }

  @Override
  public long trim(Pressure level) {
    return Shelving.trim(shelves, level);
  }

  @Override
  public boolean isEmpty() {
    return shelves.budget().reserved() == 0;
  }

  @Override
  public void close() {
    pressure.unregister(this);
    shelves.close();
  }
}
