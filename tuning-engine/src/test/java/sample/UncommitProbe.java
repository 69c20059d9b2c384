package sample;

import dev.tidepool.tuning.Capability;
import dev.tidepool.tuning.EarlyCap;
import dev.tidepool.tuning.LeverState;
import dev.tidepool.tuning.PoolsControl;
import dev.tidepool.tuning.TuningEngine;
import dev.tidepool.tuning.TuningSettings;
import dev.tidepool.tuning.levers.HotSpotFlags;
import dev.tidepool.tuning.levers.UnmanagedFlags;
import dev.tidepool.tuning.levers.VmFlags;

/**
 * Moves the delay of ZGC's uncommit by hand in an engine of its own, and tells what the VM shows.
 * The packages are opened by the command line, or not.
 */
public final class UncommitProbe {
  private static final String DELAY = "ZUncommitDelay";

  private UncommitProbe() {}

  public static void main(String[] args) {
    TuningSettings settings = TuningSettings.DEFAULT;
    UnmanagedFlags unmanaged = UnmanagedFlags.of(type -> {});
    EarlyCap early = EarlyCap.apply(settings, unmanaged, false);
    TuningEngine engine = TuningEngine.start(settings, early, PoolsControl.NONE);
    long begun = System.nanoTime();
    LeverState lever =
        engine.levers().stream().filter(l -> l.name().equals(DELAY)).findFirst().orElse(null);
    System.out.println("looked for " + (System.nanoTime() - begun) / 1_000_000 + " ms");
    if (lever == null) {
      System.out.println("absent");
    } else {
      System.out.println(lever.least() + " to " + lever.most() + " blocked: " + lever.blocked());
      System.out.println("written: " + set(engine, "20") + ", shown: " + shown());
      System.out.println("too much: " + set(engine, "301"));
    }
    engine.capabilities().stream()
        .filter(c -> c.name().equals(DELAY))
        .map(Capability::detail)
        .forEach(detail -> System.out.println("doctor: " + detail));
    engine.settings(settings.withUncommitDelay(false));
    System.out.println("off: " + shown() + ", " + set(engine, "20"));
    engine.settings(settings);
    System.out.println("on again: " + set(engine, "30") + ", writes " + engine.flagWrites());
    engine.close();
    System.out.println("closed: " + shown());
  }

  private static String set(TuningEngine engine, String value) {
    try {
      return engine.setLever(DELAY, value);
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  private static String shown() {
    return HotSpotFlags.open().read(DELAY).map(VmFlags.Flag::value).orElse("none");
  }
}
