package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.Nomination;
import dev.tidepool.rewriting.PoolingMode;
import dev.tidepool.rewriting.RewritingSettings;
import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.gate.GateRuntime;
import dev.tidepool.rewriting.gate.SiteMode;
import dev.tidepool.rewriting.remedy.PoolOwned;
import dev.tidepool.rewriting.remedy.RecycleHandedBack;
import dev.tidepool.rewriting.remedy.RecycleOutgrown;
import dev.tidepool.rewriting.site.Allocation;
import dev.tidepool.rewriting.site.MethodKey;
import dev.tidepool.rewriting.site.SiteKey;
import dev.tidepool.rewriting.site.SiteState;
import dev.tidepool.rewriting.site.TypeRef;
import dev.tidepool.rewriting.site.Verdict;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.objectweb.asm.Type;

/**
 * Arrays that live in the fields of short-lived owners.
 *
 * <p>Two sites play together. Where an owner is made and proven to die with the method, its arrays
 * are given back. Where such arrays are made, in the owner's own class, they are drawn from the
 * pool as soon as anybody gives them back. Only the first needs a proof; it is made once an array
 * of such a class is hot and was refused for what it is: a field of its owner. The proof thread's
 * own.
 */
final class OwnerLife {
  private static final String DIRECT_BUFFER = "java/nio/DirectByteBuffer";
  private static final int MOST_CANDIDATES = 2000;
  private static final long PROOFS_PER_ROUND_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long RESULT_RETRY_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final int LONGEST_VAIN = 6; // half an hour

  /** Most proofs of results are in vain, and there are many calls: a burst, then this share. */
  private static final long RESULT_BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

  private static final double RESULT_SHARE = 0.05;

  private final Sites sites;
  private final Prover prover;
  private final OutgrownLife outgrown;
  private final OwnerRows rows;
  private final DrawnArrays drawn;
  private final Predicate<String> eligible;
  private final OwnerFinder finder = new OwnerFinder();
  private final Map<SiteKey, Candidate> candidates = new LinkedHashMap<>();
  private long resultsSince;
  private long resultNanos;

  private static final class Candidate {
    final OwnerFinder.Found found;
    final WeakReference<Class<?>> maker;
    long retryAt;
    int vain;

    Candidate(OwnerFinder.Found found, Class<?> maker, long now) {
      this.found = found;
      this.maker = new WeakReference<>(maker);
      this.retryAt = now;
    }
  }

  /**
   * Nothing is watched yet.
   *
   * @param eligible whether the user wants sites of a class looked at, by internal name
   */
  OwnerLife(Sites sites, GateRuntime runtime, Prover prover, Predicate<String> eligible) {
    this.sites = sites;
    this.prover = prover;
    this.eligible = eligible;
    this.outgrown = new OutgrownLife(sites, runtime, prover);
    this.rows = new OwnerRows(sites, runtime, prover, outgrown);
    this.drawn = new DrawnArrays(sites, runtime, prover, this::isEligible);
  }

  /** What comes of the arrays that owners give back. */
  DrawnArrays drawn() {
    return drawn;
  }

  /** Remembers which owners a method makes. */
  void nominate(Class<?> maker, TypeRef name, ClassCode code, Nomination hint, long now) {
    for (OwnerFinder.Found found : finder.find(name, code, hint, prover.loaded())) {
      if (candidates.size() < MOST_CANDIDATES) {
        candidates.putIfAbsent(found.site().key(), new Candidate(found, maker, now));
      }
    }
  }

  /** Proves the makers of owners whose arrays are hot. */
  void prove(double threshold, RewritingSettings settings, long now) {
    if (settings.pooling() == PoolingMode.OFF) {
      return; // what was drawn before stays taken back
    }
    long start = System.nanoTime();
    for (TrackedSite array : sites.list()) {
      if (array.bytesPerSecond() * (1 - array.gain) < threshold || !isEligible(array.key)) {
        continue;
      }
      if (goesToCallers(array)) {
        proveResults(array, settings, now, start);
      }
      if (!isRefusedArray(array) && !isDrawn(array) && !isDirectMemory(array)) {
        continue;
      }
      TrackedSite replacing = isRefusedArray(array) ? outgrown.of(array, now) : null;
      if (replacing != null
          && (replacing.state() == SiteState.NOMINATED || prover.mayTryAgain(replacing, now))) {
        prove(replacing, array.place.arrayType(), settings, now);
      }
      for (Candidate candidate : makersOf(array.key.method().owner())) {
        if (outgrown.isTakenCareOf(candidate.found.site().key())) {
          continue;
        }
        TrackedSite owner = sites.get(candidate.found.site().key());
        if (owner == null) {
          owner = sites.add(candidate.found.site(), candidate.maker.get(), now);
        } else if (!prover.mayTryAgain(owner, now)) {
          continue;
        }
        prove(owner, array.place.arrayType(), settings, now);
        if (System.nanoTime() - start > PROOFS_PER_ROUND_NANOS) {
          return;
        }
      }
    }
  }

