package dev.tidepool.tuning.control;

import dev.tidepool.tuning.Collector;
import dev.tidepool.tuning.Decision;
import dev.tidepool.tuning.Decision.Outcome;
import dev.tidepool.tuning.Effect;
import dev.tidepool.tuning.Ledger;
import dev.tidepool.tuning.PoolsControl;
import dev.tidepool.tuning.Pressure;
import dev.tidepool.tuning.Snapshot;
import dev.tidepool.tuning.Timeline;
import dev.tidepool.tuning.TuningMode;
import dev.tidepool.tuning.TuningSettings;
import dev.tidepool.tuning.levers.Actions;
import dev.tidepool.tuning.levers.Lever;
import dev.tidepool.tuning.levers.Levers;
import dev.tidepool.tuning.levers.Trimmed;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * From a snapshot to moved levers, with the ledger kept and effects measured. One thread steps it;
 * it knows nothing of where snapshots come from.
 */
public final class Controller {
  private static final double GOVERN_EVERY = 0.9;
  private static final double OBSERVED_AGAIN = 60;
  private static final double GUARD_NOTED_EVERY = 10;

  /** ZGC heeds the delay after five minutes, and a start is to pay for nothing that can wait. */
  private static final double LOOK_FROM = 30;

  /** A decision that waits to be measured. */
  private record Trial(long id, double second, String lever, long from, long to) {}

  private final Levers levers;
  private final Actions actions;
  private final Ledger ledger;
  private final PoolsControl pools;
  private final Clock clock;
  private final Governor governor;
  private final PressureGauge gauge = new PressureGauge();
  private final Emergency emergency;
  private final TrimRule trims = new TrimRule();
  private final EffectMeter meter = new EffectMeter();
  private final Deque<Trial> trials = new ArrayDeque<>();
  private final Map<String, Double> heldUntil = new ConcurrentHashMap<>();
  private final Map<String, Double> observed = new HashMap<>();
  private TuningSettings settings;
  private Timeline timeline = Timeline.NONE;
  private Pressure pressure = Pressure.CALM;
  private double lastGoverned = Double.NEGATIVE_INFINITY;
  private volatile double lastSecond;
  private double lastGuardNote = Double.NEGATIVE_INFINITY;
  private long guardNoted;

  public Controller(
      Collector collector,
      boolean fixedHeap,
      Levers levers,
      Actions actions,
      Ledger ledger,
      PoolsControl pools,
      Clock clock,
      TuningSettings settings) {
    this.levers = levers;
    this.actions = actions;
    this.ledger = ledger;
    this.pools = pools;
    this.clock = clock;
    this.settings = settings;
    actions.heldBy(this::isHeld);
    levers.allowUncommitDelay(settings.uncommitDelay());
    this.governor = governor(collector, fixedHeap);
    this.emergency = new Emergency(!(governor instanceof NoActuator));
  }

  private static Governor governor(Collector collector, boolean fixedHeap) {
    if (fixedHeap) {
      return new NoActuator();
    }
    return switch (collector) {
      case ZGC, SHENANDOAH -> new SoftMaxGovernor();
      case G1, SERIAL -> new RatioGovernor();
      case PARALLEL, OTHER -> new NoActuator();
    };
  }

  /** One round; snapshots may come more often than once a second. */
  public void step(Snapshot now) {
    lastSecond = now.second();
    if (now.second() >= LOOK_FROM) {
      levers.look();
    }
    actions.settle(now.heap().committedBytes());
    noteGuard(now);
    Pressure before = pressure;
    pressure = gauge.read(now);
    if (before.level() != pressure.level()) {
      timeline.pressure(pressure);
    }
    boolean due = now.second() - lastGoverned >= GOVERN_EVERY;
    lastGoverned = due ? now.second() : lastGoverned;
    if (due || before.level() != pressure.level()) {
      pools.follow(pressure);
    }
    if (settings.mode() == TuningMode.OFF) {
      return;
    }
    governor.see(now);
    if (due) {
      meter.add(now);
      measure(now);
      governor.step(now, pressure, this::free, settings.cpuTarget()).forEach(m -> apply(m, now));
      trims.step(now).ifPresent(move -> apply(move, now));
    }
    emergency.step(now, pressure, settings.emergencyCollection()).forEach(move -> apply(move, now));
  }

