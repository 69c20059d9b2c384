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
  private final Alarms alarms = new Alarms();
  private final CpuDebt debt = new CpuDebt();
  private long target;

  @Override
  public List<Move> step(
      Snapshot now, Pressure pressure, ToLongFunction<String> levers, double tau) {
    HeapLaw.Target wanted = law.next(now, now.heap().committedBytes(), tau);
    target = wanted.bytes();
    alarms.see(now, wanted);
    debt.add(now);
    return List.of();
  }

  @Override
  public long targetBytes() {
    return target;
  }

  @Override
  public List<String> alarms() {
    return alarms.lines(debt);
  }

  @Override
  public void rebuke(double second) {}
}
