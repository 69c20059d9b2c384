package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.PoolingEvidence;
import dev.tidepool.rewriting.PoolingMode;
import dev.tidepool.rewriting.PoolingVerify;
import dev.tidepool.rewriting.RewritingSettings;
import dev.tidepool.rewriting.gate.Calibration;
import dev.tidepool.rewriting.gate.GateEvent;
import dev.tidepool.rewriting.gate.GateRuntime;
import dev.tidepool.rewriting.gate.Secrets;
import dev.tidepool.rewriting.gate.SiteMode;
import dev.tidepool.rewriting.gate.SiteSpec;
import dev.tidepool.rewriting.proof.GuardTable;
import dev.tidepool.rewriting.remedy.PoolLocal;
import dev.tidepool.rewriting.remedy.Treatment;
import dev.tidepool.rewriting.site.Allocation;
import dev.tidepool.rewriting.site.Breaker;
import dev.tidepool.rewriting.site.SiteState;
import dev.tidepool.rewriting.site.Verdict;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Carries sites from nomination through count and proof to trial. The proof thread's own. */
final class SiteLife {
  private static final long PROOFS_PER_ROUND_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long COLD_ESTIMATE_NANOS = TimeUnit.MINUTES.toNanos(2);

  /** A share of little is little: below this rate no site is hot. */
  private static final double LEAST_RATE = 64 << 10;

  private static final Treatment COUNT = new Treatment.Count();

  private final Sites sites;
  private final ClassPlans plans;
  private final GateRuntime runtime;
  private final Prover prover;
  private final Retransformer retransformer;
  private final Trials trials;
  private final OwnerLife owners;
  private final BuilderLife builders;
  private final GrowthLife growths;
  private final NativeLife natives;
  private final Set<Class<?>> quarantined = Collections.newSetFromMap(new WeakHashMap<>());
  private final Rests rests;
  private final Intake intake;
  private final ChangePace pace;
  private final SiteQueue<TrackedSite> hottest = new SiteQueue<>();
  private Calibration calibration; // while it goes on; else null
  private RewritingSettings settings;
  private long measuredMinBytes; // 0 while it is being measured
  private double allRate; // bytes a second, at all sites together
  private final AtomicInteger quarantinedCount = new AtomicInteger();
  private final AtomicInteger invalidations = new AtomicInteger();

  SiteLife(
      Instrumentation instrumentation,
      Sites sites,
      ClassPlans plans,
      GateRuntime runtime,
      Prover prover,
      Retransformer retransformer,
      DirectChurn directs,
      RewritingSettings settings) {
    this.sites = sites;
    this.plans = plans;
    this.runtime = runtime;
    this.prover = prover;
    this.retransformer = retransformer;
    this.trials = new Trials(sites, runtime, prover);
    this.owners = new OwnerLife(sites, runtime, prover, this::isEligible);
    this.rests = new Rests(sites, LEAST_RATE, settings.countFor());
    this.builders = new BuilderLife(sites, runtime, prover);
    this.growths = new GrowthLife(sites, runtime, prover, rests, builders);
    this.natives = new NativeLife(sites, runtime, prover, directs);
    this.intake =
        new Intake(
            instrumentation,
            sites,
            prover,
            owners,
            builders,
            growths,
            rests,
            quarantined,
            this::count);
    this.pace = new ChangePace(settings.countFor(), System.nanoTime());
    use(settings);
  }

  private boolean isEligible(String internalName) {
    return intake.isEligible(internalName);
  }

  /** How sites come in. */
  Intake intake() {
    return intake;
  }

  int quarantined() {
    return quarantinedCount.get();
  }

  long invalidations() {
    return invalidations.get();
  }

  private void use(RewritingSettings changed) {
    boolean measured = changed.calibrated() && measuredMinBytes > 0;
    settings = measured ? changed.withMinBytes(measuredMinBytes) : changed;
    intake.use(settings);
    natives.asked(intake.isNarrowed());
  }

  /** Goes by other settings from now on; what they forbid is taken back. */
  void settings(RewritingSettings changed, long now) {
    use(changed);
    for (TrackedSite site : sites.all()) {
      SiteState state = site.state();
      site.lastProof.forget();
      if (site.resting()) {
        count(site, now);
      }
      if (changed.pooling() == PoolingMode.OFF) {
        revert(site, "pooling is off", false, now);
      } else if (!intake.isEligible(site.key.method().owner().name())) {
        revert(site, "excluded", false, now);
      } else if (site.planned() && !site.draws() && !changed.allows(site.remedy())) {
        revert(site, changed.whyNot(site.remedy()), false, now);
      } else if (changed.evidence() == PoolingEvidence.PROVEN && isMerelyObserved(site)) {
        revert(site, "not proven: pooling.evidence", false, now);
      } else if ((state == SiteState.ACTIVE && changed.pooling() == PoolingMode.OBSERVE)
          || (isPaused(site) && changed.pooling() == PoolingMode.ON)) {
        settle(site, changed.pooling(), now);
      }
    }
  }