  /** The guard acts between rounds, at times often: it is written down now and then. */
  private void noteGuard(Snapshot now) {
    long times = actions.guardFired() - guardNoted;
    if (times > 0 && now.second() - lastGuardNote >= GUARD_NOTED_EVERY) {
      guardNoted += times;
      lastGuardNote = now.second();
      String reason =
          "guard: " + times + " times a collection left more committed than the container allows";
      write("concurrent-cycle", "", "", reason, Outcome.KEPT);
    }
  }

  /** Value of a lever that may be moved now, else -1. */
  private long free(String name) {
    return levers
        .find(name)
        .filter(lever -> lever.blocked().isEmpty())
        .filter(lever -> heldUntil.getOrDefault(name, 0.0) <= lastSecond)
        .map(Lever::value)
        .orElse(-1L);
  }

  private void apply(Move move, Snapshot now) {
    if (move instanceof Move.Guard guard) {
      boolean acts = settings.mode() == TuningMode.AUTO;
      actions.guard(acts ? guard.committedBytes() : 0, now.gc().gapSeconds());
    } else if (settings.mode() == TuningMode.OBSERVE) {
      observe(move, now);
    } else if (move instanceof Move.Set set) {
      set(set, now);
    } else if (move instanceof Move.PutBack back) {
      levers
          .find(back.lever())
          .map(lever -> new Move.Set(lever.name(), lever.original(), true, back.reason()))
          .ifPresent(set -> set(set, now));
    } else if (move instanceof Move.Cycle) {
      note("concurrent-cycle", move, now, actions.cycle(now.gc().gapSeconds()));
    } else if (move instanceof Move.Collect) {
      note("full-collection", move, now, actions.collect());
    } else if (move instanceof Move.TrimNative trim) {
      Optional<Trimmed> trimmed = actions.trimNative();
      trims.trimmed(now, trimmed);
      if (trim.urgent()) {
        emergency.trimmed(now, trimmed.map(Trimmed::bytes).orElse(0L));
      }
      note("native-trim", move, now, trimmed.isPresent());
    } else if (move instanceof Move.Release) {
      supersede();
      boolean done = levers.restore(lever -> !isHeld(lever.name()));
      write("all", "", "", move.reason(), done ? Outcome.KEPT : Outcome.FAILED);
    }
  }

  /** What was made to happen cannot be taken back, but its effect is measured like any other. */
  private void note(String action, Move move, Snapshot now, boolean done) {
    Decision made = write(action, "", "", move.reason(), done ? Outcome.PENDING : Outcome.FAILED);
    if (done) {
      trials.addLast(new Trial(made.id(), now.second(), action, 0, 0));
    }
  }

  private void observe(Move move, Snapshot now) {
    String lever = move instanceof Move.Set set ? set.lever() : move.getClass().getSimpleName();
    Double last = observed.get(lever);
    if (last != null && now.second() - last < OBSERVED_AGAIN) {
      return;
    }
    observed.put(lever, now.second());
    String from = levers.find(lever).map(l -> Long.toString(l.value())).orElse("");
    String to = move instanceof Move.Set set ? Long.toString(set.value()) : "";
    write(lever, from, to, move.reason(), Outcome.OBSERVED);
  }

  private void set(Move.Set move, Snapshot now) {
    Optional<Lever> found = levers.find(move.lever());
    if (found.isEmpty() || found.get().value() == move.value()) {
      return;
    }
    Lever lever = found.get();
    long from = lever.value();
    try {
      long kept = lever.set(move.value());
      if (kept != from) {
        if (isMeasured(lever.name())) {
          supersede();
        }
        Decision made = add(lever, from, kept, move.reason(), trialOutcome(move));
        if (!move.forced()) {
          trials.addLast(new Trial(made.id(), now.second(), lever.name(), from, kept));
        }
      }
    } catch (IllegalArgumentException e) {
      heldUntil.put(lever.name(), now.second() + settings.manualHold().toSeconds());
      add(lever, from, move.value(), move.reason() + "; " + e.getMessage(), Outcome.FAILED);
    }
  }

  /** The delay of the uncommit acts minutes later, so it disturbs nobody's measuring. */
  private static boolean isMeasured(String lever) {
    return !lever.equals(Levers.UNCOMMIT_DELAY);
  }

  private static Outcome trialOutcome(Move.Set move) {
    return move.forced() ? Outcome.KEPT : Outcome.PENDING;
  }

  private Decision add(Lever lever, long from, long to, String reason, Outcome outcome) {
    return write(lever.name(), Long.toString(from), Long.toString(to), reason, outcome);
  }

  private Decision write(String lever, String from, String to, String reason, Outcome outcome) {
    return ledger.add(clock.instant(), lever, from, to, reason, outcome);
  }

