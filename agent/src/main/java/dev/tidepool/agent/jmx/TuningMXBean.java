package dev.tidepool.agent.jmx;

import java.util.List;

/** {@code dev.tidepool:type=Tuning}. */
public interface TuningMXBean {
  String getPressureLevel();

  double getPressureRatio();

  String getPressureCause();

  double getGcCpuRatio();

  long getHeapLiveBytes();

  long getHeapTargetBytes();

  long getContainerLimitBytes();

  long getContainerWorkingSetBytes();

  long getDecisionCount();

  /** How often a flag of the VM was written, for a moment only included. */
  long getFlagWrites();

  /** Every lever with its value now, what it was, and what blocks it. */
  List<LeverRow> getLevers();

  /** The ledger as JSON, oldest first. */
  String decisions();

  /** Moves a lever by hand; {@code auto} gives it back. Answers with the value in force. */
  String setLever(String name, String value);

  /**
   * Switches {@code pooling} or a site on and off in turn on the live load and compares: {@code
   * SUBJECT[:SECONDS[:PAIRS]]}, or {@code off} to break it off. Answers with what was begun.
   */
  String compare(String wanted);

  /** How the last comparison stands, in one line; empty before the first. */
  String getComparison();

  /** Samples objects for so many seconds; what is kept since the first of them becomes advice. */
  String lookForLeaks(String seconds);

  /** Text of an argument file for the next start. */
  String flags();
}
