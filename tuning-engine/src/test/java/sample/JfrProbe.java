package sample;

import dev.tidepool.rewriting.Nomination;
import dev.tidepool.tuning.signals.JfrSettings;
import dev.tidepool.tuning.signals.JfrStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Allocates large arrays under the stream; prints what was nominated and nothing else. */
public final class JfrProbe {
  static volatile Object sink;

  private JfrProbe() {}

  public static void main(String[] args) throws InterruptedException {
    List<Nomination> nominations = new CopyOnWriteArrayList<>();
    JfrStream stream = JfrStream.start(JfrSettings.DEFAULT, nominations::add);
    long end = System.nanoTime() + 20_000_000_000L;
    while (stream.unavailable().isEmpty() && !isDone(nominations) && System.nanoTime() < end) {
      largeJob();
      copyJob();
      stream.check();
      Thread.sleep(20);
    }
    String reason = stream.unavailable().orElse("");
    stream.close();
    stream.close();
    System.out.println("unavailable " + reason);
    nominations.stream()
        .map(n -> n.className() + "." + n.method() + n.descriptor())
        .distinct()
        .forEach(System.out::println);
  }

  private static boolean isDone(List<Nomination> nominations) {
    return nominations.stream().anyMatch(n -> n.method().equals("largeJob"))
        && nominations.stream().anyMatch(n -> n.method().equals("copyJob"));
  }

  private static void largeJob() {
    sink = new byte[20 << 20];
  }

  private static void copyJob() {
    sink = java.util.Arrays.copyOf(new char[10], 4 << 20);
  }
}