  /** Where the pressure and the decisions are shown from now on. */
  public void timeline(Timeline other) {
    timeline = other;
    ledger.timeline(other);
  }

  private void supersede() {
    trials.forEach(trial -> ledger.settle(trial.id(), Outcome.SUPERSEDED, null));
    trials.clear();
  }

  private void measure(Snapshot now) {
    double length = EffectMeter.SETTLE_SECONDS + EffectMeter.WINDOW_SECONDS;
    while (!trials.isEmpty() && now.second() - trials.peekFirst().second() >= length) {
      Trial trial = trials.removeFirst();
      Optional<Effect> effect =
          meter.effect(trial.second(), trial.to() < trial.from(), settings.cpuTarget());
      boolean worse = effect.map(Effect::worse).orElse(false);
      if (worse && takeBack(trial)) {
        governor.rebuke(now.second());
        ledger.settle(trial.id(), Outcome.TAKEN_BACK, effect.get());
      } else {
        ledger.settle(trial.id(), Outcome.KEPT, effect.orElse(null));
      }
    }
  }

  /** Back to where it stood, where nobody has moved it since and the container still allows it. */
  private boolean takeBack(Trial trial) {
    Optional<Lever> lever = levers.find(trial.lever());
    if (lever.isEmpty() || lever.get().value() != trial.to()) {
      return false;
    }
    try {
      lever.get().set(trial.from());
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Moves a lever by hand.
   *
   * @throws IllegalArgumentException with one line
   */
  public long moveByHand(String name, long value) {
    Lever lever = lever(name);
    if (value < lever.least() || value > lever.most()) {
      throw new IllegalArgumentException(
          name + " takes values from " + lever.least() + " to " + lever.most());
    }
    long from = lever.value();
    long kept = lever.set(value);
    heldUntil.put(name, lastSecond + settings.manualHold().toSeconds());
    trials.removeIf(trial -> trial.lever().equals(name));
    add(lever, from, kept, "by hand", Outcome.MANUAL);
    return kept;
  }

  /**
   * Gives a lever back to automatic control, from where it was found.
   *
   * @throws IllegalArgumentException with one line
   */
  public long release(String name) {
    Lever lever = lever(name);
    long from = lever.value();
    lever.restore();
    heldUntil.remove(name);
    add(lever, from, lever.value(), "given back by hand", Outcome.MANUAL);
    return lever.value();
  }

  private Lever lever(String name) {
    levers.look();
    return levers
        .find(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no lever "
                        + name
                        + " here; there are: "
                        + levers.all().stream().map(Lever::name).toList()));
  }

  public boolean isHeld(String name) {
    return heldUntil.getOrDefault(name, 0.0) > lastSecond;
  }

  /** Other settings from the next round on; leaving {@code auto} puts the levers back. */
  public void settings(TuningSettings changed) {
    boolean left = settings.mode() == TuningMode.AUTO && changed.mode() != TuningMode.AUTO;
    if (settings.uncommitDelay() && !changed.uncommitDelay()) {
      giveUp(Levers.UNCOMMIT_DELAY, "tuning.uncommit-delay is off");
    }
    settings = changed;
    levers.allowUncommitDelay(changed.uncommitDelay());
    if (left) {
      supersede();
      actions.close();
      levers.restore();
      heldUntil.clear();
    }
  }

  /** Puts a lever back that is to be moved no more. */
  private void giveUp(String name, String reason) {
    Lever lever = levers.find(name).filter(Lever::active).orElse(null);
    if (lever != null) {
      long from = lever.value();
      boolean done = lever.restore();
      heldUntil.remove(name);
      add(lever, from, lever.value(), reason, done ? Outcome.KEPT : Outcome.FAILED);
    }
  }

  public Pressure pressure() {
    return pressure;
  }

  /** What no lever can mend and somebody should know of, one line each. */
  public List<String> alarms() {
    return governor.alarms();
  }

  public long targetBytes() {
    return governor.targetBytes();
  }

  /** Milliseconds until the next round is wanted. */
  public long nextMillis() {
    return switch (pressure.level()) {
      case NONE -> 1_000;
      case LOW -> 500;
      case MEDIUM -> 200;
      case HIGH, CRITICAL -> 100;
    };
  }

  public List<Lever> levers() {
    levers.look();
    return levers.all();
  }

  /** Everything back to where it was found; whether all of it went. */
  public boolean close() {
    supersede();
    actions.close();
    return levers.restore();
  }
}
