package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.LearnedSite;
import dev.tidepool.rewriting.Nomination;
import dev.tidepool.rewriting.PoolingMode;
import dev.tidepool.rewriting.RewritingSettings;
import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.gate.Exclusions;
import dev.tidepool.rewriting.site.Allocation;
import dev.tidepool.rewriting.site.SiteState;
import dev.tidepool.rewriting.site.TypeRef;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ObjLongConsumer;

/** Takes up sites: of nominated methods, of classes the user named, of a plan. */
final class Intake {
  private static final int MAX_SITES = 4000;

  private final Instrumentation instrumentation;
  private final Sites sites;
  private final Prover prover;
  private final OwnerLife owners;
  private final BuilderLife builders;
  private final GrowthLife growths;
  private final Rests rests;
  private final Set<Class<?>> quarantined;
  private final ObjLongConsumer<TrackedSite> count;
  private final RecentNominations lately = new RecentNominations();
  private RewritingSettings settings;
  private ClassPatterns include;
  private ClassPatterns exclude;
  private LearnedSites recalled = LearnedSites.NONE;

  /**
   * @param quarantined classes that are let alone
   * @param count begins to count a site, from the given nanosecond on
   */
  Intake(
      Instrumentation instrumentation,
      Sites sites,
      Prover prover,
      OwnerLife owners,
      BuilderLife builders,
      GrowthLife growths,
      Rests rests,
      Set<Class<?>> quarantined,
      ObjLongConsumer<TrackedSite> count) {
    this.instrumentation = instrumentation;
    this.sites = sites;
    this.prover = prover;
    this.owners = owners;
    this.builders = builders;
    this.growths = growths;
    this.rests = rests;
    this.quarantined = quarantined;
    this.count = count;
  }

  void use(RewritingSettings changed) {
    settings = changed;
    include = ClassPatterns.parse(changed.include());
    exclude = ClassPatterns.parse(changed.exclude());
  }

  /** Whether the user has named the classes to look at. */
  boolean isNarrowed() {
    return !include.isEmpty();
  }

  boolean isEligible(String internalName) {
    return !Exclusions.excludes(internalName)
        && !exclude.matches(internalName)
        && (include.isEmpty() || include.matches(internalName));
  }

  /** Takes up the sites of a nominated method. */
  void nominate(Nomination nomination, long now) {
    if (lately.seen(nomination, now)) {
      hear(nomination, now);
      return;
    }
    for (Class<?> type : prover.loaded().named(nomination.className())) {
      if (nomination.loader() == null || nomination.loader() == type.getClassLoader()) {
        takeUp(type, nomination, now);
        lately.note(nomination, now);
      }
    }
  }

  /** What is looked into now and then only is sampled all the time. */
  private void hear(Nomination hint, long now) {
    if (hint.caller() || hint.bytecodeIndex() < 0) {
      return;
    }
    List<TrackedSite> meant = new ArrayList<>();
    for (TrackedSite site : sites.all()) {
      if (site.place.allocates() instanceof Allocation.Array
          && site.key.method().name().equals(hint.method())
          && site.key.method().descriptor().equals(hint.descriptor())
          && site.key.method().owner().sourceName().equals(hint.className())
          && (site.key.bytecodeIndex() == hint.bytecodeIndex()
              || site.place.line() == hint.line())) {
        meant.add(site);
      }
    }
    for (TrackedSite site : meant) {
      site.hear(hint, meant.size(), now);
      if (site.isEstimated()) {
        site.estimate(now);
      }
    }
  }

  /** Takes up every site of the loaded classes that the user named. */
  void nominateIncluded(long now) {
    if (isNarrowed()) {
      for (Class<?> type : prover.loaded().matching(include)) {
        takeUpAll(type, now);
      }
    }
  }

  /**
   * Takes up every site of the classes of this name, or the methods that are recalled of it; false
   * if none is loaded yet.
   */
  boolean nominateClass(String internalName, long now) {
    List<Class<?>> types = prover.loaded().named(internalName);
    for (Class<?> type : types) {
      if (include.matches(internalName)) {
        takeUpAll(type, now);
      } else {
        Set<String> methods = new HashSet<>();
        for (LearnedSite site : recalled.of(internalName)) {
          if (methods.add(site.method() + site.descriptor())) {
            takeUp(
                type, Nomination.of(site.className(), null, site.method(), site.descriptor()), now);
          }
        }
      }
    }
    return !types.isEmpty();
  }

  /** Takes up what another run has learned of the classes that are loaded. */
  void recall(LearnedSites learned, long now) {
    recalled = learned;
    growths.recall(learned);
    for (String name : learned.classes()) {
      nominateClass(name, now);
    }
  }

  private void takeUpAll(Class<?> type, long now) {
    takeUp(type, Nomination.of(type.getName(), null, null, null), now);
  }

  private void takeUp(Class<?> type, Nomination hint, long now) {
    TypeRef owner = LoadedWorld.reference(type);
    if (settings.pooling() == PoolingMode.OFF
        || sites.all().size() >= MAX_SITES
        || !isEligible(owner.name())
        || type.isHidden()
        || quarantined.contains(type)
        || !instrumentation.isModifiableClass(type)) {
      return;
    }
    byte[] file = prover.loaded().bytes(owner).orElse(null);
    if (file == null) {
      return;
    }
    List<SiteFinder.Found> found;
    try {
      ClassCode code = ClassCode.read(file);
      owners.nominate(type, owner, code, hint, now);
      builders.nominate(type, owner, code, hint);
      growths.nominate(type, owner, code, hint, settings, now);
      found = hint.caller() ? List.of() : SiteFinder.find(owner, code, hint, settings.minBytes());
    } catch (RuntimeException newerOrOdd) {
      return;
    }
    for (SiteFinder.Found each : found) {
      TrackedSite known = sites.get(each.key());
      if (known == null && isSampled(hint)) {
        known = sites.add(each, type, now);
        known.estimate(now);
      }
      if (known != null && hint.bytecodeIndex() >= 0) {
        known.hear(hint, found.size(), now);
      }
      if (known != null && known.isEstimated()) {
        known.estimate(now);
      } else if (rests.mayCount(each.key(), known, now)) {
        count.accept(known == null ? sites.add(each, type, now) : known, now);
      } else if (known != null
          && known.state() == SiteState.REVERTED
          && !known.forbidden
          && !known.planned()
          && now >= known.retryAt) {
        known.verdict(null);
        count.accept(known, now);
      }
    }
  }

  /**
   * Whether samples told that much is made here. Such a site is proven before its code is touched:
   * counting first would cost the application compiled code, and most are refused.
   */
  private boolean isSampled(Nomination hint) {
    return !isNarrowed() && hint.bytecodeIndex() >= 0;
  }
}