  /** Whether its code is there and has passed its trial, and it allocates plainly all the same. */
  private static boolean isPaused(TrackedSite site) {
    return site.state() == SiteState.PROVEN && site.planned() && site.isOnlyCounted();
  }

  private void settle(TrackedSite site, PoolingMode mode, long now) {
    if (GrowthLife.isGrowable(site)) {
      growths.settle(site, mode, now);
    } else {
      trials.settle(site, mode, now);
    }
  }

  /** Lets a site pool again, or allocate plainly for a while; whether it changed over. */
  boolean pooling(TrackedSite site, boolean on, long now) {
    boolean changes =
        on
            ? isPaused(site) && settings.pooling() == PoolingMode.ON
            : site.state() == SiteState.ACTIVE;
    if (changes) {
      settle(site, on ? PoolingMode.ON : PoolingMode.OBSERVE, now);
    }
    return changes;
  }

  private void count(TrackedSite site, long now) {
    if (site.place.allocates() instanceof Allocation.Native) {
      natives.count(site, now);
      return;
    }
    if (!(site.place.allocates() instanceof Allocation.Array)) {
      sites.unplan(site);
      site.verdict(new Verdict.Refused("to be proven anew", List.of(), true));
      sites.become(site, SiteState.REFUSED, "to be proven anew", now);
      return;
    }
    sites.openRow(site, new SiteSpec(site.place.arrayType(), settings.minBytes(), false, false));
    sites.plan(site, COUNT);
    site.countedSince = now;
    site.lastAsked = now;
    site.warmAt = now;
  }

  /** Deals with proofs that class loads broke: back to counting, to be proven anew. */
  void repairBroken(long now) {
    for (TrackedSite site = sites.pollBroken(); site != null; site = sites.pollBroken()) {
      String why = site.whyBroken();
      boolean takenBack = site.forbidden || site.state() == SiteState.REVERTED;
      if (why != null && !takenBack && sites.get(site.key) == site) {
        invalidations.incrementAndGet();
        prover.forget(site);
        sites.become(site, SiteState.REVERTED, "invalidated: " + why, now);
        site.verdict(null);
        count(site, now);
        site.retryAt = now + site.backoff();
      }
    }
  }

  /** Has the virtual machine run what is planned, when it is time for the next batch. */
  void applyInTurn(long now) {
    boolean due = sites.isDirty() && pace.isDue(pendingShare(), now);
    boolean tidy = sites.isStale() && pace.isCalm(now);
    if ((due && apply(sites.takeDirty(), now)) || (tidy && apply(now))) {
      pace.changed(now);
    }
  }

  /** Of all that is allocated, what sites make or take back that wait for their classes. */
  private double pendingShare() {
    List<TrackedSite> pending = sites.all().stream().filter(TrackedSite::pending).toList();
    return Math.min(1, owners.drawn().rate(pending) / Math.max(1, allRate));
  }

  /**
   * Has the virtual machine run what is planned, and nothing of what was taken back.
   *
   * @return whether any class was changed
   */
  boolean apply(long now) {
    Set<Class<?>> marked = sites.takeDirty();
    marked.addAll(sites.takeStale());
    return apply(marked, now);
  }

  private boolean apply(Set<Class<?>> marked, long now) {
    // what was planned and withdrawn before it came to run needs no change
    List<Class<?>> changed = marked.stream().filter(plans::isPending).toList();
    if (!changed.isEmpty()) {
      change(changed, now);
    }
    for (Class<?> type : marked) {
      for (TrackedSite site : sites.of(type)) {
        applied(site, now);
      }
    }
    return !changed.isEmpty();
  }

  private void change(List<Class<?>> types, long now) {
    Map<Class<?>, String> failed = retransformer.apply(types);
    for (Class<?> type : types) {
      if (!failed.containsKey(type)) {
        plans.ran(type);
      }
    }
    failed.forEach((type, why) -> quarantine(type, why, now));
    plans
        .drainRefused()
        .forEach(
            (row, why) -> {
              TrackedSite site = sites.byRow(row);
              if (site != null) {
                refuse(site, "cannot be rewritten: " + why, now);
              }
            });
  }

  private void applied(TrackedSite site, long now) {
    if (!site.planned()) {
      return;
    }
    site.applied(now);
    boolean counting = site.verdict() == null;
    if (counting && site.state() != SiteState.COUNTED) {
      sites.become(site, SiteState.COUNTED, "", now);
    } else if (site.state() == SiteState.PROVEN && !GrowthLife.isGrowable(site)) {
      sites.become(site, SiteState.TRIAL, "", now);
    }
  }

