package dev.tidepool.tuning.control;

import dev.tidepool.tuning.Pressure;
import dev.tidepool.tuning.Snapshot;
import java.util.List;
import java.util.function.ToLongFunction;

/** Decides, once a second, what to move; one kind for each way a collector lets itself be sized. */
public interface Governor {

  /** Every round, of which there may be several in a second. */
  default void see(Snapshot now) {}

  /**
   * The moves for this second, most urgent first.
   *
   * @param levers value of a lever now, -1 where there is none or it must not be moved
   * @param tau share of CPU time that collections should cost
   */
  List<Move> step(Snapshot now, Pressure pressure, ToLongFunction<String> levers, double tau);

  /** Size the heap should have, 0 while there is no opinion. */
  long targetBytes();

  /** What no lever can mend and somebody should know of, one line each. */
  List<String> alarms();

  /** Told that a shrink was taken back: keeps from shrinking for a while, longer each time. */
  void rebuke(double second);
}
