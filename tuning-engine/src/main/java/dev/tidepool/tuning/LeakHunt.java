package dev.tidepool.tuning;

import dev.tidepool.tuning.signals.HeldObjects;
import dev.tidepool.tuning.signals.JfrStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The search for what is kept, on a thread of its own because it sleeps for most of its time. */
final class LeakHunt implements AutoCloseable {
  private static final int SHOWN = 3;
  private static final int ENOUGH = 3;

  private volatile List<Advice> found = List.of();
  private Thread thread;

  /**
   * Begins.
   *
   * @throws IllegalArgumentException with one line where one is under way
   */
  synchronized void begin(JfrStream jfr, Duration duration) {
    if (thread != null && thread.isAlive()) {
      throw new IllegalArgumentException("a search for leaks is under way");
    }
    thread = new Thread(null, () -> run(jfr, duration), "tidepool-leaks", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
  }

  private void run(JfrStream jfr, Duration duration) {
    try {
      found = advice(jfr.heldObjects(duration), duration);
    } catch (IOException reason) {
      found = List.of(of("could not be looked for", reason.getMessage(), "see doctor PID", 0.1));
    } catch (InterruptedException asked) {
      found = List.of();
    }
  }

  private static List<Advice> advice(List<HeldObjects> kinds, Duration duration) {
    List<HeldObjects> many =
        kinds.stream().filter(k -> k.samples() >= ENOUGH).limit(SHOWN).toList();
    if (many.isEmpty()) {
      return List.of(
          of(
              "were not found",
              "looked for " + duration.toSeconds() + " s",
              "look for longer",
              0.2));
    }
    return many.stream()
        .map(
            kind ->
                of(
                    "may pile up: " + kind.type(),
                    String.format(
                        Locale.ROOT,
                        "%d samples of %d s ago and more are still held, made at %s%s",
                        kind.samples(),
                        duration.toSeconds() / 3,
                        kind.madeAt().isEmpty() ? "an unknown place" : kind.madeAt(),
                        kind.heldBy().isEmpty() ? "" : ", held by " + kind.heldBy()),
                    kind.heldBy().isEmpty()
                        ? "look at who keeps what is made there"
                        : "bound what is kept there, or let go of it",
                    0.5))
        .toList();
  }

  private static Advice of(String title, String evidence, String action, double confidence) {
    return new Advice(
        "leak-evidence",
        "objects that " + title,
        evidence,
        action,
        "a live set that stays as it is",
        confidence);
  }

  List<Advice> found() {
    return found;
  }

  @Override
  public synchronized void close() {
    if (thread != null) {
      thread.interrupt();
    }
  }
}
