package dev.tidepool.tuning.control;

import dev.tidepool.tuning.Pressure;
import dev.tidepool.tuning.Snapshot;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Parallel, and heaps of a fixed size: nothing moves them while they run; the law still advises.
 */
public final class NoActuator implements Governor {
  private final HeapLaw law = new HeapLaw();
  private long target;

  @Override
  public List<Move> step(
      Snapshot now, Pressure pressure, ToLongFunction<String> levers, double tau) {
    target = law.next(now, now.heap().committedBytes(), tau).bytes();
    return List.of();
  }

  @Override
  public long targetBytes() {
    return target;
  }

  @Override
  public void rebuke(double second) {}
}
