package dev.tidepool.agent.work;

import dev.tidepool.pools.PrimitivePools;
import dev.tidepool.tuning.PoolsControl;
import dev.tidepool.tuning.Pressure;

/** Lets the pools follow the pressure that the tuning engine sees. */
record PoolRelief(PrimitivePools pools) implements PoolsControl {

  @Override
  public long bytes() {
    return pools.reservedBytes();
  }

  @Override
  public void follow(Pressure pressure) {
    pools.trim(level(pressure.level()));
  }

  private static dev.tidepool.pools.Pressure level(Pressure.Level level) {
    return switch (level) {
      case NONE -> dev.tidepool.pools.Pressure.NONE;
      case LOW -> dev.tidepool.pools.Pressure.LOW;
      case MEDIUM -> dev.tidepool.pools.Pressure.MEDIUM;
      case HIGH -> dev.tidepool.pools.Pressure.HIGH;
      case CRITICAL -> dev.tidepool.pools.Pressure.CRITICAL;
    };
  }
}
