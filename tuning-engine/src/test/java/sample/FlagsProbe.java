package sample;

import dev.tidepool.tuning.Capability;
import dev.tidepool.tuning.EarlyCap;
import dev.tidepool.tuning.LeverState;
import dev.tidepool.tuning.PoolsControl;
import dev.tidepool.tuning.TuningEngine;
import dev.tidepool.tuning.TuningSettings;

/** Prints the argument file for the next start, then as comments what the engine may move here. */
public final class FlagsProbe {
  static volatile Object sink;

  private FlagsProbe() {}

  public static void main(String[] args) throws InterruptedException {
    TuningSettings settings = TuningSettings.DEFAULT.withMemoryLimit(500L << 20);
    TuningEngine engine = TuningEngine.start(settings, EarlyCap.apply(settings), PoolsControl.NONE);
    for (int i = 0; i < 3; i++) {
      for (int n = 0; n < 2_000; n++) {
        sink = new byte[10_000];
      }
      engine.tick();
      Thread.sleep(50);
    }
    System.out.print(engine.flags());
    for (LeverState lever : engine.levers()) {
      System.out.println("# lever " + lever.name() + ": " + lever.blocked());
    }
    for (Capability each : engine.capabilities()) {
      System.out.println("# " + each.name() + (each.available() ? " is there" : " is missing"));
    }
    engine.close();
  }
}
