package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.PoolingMode;
import dev.tidepool.rewriting.RewritingSettings;
import dev.tidepool.rewriting.gate.GateRuntime;
import dev.tidepool.rewriting.gate.SiteCounts;
import dev.tidepool.rewriting.gate.SiteMode;
import dev.tidepool.rewriting.gate.TrialEvidence;
import dev.tidepool.rewriting.site.SiteState;
import dev.tidepool.rewriting.site.Verdict;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Watches proven sites before they pool, and what they gain when they do. */
final class Trials {
  /** Arrays the collector must have taken for a trial to count as seen. */
  private static final int ENOUGH = 8;

  /** Where there is no proof the trial is all there is. */
  private static final int ENOUGH_WITHOUT_PROOF = 64;

  private static final long LONG_TRIAL_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long GAIN_WINDOW_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long GAIN_ALLOCATIONS = 64;
  private static final double POOR_RATIO = 0.1;
  private static final int POOR_WINDOWS = 3;

  /** Of the least size worth pooling, what each call of the gate must be worth on average. */
  private static final int SMALL_PART = 4;

  private static final long REST_NANOS = TimeUnit.MINUTES.toNanos(2);
  private static final int LONGEST_REST = 2;

  private final Sites sites;
  private final GateRuntime runtime;
  private final Prover prover;

  Trials(Sites sites, GateRuntime runtime, Prover prover) {
    this.sites = sites;
    this.runtime = runtime;
    this.prover = prover;
  }

  /** One look at a site on trial; about once a second. */
  void watch(TrackedSite site, RewritingSettings settings, long now) {
    TrialEvidence seen = runtime.judgeTrial(site.row());
    boolean proven = site.verdict() instanceof Verdict.Proven;
    long least = proven ? 0 : LONG_TRIAL_NANOS;
    int enough = proven ? ENOUGH : ENOUGH_WITHOUT_PROOF;
    if (seen.retained() > 0) {
      site.forbidden = true;
      site.setBack(true);
      sites.unplan(site);
      sites.become(
          site,
          SiteState.REFUSED,
          "trial: "
              + seen.retained()
              + " of "
              + (seen.retained() + seen.collected())
              + " watched buffers were still held after their release",
          now);
    } else if (proven
        && now - site.since >= settings.tryFor().toNanos()
        && site.counts().allocations() >= ENOUGH
        && isTooSmall(site.counts(), settings)) {
      rest(site, now);
      sites.unplan(site);
      sites.become(site, SiteState.REVERTED, "no gain: " + tooSmall(settings), now);
    } else if ((now - site.since >= least && seen.collected() >= enough)
        || (proven && now - site.since >= settings.tryFor().toNanos())) {
      settle(site, settings.pooling(), now);
    }
  }

  static String tooSmall(RewritingSettings settings) {
    return "its arrays are too often smaller than pooling.min-bytes, "
        + settings.minBytes()
        + " here";
  }

  /**
   * By the bytes it could have from the pool, not by the mean of all its arrays: among many short
   * texts there may be a long one that most of the bytes are in. The gate is called for each of
   * them, which costs as much as making an array of a few hundred bytes does.
   */
  static boolean isTooSmall(SiteCounts counts, RewritingSettings settings) {
    return counts.allocations() > 0
        && counts.poolableBytes() < (double) settings.minBytes() / SMALL_PART;
  }

  /** Puts a site that has passed its trial where the mode wants it. */
  void settle(TrackedSite site, PoolingMode mode, long now) {
    if (mode == PoolingMode.ON) {
      beginWeighing(site, now);
      site.mode(SiteMode.POOL);
      sites.become(site, SiteState.ACTIVE, "", now);
    } else {
      site.mode(SiteMode.COUNT);
      sites.become(site, SiteState.PROVEN, "observed only: pooling=observe", now);
    }
  }

  /** What it gains is looked at from now on. */
  static void beginWeighing(TrackedSite site, long now) {
    site.gain = 0;
    site.atGain = site.counts();
    site.gainSince = now;
    site.poorWindows = 0;
    site.unasked = false;
  }

  /** Takes back a site that pools without gain. */
  void weigh(TrackedSite site, RewritingSettings settings, long now) {
    if (now - site.gainSince < GAIN_WINDOW_NANOS) {
      return;
    }
    SiteCounts counts = site.counts();
    long allocations = counts.allocations() - site.atGain.allocations();
    if (allocations < GAIN_ALLOCATIONS) {
      return;
    }
    // by bytes: a site may make many arrays too small to pool beside the few that count
    long bytes = Math.max(1, counts.bytes() - site.atGain.bytes());
    double ratio = (double) (counts.bytesSaved() - site.atGain.bytesSaved()) / bytes;
    site.unasked = asked(counts) == asked(site.atGain);
    site.gain = ratio;
    site.atGain = counts;
    site.gainSince = now;
    // where nothing was even asked of the pool, no answer of a guard's can change that
    boolean poor = ratio < POOR_RATIO && (site.unasked || !prover.isJudging(site, now));
    site.poorWindows = poor ? site.poorWindows + 1 : 0;
    if (ratio >= POOR_RATIO) {
      site.setBack(false);
    }
    if (site.poorWindows >= POOR_WINDOWS) {
      rest(site, now);
      String denial = prover.denial(site);
      sites.unplan(site);
      if (site.unasked && isTooSmall(counts, settings)) {
        sites.become(site, SiteState.REVERTED, "no gain: " + tooSmall(settings), now);
        return;
      }
      String why = "no gain: " + Math.round(100 * ratio) + " % of its bytes came from the pool";
      if (denial == null && mayBeReturned(site)) {
        // as if it had been seen at once: the callers may give it back
        String reason = why + ", the others are returned to the caller";
        site.verdict(new Verdict.Refused(reason, List.of(), true));
        sites.become(site, SiteState.REFUSED, reason, now);
        return;
      }
      sites.become(site, SiteState.REVERTED, why + prover.toldDenial(site), now);
    }
  }

  private static long asked(SiteCounts counts) {
    return counts.hits() + counts.misses();
  }

  private static boolean mayBeReturned(TrackedSite site) {
    return site.verdict() instanceof Verdict.Proven proven && proven.returned();
  }

  /**
   * A site without gain is not tried again soon, and each time four times as late, up to half an
   * hour: each try costs its class the compiled code twice.
   */
  static void rest(TrackedSite site, long now) {
    site.setBack(true);
    site.retryAt = now + (REST_NANOS << (2 * Math.min(site.rests, LONGEST_REST)));
    site.rests++;
  }
}