  /** Proves calls that may return the array; those that do not are forgotten for a while. */
  private void proveResults(TrackedSite array, RewritingSettings settings, long now, long start) {
    Set<String> names = namesReturning(array);
    for (Candidate candidate : List.copyOf(candidates.values())) {
      Class<?> maker = candidate.maker.get();
      if (!names.contains(candidate.found.called())
          || maker == null
          || !isEligible(candidate.found.site().key())
          || now < candidate.retryAt
          || candidate.found.site().place().arrayType() != array.place.arrayType()
          || System.nanoTime() - start > PROOFS_PER_ROUND_NANOS
          || !mayProveResults(now)) {
        continue;
      }
      long began = System.nanoTime();
      TrackedSite known = sites.get(candidate.found.site().key());
      if (known != null && !prover.mayTryAgain(known, now)) {
        continue;
      }
      candidate.retryAt = now + (RESULT_RETRY_NANOS << Math.min(candidate.vain, LONGEST_VAIN));
      TrackedSite site = known == null ? sites.add(candidate.found.site(), maker, now) : known;
      prove(site, array.place.arrayType(), settings, now);
      resultNanos += System.nanoTime() - began;
      boolean ofUse =
          site.verdict() instanceof Verdict.Proven proven
              && sites.all().stream().anyMatch(each -> proven.sources().contains(each.key));
      candidate.vain = ofUse ? 0 : candidate.vain + 1;
      if (!ofUse) {
        prover.forget(site);
        sites.drop(site);
      }
    }
  }

  private boolean mayProveResults(long now) {
    resultsSince = resultsSince == 0 ? now : resultsSince;
    return resultNanos < RESULT_BURST_NANOS + RESULT_SHARE * (now - resultsSince);
  }

  /**
   * Names of the methods that may return the array: of the one that makes it, and of those that
   * have called such a one and return an array themselves. All of them were on the stacks that
   * nominated them; the others need no proof.
   */
  private Set<String> namesReturning(TrackedSite array) {
    Set<String> names = new HashSet<>(Set.of(array.key.method().name()));
    for (boolean grew = true; grew; ) {
      grew = false;
      for (Candidate candidate : candidates.values()) {
        MethodKey caller = candidate.found.site().key().method();
        if (names.contains(candidate.found.called())
            && Type.getReturnType(caller.descriptor()).getSort() == Type.ARRAY) {
          grew |= names.add(caller.name());
        }
      }
    }
    return names;
  }

  private List<Candidate> makersOf(TypeRef declaring) {
    List<Candidate> makers = new ArrayList<>();
    candidates.values().removeIf(candidate -> candidate.maker.get() == null);
    for (Candidate candidate : candidates.values()) {
      if (candidate.found.declaring().contains(declaring)
          && isEligible(candidate.found.site().key())) {
        makers.add(candidate);
      }
    }
    return makers;
  }

  private boolean isEligible(SiteKey key) {
    return eligible.test(key.method().owner().name());
  }

  /** Whether callers get the array, always or now and then, so that they could give it back. */
  static boolean goesToCallers(TrackedSite site) {
    if (isRefusedArray(site)) {
      return isReturned(site.reason());
    }
    return (isDrawn(site) && isReturned(site.drawn.before().reason()))
        || (site.state() == SiteState.ACTIVE
            && site.verdict() instanceof Verdict.Proven proven
            && proven.returned());
  }

  private static boolean isReturned(String reason) {
    return reason.endsWith("returned to the caller");
  }

  /** Whether some give it back, or did so for too little gain: others may, too. */
  private static boolean isDrawn(TrackedSite site) {
    return site.drawn != null
        && !site.forbidden
        && (site.state() == SiteState.REVERTED
            || (site.state() == SiteState.ACTIVE && site.draws()));
  }

  /** What buffers are made of whose owners end it, whether what is ended is kept or freed. */
  private static boolean isDirectMemory(TrackedSite site) {
    return site.place.allocates() instanceof Allocation.Native
        && site.key.method().owner().name().equals(DIRECT_BUFFER);
  }

  static boolean isRefusedArray(TrackedSite site) {
    return site.state() == SiteState.REFUSED
        && !site.forbidden
        && site.place.allocates() instanceof Allocation.Array;
  }

  private void prove(TrackedSite owner, int arrayType, RewritingSettings settings, long now) {
    owner.tried(now);
    Verdict verdict =
        prover.prove(owner, (of, proven) -> rows.open(of, proven, arrayType, settings));
    if (verdict instanceof Verdict.Proven proven && !settings.allows(remedy(proven))) {
      prover.forget(owner);
      verdict = new Verdict.Refused(settings.whyNot(remedy(proven)), List.of(), true);
    }
    owner.verdict(verdict);
    if (verdict instanceof Verdict.Proven proven) {
      sites.become(owner, SiteState.PROVEN, "", now);
      owner.mode(SiteMode.SHADOW);
      if (proven.replaced() == null) {
        sites.plan(owner, new PoolOwned(proven));
      } else {
        outgrown.plan(owner, proven.replaced());
      }
    } else if (verdict instanceof Verdict.Refused refused) {
      sites.become(owner, SiteState.REFUSED, refused.reason(), now);
    }
  }

  private static String remedy(Verdict.Proven proven) {
    if (proven.replaced() == null) {
      return PoolOwned.NAME;
    }
    return proven.replaced().field() == null ? RecycleHandedBack.NAME : RecycleOutgrown.NAME;
  }
}
