package sample;

import dev.tidepool.rewriting.Nomination;
import dev.tidepool.tuning.Collector;
import dev.tidepool.tuning.levers.HotSpotActions;
import dev.tidepool.tuning.levers.HotSpotFlags;
import dev.tidepool.tuning.levers.Levers;
import dev.tidepool.tuning.levers.VmFlags;
import dev.tidepool.tuning.signals.JfrSettings;
import dev.tidepool.tuning.signals.JfrStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Allocates large arrays under the stream; prints what was nominated and nothing else. */
public final class JfrProbe {
  static volatile Object sink;
  private static int asked;

  private JfrProbe() {}

  public static void main(String[] args) throws InterruptedException {
    List<Nomination> nominations = new CopyOnWriteArrayList<>();
    JfrStream stream = JfrStream.start(JfrSettings.DEFAULT, nominations::add);
    long end = System.nanoTime() + 20_000_000_000L;
    while (stream.unavailable().isEmpty()
        && !(isDone(nominations) && stream.signals().systemGcs() > 0)
        && System.nanoTime() < end) {
      largeJob();
      copyJob();
      textJob();
      collect();
      stream.check();
      Thread.sleep(20);
    }
    String reason = stream.unavailable().orElse("");
    long collections = stream.signals().systemGcs();
    String caller = stream.signals().systemGcCaller();
    stream.close();
    stream.close();
    System.out.println("unavailable " + reason);
    System.out.println(collections + " collections asked for, by " + caller);
    nominations.stream()
        .map(n -> n.className() + "." + n.method() + n.descriptor())
        .distinct()
        .forEach(System.out::println);
    nominations.stream()
        .filter(JfrProbe::isGrowth)
        .map(n -> "growth in " + n.method())
        .distinct()
        .forEach(System.out::println);
  }

  private static boolean isGrowth(Nomination nomination) {
    return nomination.caller() && nomination.through().contains("java.lang.StringBuilder");
  }

  /** Once as the engine does it, some time before the application does. */
  @SuppressWarnings("SystemGc") // what is to be told apart
  private static void collect() {
    VmFlags flags = HotSpotFlags.open();
    Levers levers = Levers.of(flags, Collector.OTHER, 0, false);
    if (asked++ < 5) {
      new HotSpotActions(Collector.OTHER, levers, flags, () -> 0).collect();
    } else if (asked == 60) {
      System.gc();
    }
  }

  private static boolean isDone(List<Nomination> nominations) {
    return nominations.stream().anyMatch(n -> n.method().equals("largeJob"))
        && nominations.stream().anyMatch(n -> n.method().equals("copyJob"))
        && nominations.stream().anyMatch(n -> n.method().equals("textJob") && isGrowth(n));
  }

  private static void largeJob() {
    sink = new byte[20 << 20];
  }

  private static void textJob() {
    StringBuilder text = new StringBuilder("text: ");
    for (int i = 0; i < 1 << 18; i++) {
      text.append("one of two lines ");
      text.append("that make it grow ");
    }
    sink = text.length();
  }

  private static void copyJob() {
    sink = java.util.Arrays.copyOf(new char[10], 4 << 20);
  }
}
