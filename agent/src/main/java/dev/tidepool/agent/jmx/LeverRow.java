package dev.tidepool.agent.jmx;

import dev.tidepool.tuning.LeverState;

/** A lever as an open type. */
public final class LeverRow {
  private final LeverState lever;

  LeverRow(LeverState lever) {
    this.lever = lever;
  }

  public String getName() {
    return lever.name();
  }

  public String getValue() {
    return lever.value();
  }

  public String getOriginal() {
    return lever.original();
  }

  public boolean isActive() {
    return lever.active();
  }

  public String getBlocked() {
    return lever.blocked();
  }
}
