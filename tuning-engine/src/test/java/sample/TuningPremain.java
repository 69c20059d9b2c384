package sample;

import dev.tidepool.tuning.Decision;
import dev.tidepool.tuning.EarlyCap;
import dev.tidepool.tuning.PoolsControl;
import dev.tidepool.tuning.TuningEngine;
import dev.tidepool.tuning.TuningMode;
import dev.tidepool.tuning.TuningSettings;
import dev.tidepool.tuning.signals.JfrSettings;
import dev.tidepool.tuning.signals.JfrStream;

/** The engine alone as an agent: what the real agent's thread does, for experiments. */
public final class TuningPremain {
  private TuningPremain() {}

  public static void premain(String arguments) {
    Thread thread = new Thread(() -> run(arguments == null ? "" : arguments), "tidepool");
    thread.setDaemon(true);
    thread.start();
  }

  private static void run(String arguments) {
    TuningSettings settings =
        arguments.contains("observe")
            ? TuningSettings.DEFAULT.withMode(TuningMode.OBSERVE)
            : TuningSettings.DEFAULT;
    EarlyCap early = EarlyCap.apply(settings);
    TuningEngine engine = TuningEngine.start(settings, early, PoolsControl.NONE);
    boolean log = arguments.contains("log");
    if (log) {
      System.err.println(
          "early " + early.moved().stream().map(l -> l.name() + " " + l.value()).toList());
    }
    if (arguments.contains("jfr")) {
      Thread starter =
          new Thread(() -> engine.attach(JfrStream.start(JfrSettings.DEFAULT, n -> {})), "jfr");
      starter.setDaemon(true);
      starter.start();
    }
    long shown = 0;
    try {
      while (true) {
        Thread.sleep(engine.tick());
        for (Decision decision : engine.decisions()) {
          if (log && decision.id() > shown) {
            shown = decision.id();
            System.err.printf(
                "%.1f %s %s%n", engine.latest().second(), engine.pressure(), decision);
          }
        }
      }
    } catch (InterruptedException e) {
      engine.close();
    }
  }
}
