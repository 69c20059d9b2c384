package sample;

import dev.tidepool.tuning.signals.HeldObjects;
import dev.tidepool.tuning.signals.JfrSettings;
import dev.tidepool.tuning.signals.JfrStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Keeps some of what it allocates; prints what the search makes of it. */
public final class LeakProbe {
  /** Told apart from everything else by its name. */
  static final class Kept {
    final byte[] content = new byte[20_000];
  }

  private static final List<Kept> KEPT = new ArrayList<>();
  static volatile Object sink;

  private LeakProbe() {}

  public static void main(String[] args) throws Exception {
    JfrStream stream = JfrStream.start(JfrSettings.DEFAULT, n -> {});
    Thread leak = new Thread(LeakProbe::leak, "leak");
    leak.setDaemon(true);
    leak.start();
    List<HeldObjects> held = stream.heldObjects(Duration.ofSeconds(6));
    stream.close();
    held.forEach(System.out::println);
  }

  private static void leak() {
    while (true) {
      for (int i = 0; i < 200; i++) {
        sink = new byte[10_000];
      }
      KEPT.add(new Kept());
      LockSupport.parkNanos(1_000_000);
    }
  }
}