  private void quarantine(Class<?> type, String why, long now) {
    quarantined.add(type);
    quarantinedCount.incrementAndGet();
    for (TrackedSite site : sites.of(type)) {
      refuse(site, "the class cannot be rewritten: " + why, now);
    }
    plans.removeAll(type);
    // it may still run what an earlier plan made of it; one try, and its rows are off in any case
    retransformer.apply(List.of(type));
  }

  private void refuse(TrackedSite site, String why, long now) {
    site.forbidden = true;
    prover.forget(site);
    sites.unplan(site);
    site.verdict(new Verdict.Refused(why, List.of(), false));
    sites.become(site, SiteState.REFUSED, why, now);
  }

  private void calibrate() {
    boolean unknown = settings.calibrated() && measuredMinBytes == 0;
    if (!unknown || settings.pooling() == PoolingMode.OFF) {
      return;
    }
    if (calibration == null) {
      calibration = runtime.calibration();
    }
    if (calibration.step()) {
      measuredMinBytes = calibration.leastBytes();
      calibration = null;
      use(settings);
    }
  }

  /** Whether it is tried or pooled though its proof failed. */
  private static boolean isMerelyObserved(TrackedSite site) {
    return (site.state() == SiteState.TRIAL || site.state() == SiteState.ACTIVE)
        && site.verdict() instanceof Verdict.Refused;
  }

  /** Reads the counters and proves what is hot. */
  void prove(long now) {
    calibrate();
    double all = 0;
    for (TrackedSite site : sites.all()) {
      if (site.isEstimatedBefore(now, COLD_ESTIMATE_NANOS)) {
        site.cool();
      } else if (site.isEstimated()) {
        site.bySamples(now);
      } else if (!site.resting()
          && !site.pending()
          && now - site.lastAsked >= settings.countFor().toNanos()) {
        site.sampleRate(now);
      }
      all += GrowthLife.isGrowable(site) ? 0 : site.bytesPerSecond();
      if (waiting(site, now)) {
        hottest.rank(site, site.bytesPerSecond());
      } else {
        hottest.remove(site);
      }
    }
    allRate = all;
    double threshold = Math.max(LEAST_RATE, settings.hotShare() * all);
    threshold = Math.min(threshold, Math.max(1.0, (double) settings.hotBytesPerSecond()));
    long start = System.nanoTime();
    while (hottest.peek() != null
        && hottest.rankOf(hottest.peek()) >= threshold
        && System.nanoTime() - start < PROOFS_PER_ROUND_NANOS) {
      prove(hottest.poll(), now);
    }
    owners.prove(threshold, settings, now);
    builders.prove(settings, now);
    growths.look();
    growths.decide(threshold, settings, now);
  }

  private boolean waiting(TrackedSite site, long now) {
    boolean others = site.place.allocates() instanceof Allocation.Instance; // OwnerLife proves them
    if (GrowthLife.isGrowable(site) || others || site.forbidden || site.pending()) {
      return false;
    }
    if (site.state() == SiteState.NOMINATED) {
      return site.isEstimated();
    }
    boolean asks =
        site.state() == SiteState.COUNTED
            || (site.state() == SiteState.REFUSED
                && site.verdict() instanceof Verdict.Refused refused
                && refused.transientCause());
    if (!asks || now < site.retryAt || now - site.countedSince < settings.countFor().toNanos()) {
      return false;
    }
    if (site.state() == SiteState.REFUSED && prover.wouldSayTheSame(site, now)) {
      return false;
    }
    if (Trials.isTooSmall(site.counts(), settings)) {
      site.explain(Trials.tooSmall(settings));
      return false;
    }
    return true;
  }

  private void prove(TrackedSite site, long now) {
    site.proofs++;
    if (site.place.allocates() instanceof Allocation.Native) {
      if (!settings.allows(site.remedy())) {
        site.explain(settings.whyNot(site.remedy()));
        return;
      }
      natives.recycle(site, now);
      trials.settle(site, settings.pooling(), now);
      return;
    }
    Verdict verdict = prover.prove(site, (of, proven) -> openPooled(of, true));
    if (verdict instanceof Verdict.Proven && !settings.allows(PoolLocal.NAME)) {
      prover.forget(site);
      verdict = new Verdict.Refused(settings.whyNot(PoolLocal.NAME), List.of(), true);
    }
    site.verdict(verdict);
    if (verdict instanceof Verdict.Proven proven) {
      sites.become(site, SiteState.PROVEN, "", now);
      tryOut(site, proven);
    } else if (verdict instanceof Verdict.Refused refused) {
      site.retryAt = now + site.backoff();
      if (site.state() != SiteState.REFUSED || !site.reason().equals(refused.reason())) {
        sites.become(site, SiteState.REFUSED, refused.reason(), now);
      }
      if (!site.planned() && !site.resting() && !site.isEstimated()) {
        count(site, now);
      }
      if (refused.transientCause()
          && settings.evidence() == PoolingEvidence.OBSERVED
          && settings.allows(PoolLocal.NAME)) {
        openPooled(site, false);
        tryOut(site, new Verdict.Proven(false, false, List.of(), Set.of()));
        sites.become(site, SiteState.TRIAL, "observed without proof", now);
      }
    }
  }

