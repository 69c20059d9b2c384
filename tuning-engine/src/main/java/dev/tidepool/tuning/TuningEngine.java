package dev.tidepool.tuning;

import dev.tidepool.tuning.signals.JfrSignals;
import dev.tidepool.tuning.signals.JfrStream;
import java.util.List;

/**
 * The engine as the agent sees it: driven by {@link #tick}, which the agent's own thread calls
 * about once a second, it reads the signals, decides, moves levers and measures.
 *
 * <p>Nothing here throws for what the JVM or the container does; the readers ({@link #latest},
 * {@link #pressure} and the lists) may be called from any thread.
 */
public final class TuningEngine implements AutoCloseable {
  private TuningEngine() {}

  /**
   * Starts the engine in the calling thread: some tens of milliseconds, no thread of its own.
   *
   * @param early what {@link EarlyCap#apply} has done already
   */
  public static TuningEngine start(TuningSettings settings, EarlyCap early, PoolsControl pools) {
    return new TuningEngine();
  }

  /** Hands over the JFR stream, which takes a second or two to start and may come later. */
  public void attach(JfrStream stream) {}

  /**
   * One round.
   *
   * @return milliseconds until the next round is wanted: 1000, less while memory is short
   */
  public long tick() {
    return 1_000;
  }

  /** The last snapshot; before the first round one with zeros. */
  public Snapshot latest() {
    return new Snapshot(
        0,
        new Snapshot.Heap(0, 0, 0, 0, 0, 0, 0),
        new Snapshot.Gc(Collector.OTHER, 0, 0, 0, 0, 0, 0, 0, 0, 0, Snapshot.Pauses.NONE),
        Snapshot.Container.NONE,
        new Snapshot.Footprint(0, 1, 0, 0, 0, 0),
        JfrSignals.NONE,
        0);
  }

  public Pressure pressure() {
    return Pressure.CALM;
  }

  /** The ledger, oldest first. */
  public List<Decision> decisions() {
    return List.of();
  }

  /** Decisions ever made, those the ledger has forgotten included. */
  public long decisionCount() {
    return 0;
  }

  public List<Advice> advice() {
    return List.of();
  }

  public List<LeverState> levers() {
    return List.of();
  }

  /** What is there and what is missing in this JVM. */
  public List<Capability> capabilities() {
    return List.of();
  }

  public TuningSettings settings() {
    return TuningSettings.DEFAULT;
  }

  /** Takes other settings from the next round on; mode, limit, target. */
  public void settings(TuningSettings changed) {}

  /**
   * Moves a lever by hand; automatic control stays off it for the settings' hold time.
   *
   * @param value a number, sizes with k, m or g; {@code auto} gives the lever back
   * @return the value in force
   * @throws IllegalArgumentException with one line: no such lever, out of bounds, refused by the VM
   */
  public String setLever(String name, String value) {
    if (levers().stream().noneMatch(lever -> lever.name().equals(name))) {
      throw new IllegalArgumentException("no lever of that name: " + name);
    }
    return value;
  }

  /** Text of an @argfile for the next start that carries what was learned. */
  public String flags() {
    return "";
  }

  /** Puts everything back as it was found. */
  @Override
  public void close() {}
}
