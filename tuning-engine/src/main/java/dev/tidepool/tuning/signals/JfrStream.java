package dev.tidepool.tuning.signals;

import dev.tidepool.rewriting.Nomination;
import dev.tidepool.tuning.Timeline;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The one JFR stream of the agent: allocation samples become nominations, rare events become
 * signals.
 *
 * <p>Starting takes one to two seconds, most of it the VM's own, and is done by the calling thread;
 * events then arrive on JFR's thread. Nothing here throws: where JFR cannot be used the stream says
 * why in {@link #unavailable()} and stays empty.
 *
 * <p>Bytecode indexes are those of the code that ran: in a class that has been rewritten they
 * differ from the original's.
 */
public final class JfrStream implements AutoCloseable {
  /** What keeps the classes of {@code jdk.jfr} out of this one, which must load without them. */
  interface Session extends AutoCloseable {
    JfrSignals signals();

    /** Names of events that this VM does not have. */
    List<String> absent();

    Optional<String> failure();

    void slowDown();

    /** To be called once a second: lets go of what has gathered. */
    void renew();

    Timeline timeline();

    @Override
    void close();
  }

  private static final int SETTLED_SECONDS = 60;

  private final JfrSettings settings;
  private final File repository;
  private Session session;
  private String unavailable;
  private int checks;

  private JfrStream(JfrSettings settings, File repository) {
    this.settings = settings;
    this.repository = repository;
  }

  /** Starts the stream in the calling thread; the answer may be a stream that is unavailable. */
  public static JfrStream start(JfrSettings settings, Consumer<Nomination> nominations) {
    File place = repositoryBase();
    JfrStream stream = new JfrStream(settings, place);
    stream.unavailable = obstacle(place, settings);
    if (stream.unavailable == null) {
      stream.open(nominations);
    }
    return stream;
  }

  private void open(Consumer<Nomination> nominations) {
    try {
      session = JfrSession.open(settings, nominations);
    } catch (Throwable e) {
      // Whatever JFR throws (IllegalStateException, SecurityException, linkage errors in cut-down
      // images) the application must not see it, and the agent goes on without.
      unavailable = "JFR did not start: " + oneLine(e);
    }
  }

  /** One line that says why there is no JFR, what to do about it; empty while it runs. */
  public synchronized Optional<String> unavailable() {
    return Optional.ofNullable(unavailable);
  }

  /** One line on how well it does, for {@code doctor}; empty where there is no JFR. */
  public synchronized String detail() {
    return session == null ? "" : detail(session.absent(), session.signals());
  }

  static String detail(List<String> absent, JfrSignals signals) {
    StringBuilder text = new StringBuilder("streaming");
    if (!absent.isEmpty()) {
      text.append(", without ").append(String.join(", ", absent)).append(": not in this VM");
    }
    if (signals.lostBytes() > 0) {
      text.append(", ").append(signals.lostBytes()).append(" bytes of events were lost");
    }
    if (signals.stalls() > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              ", %d allocation stalls, of late p50 %.1f ms, p99 %.1f ms",
              signals.stalls(),
              1e3 * signals.stallTimes().p50Seconds(),
              1e3 * signals.stallTimes().p99Seconds()));
    }
    return text.toString();
  }

  /** What the events so far add up to; empty signals where there is no JFR. */
  public synchronized JfrSignals signals() {
    return session == null ? JfrSignals.NONE : session.signals();
  }

  /**
   * To be called about once a second: stops the stream where the disk runs full or JFR has failed,
   * lowers its rate once the first minute is over, and has it let go of what has gathered.
   */
  public synchronized void check() {
    if (session == null) {
      return;
    }
    checks++;
    Optional<String> failure = session.failure();
    if (failure.isPresent()) {
      stop("JFR stopped: " + failure.get());
    } else if (checks % 5 == 0 && repository.getUsableSpace() < settings.leastFreeBytes() / 2) {
      stop("JFR stopped: disk of " + repository + " is nearly full");
    } else {
      if (checks == SETTLED_SECONDS) {
        session.slowDown();
      }
      session.renew();
    }
  }

  /**
   * Looks for what is kept, in the calling thread, see {@link LeakSearch}.
   *
   * @throws IOException with one line where there is no JFR, or no room for its file
   * @throws InterruptedException where the thread is to end
   */
  public List<HeldObjects> heldObjects(Duration duration) throws IOException, InterruptedException {
    String reason = unavailable().orElse(null);
    if (reason != null) {
      throw new IOException(reason);
    }
    try {
      return LeakSearch.run(duration, repository);
    } catch (RuntimeException | LinkageError e) {
      throw new IOException("JFR could not look for old objects: " + oneLine(e), e);
    }
  }

  /** Where own events can be shown; empty where there is no JFR. */
  public synchronized Optional<Timeline> timeline() {
    return session == null ? Optional.empty() : Optional.of(session.timeline());
  }

  @Override
  public synchronized void close() {
    if (session != null) {
      stop("closed");
    }
  }

  private void stop(String reason) {
    unavailable = reason;
    Session ended = session;
    session = null;
    ended.close();
  }

  private static String obstacle(File place, JfrSettings settings) {
    if (ModuleLayer.boot().findModule("jdk.jfr").isEmpty()) {
      return "module jdk.jfr is not in this run: start with --add-modules jdk.jfr";
    }
    if (!isWritable(place)) {
      return "JFR repository "
          + place
          + " is not writable: set -Djava.io.tmpdir or"
          + " -XX:FlightRecorderOptions=repository=DIR";
    }
    if (place.getUsableSpace() < settings.leastFreeBytes()) {
      return "JFR repository "
          + place
          + " has less than "
          + (settings.leastFreeBytes() >> 20)
          + " MB free";
    }
    return null;
  }

  private static boolean isWritable(File place) {
    try {
      File probe = File.createTempFile("tidepool", ".probe", place);
      return probe.delete();
    } catch (IOException | SecurityException e) {
      return false;
    }
  }

  /** Where JFR puts its files: as the VM was told, else the directory for temporary files. */
  private static File repositoryBase() {
    String option = "repository=";
    for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      int at = argument.startsWith("-XX:FlightRecorderOptions") ? argument.indexOf(option) : -1;
      if (at >= 0) {
        return new File(argument.substring(at + option.length()).split(",", 2)[0]);
      }
    }
    return new File(System.getProperty("java.io.tmpdir", "/tmp"));
  }

  private static String oneLine(Throwable e) {
    String text =
        e.getMessage() == null ? "" : ": " + e.getMessage().replaceAll("\\s+", " ").trim();
    return e.getClass().getSimpleName() + text;
  }
}