  private void openPooled(TrackedSite site, boolean isProven) {
    boolean secret = Secrets.mayHold(site.key.method().owner().name());
    boolean zeroExcused =
        isProven
            ? site.place.first() != TrackedSite.FirstUse.ANY
            : site.place.first() == TrackedSite.FirstUse.COPY;
    sites.openRow(
        site, new SiteSpec(site.place.arrayType(), settings.minBytes(), zeroExcused, secret));
  }

  private void tryOut(TrackedSite site, Verdict.Proven terms) {
    site.mode(SiteMode.SHADOW);
    sites.plan(site, new PoolLocal(terms));
  }

  /** Looks at trials, gains and what the gate reports; about once a second. */
  void watch(long now) {
    runtime.tick();
    for (GateEvent event : runtime.drainEvents()) {
      heed(event, now);
    }
    boolean takeOut = !intake.isNarrowed() && rests.moment(now);
    for (TrackedSite site : new ArrayList<>(sites.all())) {
      if (site.type.get() == null) {
        prover.forget(site);
        hottest.remove(site);
        sites.drop(site);
      } else if (site.state() == SiteState.TRIAL) {
        trials.watch(site, settings, now);
      } else if (site.state() == SiteState.ACTIVE) {
        tellDenial(site);
        if (isWeighed(site)) {
          trials.weigh(site, settings, now);
        }
      } else if (takeOut
          && isCounted(site)
          && rests.look(site, Trials.isTooSmall(site.counts(), settings), now)) {
        hottest.remove(site);
      }
    }
    for (TrackedSite vain : owners.drawn().feed(settings, now)) {
      String why = "no gain: nobody draws what it gives back" + prover.toldDenial(vain);
      revert(vain, why, false, now);
    }
    for (TrackedSite dear : owners.drawn().dear(now)) {
      revert(dear, "no gain: " + dear.toll.text(), false, now);
    }
    if (settings.pooling() != PoolingMode.OFF) {
      natives.look(intake::isEligible, now);
    }
    natives.makers().forEach(maker -> intake.nominate(maker, now));
  }

  /**
   * What a guard says no to goes to no pool, though the site is active: then that is to be read,
   * and no longer once it says yes.
   */
  private void tellDenial(TrackedSite site) {
    String denial = prover.denial(site);
    if (denial != null && denial.endsWith(GuardTable.NOT_YET)) {
      return;
    }
    String told = site.reason();
    int before = told.indexOf(Prover.DENIED); // another class may be the first now, or none
    String rest = before < 0 ? told : told.substring(0, before).replaceFirst("; $", "");
    String text = denial == null ? rest : rest.isEmpty() ? denial : rest + "; " + denial;
    if (!text.equals(told)) {
      site.explain(text);
    }
  }

  /**
   * Where every array is watched, none that others draw comes from the pool, nor any where the
   * breaker is open: that is no fault, and a site whose breaker is open is tried again.
   */
  private boolean isWeighed(TrackedSite site) {
    return !GrowthLife.isGrowable(site)
        && site.breaker() != Breaker.OPEN
        && !(settings.verify() == PoolingVerify.POISON && site.draws());
  }

  private static boolean isCounted(TrackedSite site) {
    return site.state() == SiteState.COUNTED || site.state() == SiteState.REFUSED;
  }

  private void heed(GateEvent event, long now) {
    TrackedSite site = sites.byRow(event.site());
    if (site == null) {
      return;
    }
    switch (event.kind()) {
      case WRITTEN_AFTER_RELEASE -> {
        site.setBack(true);
        revert(site, event.text(), true, now);
      }
      case BREAKER_OPEN, BREAKER_HALF_OPEN -> sites.become(site, site.state(), event.text(), now);
    }
  }

  /**
   * Takes a site back.
   *
   * @param forGood whether it is left alone from then on
   * @return whether there was anything to take back
   */
  boolean revert(TrackedSite site, String why, boolean forGood, long now) {
    if (site.state() == SiteState.REVERTED && !site.planned()) {
      site.forbidden |= forGood;
      return false;
    }
    site.forbidden |= forGood;
    prover.forget(site);
    hottest.remove(site);
    sites.unplan(site);
    sites.become(site, SiteState.REVERTED, why, now);
    return true;
  }
}
