package dev.tidepool.agent;

import dev.tidepool.agent.config.HostPort;
import dev.tidepool.agent.config.Key;
import dev.tidepool.agent.config.Settings;
import dev.tidepool.agent.config.Settings.Origin;
import dev.tidepool.agent.config.SettingsReader;
import dev.tidepool.agent.jmx.Registration;
import dev.tidepool.agent.log.Log;
import dev.tidepool.agent.metrics.Metrics;
import dev.tidepool.agent.serve.ControlDoor;
import dev.tidepool.agent.serve.Doors;
import dev.tidepool.agent.serve.HttpAnswers;
import dev.tidepool.agent.serve.HttpDoor;
import dev.tidepool.agent.serve.Token;
import dev.tidepool.agent.serve.Verbs;
import dev.tidepool.agent.view.Documents;
import dev.tidepool.agent.work.Operations;
import dev.tidepool.agent.work.Parts;
import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The agent in its own class loader; {@link #run()} is the life of its main thread.
 *
 * <p>Whatever fails in here costs one line of log and the part that failed, never the application.
 */
public final class Agent implements Runnable, Consumer<String> {
  private static final long RETRY_MILLIS = 1_000;

  /**
   * Starting the recorder takes most of a second of CPU time, just when the application starts too,
   * and a program that ends meanwhile waits for it: short programs are to have neither.
   */
  private static final long LISTEN_AFTER_NANOS = 1_500_000_000L;

  private final File jar;
  private final String options;
  private final Instrumentation instrumentation;
  private final Thread applicationMain;
  private final FirstMoments firstMoments;
  private final Log log = new Log();
  private final Set<String> faultsSaid = new HashSet<>();
  private final String version = Versions.running();

  private Settings settings;
  private Doors doors;
  private Parts parts;
  private Documents documents;
  private Operations operations;
  private ControlDoor controlDoor;
  private volatile HttpDoor httpDoor;
  private Metrics metrics;
  private Registration beans;
  private OwnCompilation ownCompilation;
  private SwiftExit swiftExit;
  private ExitReport exitReport;
  private PlanFile planFile;
  private JmxMoment jmxMoment;
  private int round;
  private long listenAt;
  private int listenRound;
  private volatile boolean leaving;

  /**
   * An agent that has not begun.
   *
   * @param jar the file this agent was loaded from
   * @param options {@code key=value,...} or null
   * @param applicationMain the thread about to run the application's main method; null where the
   *     application was running already
   * @param firstMoments what was done before main, see {@link FirstMoments}; null on attach
   */
  public Agent(
      File jar,
      String options,
      Instrumentation instrumentation,
      Thread applicationMain,
      FirstMoments firstMoments) {
    this.jar = jar;
    this.options = options;
    this.instrumentation = instrumentation;
    this.applicationMain = applicationMain;
    this.firstMoments = firstMoments;
  }

  @Override
  public void run() {
    if (applicationMain != null) {
      MainMethod.await(applicationMain);
    }
    listenAt = System.nanoTime() + (applicationMain == null ? 0 : LISTEN_AFTER_NANOS);
    try (Doors opened = new Doors(this::failed)) {
      doors = opened;
      swiftExit = SwiftExit.register(opened);
      readSettings();
      start();
      while (!leaving) {
        attempt("a round of the agent", this::takeRound);
      }
    } catch (Throwable fault) {
      log.failed("the agent stops, the application goes on", fault);
    } finally {
      undo();
      if (controlDoor != null) {
        controlDoor.close(log);
      }
      log.close();
    }
  }

  private void readSettings() {
    SettingsReader.Result read =
        SettingsReader.read(options, System.getProperties(), System.getenv());
    settings = read.settings();
    try {
      Operations.log(log, settings);
    } catch (IOException unwritable) {
      log.warn(unwritable.getMessage());
    }
    read.complaints().forEach(log::warn);
  }

  private void start() {
    parts =
        Parts.start(
            instrumentation, settings, firstMoments == null ? null : firstMoments.handOver(), log);
    documents = new Documents(version, parts, settings);
    operations = new Operations(parts, settings, log);
    jmxMoment = new JmxMoment(instrumentation, applicationMain == null);
    settings
        .file(Key.PLAN)
        .ifPresent(file -> planFile = PlanFile.open(new File(file), parts.rewriting(), log));
    attempt("the control socket", this::openControl);
    attempt("http", this::openHttp);
    settings
        .file(Key.REPORT)
        .ifPresent(file -> exitReport = ExitReport.register(new File(file), documents, log));
  }

  private void openControl() throws IOException {
    Verbs verbs = new Verbs(documents, operations, () -> parts.tuning().flags(), this::undo);
    controlDoor = ControlDoor.open(doors, verbs);
  }

  private void openHttp() throws IOException {
    if (settings.value(Key.HTTP).equals("off")) {
      return;
    }
    HostPort wanted = HostPort.parse(settings.value(Key.HTTP));
    HttpAnswers answers = new HttpAnswers(documents, operations, () -> metrics().text());
    HttpDoor opened;
    try {
      opened = HttpDoor.open(doors, wanted, token(), answers);
    } catch (IOException closed) {
      log.warn("http cannot listen at " + wanted + " (" + closed.getMessage() + "): it is off");
      return;
    }
    httpDoor = opened;
    if (wanted.port() != 0 && opened.at().port() != wanted.port()) {
      String moved = "port " + wanted.port() + " is taken, http is at " + opened.at();
      parts.note(() -> moved);
      boolean asked = settings.entry(Key.HTTP).origin() != Origin.DEFAULT;
      if (asked) {
        log.warn(moved);
      } else {
        log.info(moved);
      }
    }
  }

  private Token token() {
    String file = settings.file(Key.HTTP_TOKEN_FILE).orElse(null);
    if (file == null) {
      return Token.NONE;
    }
    try {
      return Token.read(file);
    } catch (IOException unreadable) {
      log.warn("cannot read http.token-file " + file + ": nothing can be changed over http");
      return Token.NONE;
    }
  }

  private synchronized Metrics metrics() {
    if (metrics == null) {
      metrics = new Metrics(parts);
    }
    return metrics;
  }

  private void takeRound() throws IOException {
    long next = System.nanoTime() + parts.tick() * 1_000_000;
    round++;
    boolean jmx = beans == null && jmxMoment.hasCome();
    if (jmx) {
      jmxMoment.isOver();
      attempt("the compiler's directive", this::leaveCompiler); // before there is more to compile
    }
    if (listenRound == 0 && System.nanoTime() - listenAt >= 0) {
      listenRound = round;
      attempt("the JFR stream", parts::listen);
    } else if (round == listenRound + 1 && round > 1 && httpDoor != null) {
      // from here on pauses are counted, so that the first scrape knows of them
      attempt("metrics", this::metrics);
    }
    if (planFile != null) {
      planFile.tick();
    }
    if (jmx) {
      attempt("JMX", this::register);
    }
    if (listenRound == 0 && next - listenAt > 0) {
      next = listenAt;
    }
    do {
      doors.await(Math.max(0, (next - System.nanoTime()) / 1_000_000));
    } while (!leaving && System.nanoTime() < next);
  }

  private void leaveCompiler() throws IOException {
    ownCompilation = new OwnCompilation();
    ownCompilation.begin();
  }

  private void register() throws Exception {
    beans =
        Registration.of(
            documents,
            parts,
            operations,
            () -> httpDoor == null ? "" : httpDoor.at().toString(),
            this::leave,
            log);
  }

  private void leave() {
    leaving = true;
    doors.wake();
  }

  /** Leaves the virtual machine as it was found; runs once, on the agent's own thread. */
  private void undo() {
    leaving = true;
    attempt("undoing the compiler's directive", () -> close(ownCompilation));
    attempt("undoing JMX", () -> close(beans));
    attempt("undoing metrics", () -> close(metrics));
    attempt("undoing the exit report", () -> close(exitReport));
    attempt("undoing the swift exit", () -> close(swiftExit));
    attempt("keeping the plan", () -> close(planFile));
    attempt("undoing", () -> close(parts));
    if (firstMoments != null) {
      attempt("undoing the first cap", firstMoments::run);
    }
    ownCompilation = null;
    beans = null;
    metrics = null;
    exitReport = null;
    swiftExit = null;
    planFile = null;
    parts = null;
  }

  private static void close(AutoCloseable part) throws Exception {
    if (part != null) {
      part.close();
    }
  }

  /** A step of the agent, which may fail. */
  private interface Step {
    void take() throws Exception;
  }

  private void attempt(String what, Step step) {
    try {
      step.take();
    } catch (Throwable fault) {
      failed(what + " failed", fault);
      pause();
    }
  }

  /** One line for each kind of fault, however often it comes back. */
  private void failed(String what, Throwable fault) {
    if (faultsSaid.add(what + fault.getClass())) {
      log.failed(what, fault);
    }
  }

  /** A step that fails at once must not be tried again at once. */
  private void pause() {
    try {
      Thread.sleep(leaving ? 0 : RETRY_MILLIS);
    } catch (InterruptedException asked) {
      leaving = true;
    }
  }

  /** Told when the same agent is started a second time. */
  @Override
  public void accept(String moreOptions) {
    String other = Versions.ofAttached(moreOptions, jar);
    if (!other.equals(version)) {
      log.warn(
          "version "
              + other
              + " was to be attached, "
              + version
              + " is here and stays: detach it first");
    } else {
      log.info("attached once more; the agent that is here stays");
    }
  }
}
