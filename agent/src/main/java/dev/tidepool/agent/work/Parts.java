package dev.tidepool.agent.work;

import dev.tidepool.agent.config.Key;
import dev.tidepool.agent.config.Settings;
import dev.tidepool.agent.log.Log;
import dev.tidepool.pools.PrimitivePools;
import dev.tidepool.rewriting.Nomination;
import dev.tidepool.rewriting.Rewriting;
import dev.tidepool.tuning.Advice;
import dev.tidepool.tuning.EarlyCap;
import dev.tidepool.tuning.TuningEngine;
import dev.tidepool.tuning.TuningSettings;
import dev.tidepool.tuning.advice.SiteAdvisor;
import dev.tidepool.tuning.levers.UnmanagedFlags;
import dev.tidepool.tuning.signals.JfrSettings;
import dev.tidepool.tuning.signals.JfrStream;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** The parts at work, from their start to the last of them undone. */
public final class Parts implements AutoCloseable {
  private static final long SOONEST_ROUND_MILLIS = 50;

  private final Log log;
  private final Journal journal;
  private final PrimitivePools pools;
  private final Rewriting rewriting;
  private final TuningEngine tuning;
  private final List<Supplier<String>> obstacles = new CopyOnWriteArrayList<>();
  private volatile JfrStream stream;
  private boolean alarmed;

  private Parts(Log log, PrimitivePools pools, Rewriting rewriting, TuningEngine tuning) {
    this.log = log;
    this.journal = new Journal(log);
    this.pools = pools;
    this.rewriting = rewriting;
    this.tuning = tuning;
    rewriting.addListener(journal);
  }

  /**
   * Starts everything but the JFR stream, in some tens of milliseconds.
   *
   * @param movedBefore the flags that were moved before main with the values they had; null where
   *     the application was running already
   */
  public static Parts start(
      Instrumentation instrumentation,
      Settings settings,
      Map<String, String> movedBefore,
      Log log) {
    TuningSettings tuningSettings = tolerant(settings, log);
    UnmanagedFlags unmanaged = UnmanagedFlags.of(new OpenedPackages(instrumentation));
    boolean holds = Translation.holdsShrink(settings);
    EarlyCap early =
        movedBefore == null
            ? EarlyCap.apply(tuningSettings, unmanaged, holds)
            : EarlyCap.after(tuningSettings, movedBefore, unmanaged, holds);
    try {
      return start(instrumentation, settings, tuningSettings, early, log);
    } catch (Throwable fault) {
      early.undo();
      throw fault;
    }
  }

  private static Parts start(
      Instrumentation instrumentation,
      Settings settings,
      TuningSettings tuningSettings,
      EarlyCap early,
      Log log) {
    PrimitivePools pools = new PrimitivePools(Translation.poolBudget(settings));
    Rewriting rewriting = Rewriting.start(instrumentation, pools, Translation.rewriting(settings));
    TuningEngine tuning = TuningEngine.start(tuningSettings, early, new PoolRelief(pools));
    return new Parts(log, pools, rewriting, tuning);
  }

  private static TuningSettings tolerant(Settings settings, Log log) {
    try {
      return Translation.tuning(settings);
    } catch (IllegalArgumentException outOfRange) {
      log.warn(outOfRange.getMessage() + "; the defaults are used");
      settings.reset(Key.MEMORY_LIMIT);
      settings.reset(Key.GC_CPU_TARGET);
      return Translation.tuning(settings);
    }
  }

  /** Starts the JFR stream, which takes the calling thread a second or two. */
  public void listen() {
    if (stream == null) {
      JfrStream opened = JfrStream.start(JfrSettings.DEFAULT, this::nominate);
      stream = opened;
      tuning.attach(opened);
    }
  }

  private void nominate(Nomination nomination) {
    rewriting.nominate(nomination);
  }

  /**
   * One round of the controller.
   *
   * @return milliseconds until the next
   */
  public long tick() {
    long next = tuning.tick();
    journal.decided(tuning);
    List<String> alarms = tuning.alarms();
    if (!alarms.isEmpty() && !alarmed) {
      alarmed = true; // once is enough: the notes of status and doctor go on telling
      log.warn(alarms.get(0));
    }
    return Math.max(SOONEST_ROUND_MILLIS, next);
  }

  /**
   * Hands changed settings to every part.
   *
   * @throws IllegalArgumentException with one line where a part does not take them; nothing is
   *     changed then
   */
  public void apply(Settings settings) {
    TuningSettings forTuning = Translation.tuning(settings);
    pools.setBudget(Translation.poolBudget(settings));
    rewriting.settings(Translation.rewriting(settings));
    tuning.settings(forTuning);
  }

  public PrimitivePools pools() {
    return pools;
  }

  public Rewriting rewriting() {
    return rewriting;
  }

  public TuningEngine tuning() {
    return tuning;
  }

  /** What to change: in flags and heap first, then site by site. */
  public List<Advice> advice() {
    List<Advice> advice = new ArrayList<>(tuning.advice());
    double rate = tuning.latest().gc().allocationRate();
    advice.addAll(SiteAdvisor.advise(rewriting.sites(), rate));
    return advice;
  }

  /** Adds a line to {@link #notes()} for as long as it is not null. */
  public void note(Supplier<String> line) {
    obstacles.add(line);
  }

  /** What does not work here and why, one line each. */
  public List<String> notes() {
    List<String> lines = new ArrayList<>(rewriting.stats().notes());
    lines.addAll(tuning.alarms());
    JfrStream open = stream;
    if (open != null) {
      open.unavailable().ifPresent(lines::add);
    }
    for (Supplier<String> obstacle : obstacles) {
      String line = obstacle.get();
      if (line != null) {
        lines.add(line);
      }
    }
    return lines;
  }

  /** Undoes everything; a part that fails to does not keep the others from it. */
  @Override
  public void close() {
    JfrStream open = stream;
    if (open != null) {
      undo("JFR stream", open);
    }
    undo("tuning", tuning);
    undo("rewriting", rewriting);
    undo("pools", pools);
  }

  private void undo(String what, AutoCloseable part) {
    try {
      part.close();
    } catch (Throwable fault) {
      log.failed("could not undo " + what, fault);
    }
  }
}
