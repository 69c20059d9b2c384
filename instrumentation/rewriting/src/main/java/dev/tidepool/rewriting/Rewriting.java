package dev.tidepool.rewriting;

import dev.tidepool.pools.PrimitivePools;
import dev.tidepool.rewriting.live.ProofThread;
import dev.tidepool.rewriting.site.SiteState;
import java.lang.instrument.Instrumentation;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The way in: watches class loading from {@link #start} on, takes nominations, and carries each
 * site from its count through proof and trial to a pool, and back.
 *
 * <p>Every method may be called from any thread; changes happen on the one proof thread. Methods
 * that change something return when the change is made.
 */
public final class Rewriting implements AutoCloseable {
  private final List<RewritingListener> listeners = new CopyOnWriteArrayList<>();
  private final ProofThread thread;

  private Rewriting(
      Instrumentation instrumentation, PrimitivePools pools, RewritingSettings settings) {
    thread = new ProofThread(instrumentation, pools, settings, this::tell);
  }

  /**
   * Installs the class-load filter and the proof thread; cheap enough for premain, all that costs
   * time happens on the thread once there is something to do.
   *
   * @param instrumentation of an agent whose manifest allows retransformation
   */
  public static Rewriting start(
      Instrumentation instrumentation, PrimitivePools pools, RewritingSettings settings) {
    return new Rewriting(instrumentation, pools, settings);
  }

  /** Hands in a hint; dropped where too many wait already. */
  public void nominate(Nomination nomination) {
    thread.nominate(nomination);
  }

  /**
   * Hands in what another run of the program has learned: its methods are taken up as their classes
   * load, without waiting for a hint, and growing objects start where they did. Nothing else is
   * taken on trust: every site is counted, proven and tried as any other.
   */
  public void recall(List<LearnedSite> learned) {
    thread.recall(learned);
  }

  /** The sites that are at work now. */
  public List<LearnedSite> learned() {
    return thread.learned();
  }

  /** Every known site, the one with most bytes per second first. */
  public List<SiteReport> sites() {
    return thread.sites();
  }

  public Optional<SiteReport> site(String id) {
    return Optional.ofNullable(thread.site(id));
  }

  /**
   * Takes a site back and leaves it alone from then on.
   *
   * @return whether there is such a site and it was not reverted already
   */
  public boolean revert(String siteId, String reason) {
    return thread.revert(siteId, reason);
  }

  /**
   * Takes back every site and leaves them alone from then on.
   *
   * @return how many
   */
  public int revertAll(String reason) {
    return thread.revertAll(reason);
  }

  /**
   * Lets one site allocate plainly for a while, or pool again; its proof and its code stay.
   *
   * @return whether it pooled, or was so paused, and changed over
   */
  public boolean pooling(String siteId, boolean on) {
    return thread.pooling(siteId, on);
  }

  public RewritingSettings settings() {
    return thread.settings();
  }

  /** Changes settings while running; what they forbid is taken back. */
  public void settings(RewritingSettings changed) {
    thread.settings(changed);
  }

  /** Takes back every site, or lets sites be taken up again; other settings stay. */
  public void pooling(PoolingMode mode) {
    settings(settings().withPooling(mode));
  }

  public void addListener(RewritingListener listener) {
    listeners.add(listener);
  }

  public RewritingStats stats() {
    return thread.stats();
  }

  /** Leaves every class as it was found, ends the thread and lets go of everything. */
  @Override
  public void close() {
    thread.close();
  }

  private void tell(SiteState before, SiteReport report) {
    for (RewritingListener listener : listeners) {
      listener.siteChanged(before, report);
    }
  }
}
