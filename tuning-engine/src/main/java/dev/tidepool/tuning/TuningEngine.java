package dev.tidepool.tuning;

import dev.tidepool.tuning.advice.Advisor;
import dev.tidepool.tuning.advice.History;
import dev.tidepool.tuning.advice.LaunchFlags;
import dev.tidepool.tuning.advice.Startup;
import dev.tidepool.tuning.control.Controller;
import dev.tidepool.tuning.levers.HotSpotActions;
import dev.tidepool.tuning.levers.Lever;
import dev.tidepool.tuning.levers.Levers;
import dev.tidepool.tuning.levers.ShrinkHold;
import dev.tidepool.tuning.signals.JfrSignals;
import dev.tidepool.tuning.signals.JfrStream;
import dev.tidepool.tuning.signals.SnapshotSource;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The engine as the agent sees it: driven by {@link #tick}, which the agent's own thread calls
 * about once a second, it reads the signals, decides, moves levers and measures.
 *
 * <p>Nothing here throws for what the JVM or the container does; the readers ({@link #latest},
 * {@link #pressure} and the lists) may be called from any thread.
 */
public final class TuningEngine implements AutoCloseable {
  private static final long YOUNG_MILLIS = 250;
  private static final double YOUNG_SECONDS = 20;

  /** Share of the container's limit that a maximum heap may have without being a danger. */
  private static final double FITS = 0.5;

  private final EarlyCap early;
  private final SnapshotSource source;
  private final HotSpotActions actions;
  private final Controller controller;
  private final Ledger ledger;
  private final PoolsControl pools;
  private final Levers levers;
  private final ShrinkHold hold;
  private final Collector collector;
  private final boolean fixedHeap;
  private final History history;
  private final LeakHunt leaks = new LeakHunt();
  private final Watchdog watchdog;
  private Comparison comparison;
  private volatile JfrStream jfr;
  private volatile TuningSettings settings;
  private volatile Snapshot latest;
  private volatile Pressure pressure = Pressure.CALM;
  private volatile List<String> alarms = List.of();
  private double lastHistory = Double.NEGATIVE_INFINITY;
  private String failure;
  private boolean closed;

  private TuningEngine(TuningSettings settings, EarlyCap early, PoolsControl pools) {
    this.early = early;
    this.settings = settings;
    this.pools = pools;
    this.levers = early.levers();
    this.hold = early.hold();
    this.collector = early.collector();
    this.history = new History(Startup.of(early.flags(), collector));
    this.source = new SnapshotSource(early.leastHeapBytes());
    this.ledger = new Ledger(settings.ledgerSize());
    this.actions =
        new HotSpotActions(collector, levers, early.flags(), SnapshotSource::residentBytes);
    this.latest = source.read(JfrSignals.NONE, 0, settings.memoryLimitBytes());
    this.fixedHeap = early.leastHeapBytes() >= early.maxHeapBytes();
    this.controller =
        new Controller(
            collector, fixedHeap, levers, actions, ledger, pools, Clock.systemUTC(), settings);
    this.watchdog = new Watchdog(System::nanoTime, this::letGo);
    source.onCollection(this::collected);
    for (Lever moved : early.moved()) {
      ledger.add(
          Clock.systemUTC().instant(),
          moved.name(),
          Long.toString(moved.original()),
          Long.toString(moved.value()),
          "before main: the container's limit is below what the heap may take",
          Decision.Outcome.KEPT);
    }
    if (hold.holds()) {
      held(ShrinkHold.HOLDS);
    }
  }

  /** The ratio was moved so that our own classes do not shrink the heap, or put back. */
  private void held(String why) {
    String from = Long.toString(hold.holds() ? hold.original() : ShrinkHold.KEEP_ALL);
    String to = Long.toString(hold.holds() ? ShrinkHold.KEEP_ALL : hold.original());
    ledger.add(
        Clock.systemUTC().instant(), Levers.FREE_RATIO, from, to, why, Decision.Outcome.KEPT);
  }

  /**
   * Starts the engine in the calling thread: some tens of milliseconds, no thread of its own.
   *
   * @param early what {@link EarlyCap#apply} has done already
   */
  public static TuningEngine start(TuningSettings settings, EarlyCap early, PoolsControl pools) {
    return new TuningEngine(settings, early, pools);
  }

  /** Hands over the JFR stream, which takes a second or two to start and may come later. */
  public void attach(JfrStream stream) {
    jfr = stream;
    stream.timeline().ifPresent(controller::timeline);
  }

  /**
   * Compares on the live load: the subject is switched on and off in turn.
   *
   * <p>When the last window is over the result is in the ledger.
   *
   * @return the comparison, whose result fills as windows end
   * @throws IllegalArgumentException with one line where another one is under way
   */
  public synchronized Comparison compare(
      String subject, Consumer<Boolean> subjectSwitch, Duration window, int pairs) {
    if (comparison != null && !comparison.done()) {
      throw new IllegalArgumentException(
          comparison.subject() + " is being compared: one at a time, or neither says anything");
    }
    comparison = new Comparison(subject, subjectSwitch, window.toMillis() / 1e3, pairs);
    return comparison;
  }

  /** Breaks off a comparison that is under way; whether there was one. */
  public synchronized boolean endComparison() {
    boolean underWay = comparison != null && !comparison.done();
    if (underWay) {
      comparison.end();
    }
    return underWay;
  }

  /** How the last comparison stands, empty before the first. */
  public synchronized Optional<Comparison.Result> comparison() {
    return Optional.ofNullable(comparison).map(Comparison::result);
  }

  /**
   * One round.
   *
   * @return milliseconds until the next round is wanted: 1000, less while memory is short
   */
  public synchronized long tick() {
    if (closed) {
      return 1_000;
    }
    try {
      JfrStream stream = jfr;
      JfrSignals signals = stream == null ? JfrSignals.NONE : stream.signals();
      Snapshot now = source.read(signals, pools.bytes(), settings.memoryLimitBytes());
      controller.step(now);
      pressure = controller.pressure();
      alarms = controller.alarms();
      latest = now.withTarget(controller.targetBytes());
      everySecond(now);
      hold.look().ifPresent(this::held);
      if (stream != null) {
        stream.check();
      }
    } catch (RuntimeException e) {
      fail(e);
    }
    watchdog.fed();
    return nextMillis();
  }

  private void everySecond(Snapshot now) {
    if (now.second() - lastHistory < 0.9) {
      return;
    }
    lastHistory = now.second();
    history.add(now);
    compare(now);
  }

  private void compare(Snapshot now) {
    if (comparison == null || comparison.done()) {
      return;
    }
    try {
      comparison.step(now);
      if (comparison.done()) {
        note(comparison, comparison.result().summary(), Decision.Outcome.COMPARED);
      }
    } catch (IllegalStateException stuck) {
      note(comparison, "could not be switched: " + stuck.getMessage(), Decision.Outcome.FAILED);
      comparison = null;
    }
  }

  private void note(Comparison of, String text, Decision.Outcome outcome) {
    ledger.add(Clock.systemUTC().instant(), "comparison", "", of.subject(), text, outcome);
  }

  /**
   * The rounds have stopped: nobody is there to let a lever go when it begins to hurt. Only the cap
   * of a container stands, for past it lies a kill.
   */
  private void letGo() {
    actions.close();
    hold.end();
    long limit = latest.container().limitBytes();
    boolean capped = limit > 0 && latest.heap().maxBytes() > FITS * limit;
    if (!capped) {
      levers.restore();
    }
    ledger.add(
        Clock.systemUTC().instant(),
        "all",
        "",
        "",
        "the agent's rounds have stopped: levers let go"
            + (capped ? ", but for the container's cap" : ""),
        Decision.Outcome.KEPT);
  }

  private long nextMillis() {
    long wanted = actions.pending() ? 200 : controller.nextMillis();
    Snapshot now = latest;
    boolean young = now.second() < YOUNG_SECONDS && now.container().limitBytes() > 0;
    return young ? Math.min(YOUNG_MILLIS, wanted) : wanted;
  }

  /** An engine that does not understand its machine must not steer it: everything goes back. */
  private void fail(RuntimeException e) {
    failure = e.toString().lines().findFirst().orElse("unknown");
    settings = settings.withMode(TuningMode.OFF);
    controller.settings(settings);
    ledger.add(
        Clock.systemUTC().instant(),
        "all",
        "",
        "",
        "engine failed: " + failure,
        Decision.Outcome.FAILED);
  }

  private void collected(String cause, long usedBytes, long committedBytes) {
    actions.collected(cause, usedBytes, committedBytes);
    watchdog.look();
  }

  /** The last snapshot. */
  public Snapshot latest() {
    return latest;
  }

  public Pressure pressure() {
    return pressure;
  }

  /** What no lever can mend and somebody should know of, one line each; none while all is well. */
  public List<String> alarms() {
    return alarms;
  }

  /** The ledger, oldest first. */
  public List<Decision> decisions() {
    return ledger.all();
  }

  /** Decisions ever made, those the ledger has forgotten included. */
  public long decisionCount() {
    return ledger.count();
  }

  /** What a person should know or set, most certain first. */
  public synchronized List<Advice> advice() {
    List<Advice> advice =
        new ArrayList<>(Advisor.advise(history, controller.targetBytes(), settings.cpuTarget()));
    advice.addAll(leaks.found());
    return advice;
  }

  /**
   * Looks for this long for objects that are kept; what is found is {@link #advice} from then on.
   *
   * @throws IllegalArgumentException with one line where that is not possible now
   */
  public void lookForLeaks(Duration duration) {
    JfrStream stream = jfr;
    if (stream == null) {
      throw new IllegalArgumentException("JFR is not started yet: try again in some seconds");
    }
    leaks.begin(stream, duration);
  }

  public synchronized List<LeverState> levers() {
    List<LeverState> states = new ArrayList<>();
    for (Lever lever : controller.levers()) {
      String blocked = lever.blocked();
      if (blocked.isEmpty() && fixedHeap) {
        blocked = "the heap is of fixed size (-Xms = -Xmx)";
      } else if (blocked.isEmpty() && controller.isHeld(lever.name())) {
        blocked = "moved by hand lately";
      }
      states.add(LeverState.of(lever, blocked));
    }
    return states;
  }

  /** How often a flag of the VM was written, for a moment only included. */
  public long flagWrites() {
    return early.flagWrites();
  }

  /** What is there and what is missing in this JVM. */
  public List<Capability> capabilities() {
    List<Capability> list = new ArrayList<>(source.capabilities());
    list.add(jfrCapability());
    if (levers.all().isEmpty()) {
      list.add(
          new Capability(
              "levers",
              false,
              "no actuator: "
                  + collector.label()
                  + " takes no other size while it runs; see flags for the next start"));
    }
    for (LeverState lever : levers()) {
      list.add(
          new Capability(
              lever.name(),
              lever.blocked().isEmpty(),
              lever.blocked().isEmpty() ? "is " + lever.value() : lever.blocked()));
    }
    levers
        .uncommitDelayMissing()
        .ifPresent(why -> list.add(new Capability(Levers.UNCOMMIT_DELAY, false, why)));
    if (actions.collectionIsOff()) {
      list.add(
          new Capability(
              "full-collection",
              false,
              "-XX:+DisableExplicitGC: no emergency collection, and no cycles on demand on ZGC"));
    }
    if (failure != null) {
      list.add(new Capability("tuning", false, "stopped after a failure: " + failure));
    }
    return list;
  }

  private Capability jfrCapability() {
    JfrStream stream = jfr;
    if (stream == null) {
      return new Capability("jfr", false, "not started yet");
    }
    return stream
        .unavailable()
        .map(reason -> new Capability("jfr", false, reason))
        .orElse(new Capability("jfr", true, stream.detail()));
  }

  public TuningSettings settings() {
    return settings;
  }

  /** Takes other settings from the next round on; mode, limit, target. */
  public synchronized void settings(TuningSettings changed) {
    settings = changed;
    controller.settings(changed);
  }

  /**
   * Moves a lever by hand; automatic control stays off it for the settings' hold time.
   *
   * @param value a number, sizes with k, m or g; {@code auto} gives the lever back
   * @return the value in force
   * @throws IllegalArgumentException with one line: no such lever, out of bounds, refused by the VM
   */
  public synchronized String setLever(String name, String value) {
    hold.end();
    if (value.trim().equalsIgnoreCase("auto")) {
      return Long.toString(controller.release(name));
    }
    return Long.toString(controller.moveByHand(name, LeverState.parse(name, value)));
  }

  /** Text of an @argfile for the next start that carries what was learned. */
  public synchronized String flags() {
    return LaunchFlags.argfile(history, controller.targetBytes());
  }

  /** Puts everything back as it was found. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    leaks.close();
    source.close();
    hold.end();
    controller.close();
    JfrStream stream = jfr;
    if (stream != null) {
      stream.close();
    }
  }
}
