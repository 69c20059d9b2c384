package dev.tidepool.agent.jmx;

/** {@code dev.tidepool:type=Pools}. */
public interface PoolsMXBean {
  long getHits();

  long getMisses();

  double getHitRatio();

  long getBytes();

  long getLentBytes();

  long getBudgetBytes();

  long getTrimmedBytes();

  long getBytesSaved();

  /** Lets go of everything that waits; answers with the bytes. */
  long trim();
}
