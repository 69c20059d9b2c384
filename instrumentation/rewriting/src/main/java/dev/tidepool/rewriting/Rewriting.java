package dev.tidepool.rewriting;

import dev.tidepool.pools.PrimitivePools;
import java.lang.instrument.Instrumentation;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The way in: watches class loading from {@link #start} on, takes nominations, and carries each
 * site from its count through proof and trial to a pool, and back.
 *
 * <p>Every method may be called from any thread; changes happen on the one proof thread.
 */
public final class Rewriting implements AutoCloseable {
  private final List<RewritingListener> listeners = new CopyOnWriteArrayList<>();
  private volatile RewritingSettings settings;

  private Rewriting(RewritingSettings settings) {
    this.settings = settings;
  }

  /**
   * Installs the class-load filter and the proof thread; cheap enough for premain, all that costs
   * time happens on the thread.
   */
  public static Rewriting start(
      Instrumentation instrumentation, PrimitivePools pools, RewritingSettings settings) {
    return new Rewriting(settings);
  }

  /** Hands in a hint; dropped where too many wait already. */
  public void nominate(Nomination nomination) {}

  /** Every known site, the one with most bytes per second first. */
  public List<SiteReport> sites() {
    return List.of();
  }

  public Optional<SiteReport> site(String id) {
    return Optional.empty();
  }

  /**
   * Takes a site back and leaves it alone from then on.
   *
   * @return whether there is such a site and it was not reverted already
   */
  public boolean revert(String siteId, String reason) {
    return false;
  }

  /**
   * Takes back every site.
   *
   * @return how many
   */
  public int revertAll(String reason) {
    return 0;
  }

  public RewritingSettings settings() {
    return settings;
  }

  /** Changes settings while running; what they forbid is taken back. */
  public void settings(RewritingSettings changed) {
    settings = changed;
  }

  public void addListener(RewritingListener listener) {
    listeners.add(listener);
  }

  public RewritingStats stats() {
    return new RewritingStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, List.of());
  }

  /** Leaves every class as it was found, ends the thread and lets go of everything. */
  @Override
  public void close() {}
}
