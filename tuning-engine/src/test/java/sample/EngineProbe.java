package sample;

import dev.tidepool.tuning.Capability;
import dev.tidepool.tuning.EarlyCap;
import dev.tidepool.tuning.LeverState;
import dev.tidepool.tuning.PoolsControl;
import dev.tidepool.tuning.TuningEngine;
import dev.tidepool.tuning.TuningSettings;
import dev.tidepool.tuning.levers.HotSpotFlags;
import dev.tidepool.tuning.levers.VmFlags;
import java.util.List;

/** Starts an engine, ticks it under some load, moves each lever by hand, closes it. */
public final class EngineProbe {
  static volatile Object sink;

  private EngineProbe() {}

  public static void main(String[] args) throws InterruptedException {
    VmFlags flags = HotSpotFlags.open();
    List<String> names =
        List.of("SoftMaxHeapSize", "MinHeapFreeRatio", "MaxHeapFreeRatio", "G1PeriodicGCInterval");
    List<String> before = names.stream().map(n -> value(flags, n)).toList();
    TuningSettings settings =
        TuningSettings.DEFAULT.withMemoryLimit((args.length > 0 ? 4096L : 256L) << 20);
    TuningEngine engine = TuningEngine.start(settings, EarlyCap.apply(settings), PoolsControl.NONE);
    for (int i = 0; i < 6; i++) {
      for (int n = 0; n < 2_000; n++) {
        sink = new byte[10_000];
      }
      engine.tick();
      Thread.sleep(50);
    }
    for (LeverState lever : engine.levers()) {
      long value = Math.max(lever.least(), Math.min(lever.most(), 50));
      engine.setLever(lever.name(), Long.toString(value));
    }
    if (engine.latest().heap().maxBytes() <= 0 || engine.flags().isEmpty()) {
      System.out.println("no snapshot");
    }
    engine.capabilities().stream()
        .filter(c -> c.name().equals("levers"))
        .map(Capability::detail)
        .forEach(System.out::println);
    if (args.length > 0) {
      stopTicking(names, before, flags, engine);
    }
    engine.close();
    engine.close();
    List<String> after = names.stream().map(n -> value(flags, n)).toList();
    System.out.println(before.equals(after) ? "flags as found" : before + " became " + after);
    TuningEngine again = TuningEngine.start(settings, EarlyCap.apply(settings), PoolsControl.NONE);
    again.levers().stream()
        .filter(lever -> !lever.blocked().isEmpty())
        .forEach(lever -> System.out.println("the second time blocked: " + lever));
    again.close();
  }

  /** The agent's thread is gone, collections go on: the levers must go back by themselves. */
  private static void stopTicking(
      List<String> names, List<String> before, VmFlags flags, TuningEngine engine) {
    System.out.println(
        names.stream().map(n -> value(flags, n)).toList().equals(before) ? "" : "moved");
    long end = System.nanoTime() + 40_000_000_000L;
    boolean back = false;
    while (!back && System.nanoTime() < end) {
      sink = new byte[100_000];
      back = names.stream().map(n -> value(flags, n)).toList().equals(before);
    }
    System.out.println(back ? "let go" : "held");
    engine.decisions().stream()
        .filter(d -> d.reason().contains("rounds have stopped"))
        .forEach(d -> System.out.println("written down"));
  }

  private static String value(VmFlags flags, String name) {
    return flags.read(name).map(VmFlags.Flag::value).orElse("none");
  }
}
