package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.Nomination;
import dev.tidepool.rewriting.PoolingMode;
import dev.tidepool.rewriting.RewritingSettings;
import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.gate.BufferMemory;
import dev.tidepool.rewriting.gate.GateRuntime;
import dev.tidepool.rewriting.gate.OwnedFields;
import dev.tidepool.rewriting.gate.Secrets;
import dev.tidepool.rewriting.gate.SiteMode;
import dev.tidepool.rewriting.gate.SiteSpec;
import dev.tidepool.rewriting.remedy.Draw;
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
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final int LONGEST_BACKOFF = 8;
  private static final long VAIN_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long RESULT_RETRY_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final int LONGEST_VAIN = 6; // half an hour

  /** Most proofs of results are in vain, and there are many calls: a burst, then this share. */
  private static final long RESULT_BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

  private static final double RESULT_SHARE = 0.05;

  private final Sites sites;
  private final GateRuntime runtime;
  private final Prover prover;
  private final OutgrownLife outgrown;
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
    this.runtime = runtime;
    this.prover = prover;
    this.eligible = eligible;
    this.outgrown = new OutgrownLife(sites, runtime, prover);
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
          && (replacing.state() == SiteState.NOMINATED || mayTryAgain(replacing, now))) {
        prove(replacing, array.place.arrayType(), settings, now);
      }
      for (Candidate candidate : makersOf(array.key.method().owner())) {
        if (outgrown.isTakenCareOf(candidate.found.site().key())) {
          continue;
        }
        TrackedSite owner = sites.get(candidate.found.site().key());
        if (owner == null) {
          owner = sites.add(candidate.found.site(), candidate.maker.get(), now);
        } else if (!mayTryAgain(owner, now)) {
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
      if (known != null && !mayTryAgain(known, now)) {
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

  private static boolean isRefusedArray(TrackedSite site) {
    return site.state() == SiteState.REFUSED
        && !site.forbidden
        && site.place.allocates() instanceof Allocation.Array;
  }

  private boolean mayTryAgain(TrackedSite owner, long now) {
    boolean refused =
        owner.state() == SiteState.REFUSED
            && owner.verdict() instanceof Verdict.Refused refusal
            && refusal.transientCause()
            && !prover.wouldSayTheSame(owner, now);
    return !owner.forbidden
        && now >= owner.retryAt
        && (refused || owner.state() == SiteState.REVERTED);
  }

  private void prove(TrackedSite owner, int arrayType, RewritingSettings settings, long now) {
    owner.proofs++;
    owner.retryAt = now + ((SECOND / 4) << Math.min(owner.proofs, LONGEST_BACKOFF));
    Verdict verdict = prover.prove(owner, (of, proven) -> openRow(of, proven, arrayType, settings));
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

  private void openRow(
      TrackedSite owner, Verdict.Proven proven, int arrayType, RewritingSettings settings) {
    if (proven.replaced() != null) {
      // whoever made the object may have filled it with a key
      sites.openRow(owner, new SiteSpec(arrayType, settings.minBytes(), false, true));
      if (proven.replaced().closes()) {
        closes(owner, proven.replaced().field());
      } else {
        runtime.replaces(owner.row(), owner.type.get());
      }
      return;
    }
    boolean secret = mayHoldSecrets(owner, proven);
    if (proven.owned() == null) {
      sites.openRow(owner, new SiteSpec(arrayType, settings.minBytes(), false, secret));
      return;
    }
    if (proven.owned().isMemory()) {
      sites.openRow(owner, new SiteSpec(arrayType, 0, false, false));
      runtime.ends(owner.row(), bufferMemory());
      return;
    }
    List<Verdict.Field> fields = ofType(proven.owned().fields(), arrayType);
    int type = arrayType;
    if (fields.isEmpty()) {
      type = newarrayType(proven.owned().fields().get(0).descriptor());
      fields = ofType(proven.owned().fields(), type);
    }
    sites.openRow(owner, new SiteSpec(type, settings.minBytes(), false, secret));
    runtime.owns(owner.row(), readers(fields));
    outgrown.leaveToIt(owner, fields);
  }

  /** By whom the arrays are filled: who makes the owner, the owner, or what they come from. */
  private static boolean mayHoldSecrets(TrackedSite owner, Verdict.Proven proven) {
    Set<TypeRef> fillers = new HashSet<>(Set.of(owner.key.method().owner()));
    proven.sources().forEach(source -> fillers.add(source.method().owner()));
    if (proven.owned() != null) {
      proven.owned().fields().forEach(field -> fillers.add(field.owner()));
    }
    boolean made =
        owner.place.allocates() instanceof Allocation.Instance instance
            && Secrets.mayHold(instance.className());
    return made || fillers.stream().anyMatch(type -> Secrets.mayHold(type.name()));
  }

  private void closes(TrackedSite owner, Verdict.Field field) {
    Class<?> type = owner.type.get();
    if (type != null) {
      prover.open(type);
      try {
        runtime.closes(owner.row(), type, field.name());
      } catch (ReflectiveOperationException | RuntimeException closed) {
        // then nothing is known of its arrays, and none is given back
      }
    }
  }

  /** Null where this JDK ends it in another way: then the site does nothing. */
  private BufferMemory bufferMemory() {
    try {
      return BufferMemory.of(
          prover.opened("java.nio.DirectByteBuffer"), prover.opened("jdk.internal.ref.Cleaner"));
    } catch (ReflectiveOperationException | RuntimeException | OutOfMemoryError otherJdk) {
      return null;
    }
  }

  /** Null where they cannot be read: then the site gives nothing back. */
  private OwnedFields readers(List<Verdict.Field> fields) {
    List<OwnedFields.Field> found = new ArrayList<>();
    for (Verdict.Field field : fields) {
      Class<?> declaring = prover.loaded().find(field.owner());
      if (declaring == null) {
        return null;
      }
      prover.open(declaring);
      found.add(new OwnedFields.Field(declaring, field.name(), arrayClass(field.descriptor())));
    }
    try {
      return OwnedFields.of(found);
    } catch (ReflectiveOperationException closed) {
      return null;
    }
  }

  private static List<Verdict.Field> ofType(List<Verdict.Field> fields, int arrayType) {
    return fields.stream().filter(f -> newarrayType(f.descriptor()) == arrayType).toList();
  }

  static boolean isArray(String descriptor) {
    return descriptor.length() == 2 && descriptor.charAt(0) == '[';
  }

  static int newarrayType(String descriptor) {
    return "ZCFDBSIJ".indexOf(descriptor.charAt(1)) + 4;
  }

  private static Class<?> arrayClass(String descriptor) {
    return switch (Type.getType(descriptor).getElementType().getSort()) {
      case Type.BOOLEAN -> boolean[].class;
      case Type.CHAR -> char[].class;
      case Type.FLOAT -> float[].class;
      case Type.DOUBLE -> double[].class;
      case Type.SHORT -> short[].class;
      case Type.INT -> int[].class;
      case Type.LONG -> long[].class;
      default -> byte[].class;
    };
  }

  /**
   * Has arrays drawn from the pool whose owners give them back.
   *
   * @return the owners whose arrays nobody draws, or does so any more: work without gain
   */
  List<TrackedSite> feed(RewritingSettings settings, long now) {
    List<TrackedSite> vain = new ArrayList<>();
    List<TrackedSite> all = sites.list();
    leaveOrphans(all, now);
    for (TrackedSite owner : all) {
      if (owner.state() == SiteState.ACTIVE
          && owner.verdict() instanceof Verdict.Proven proven
          && givesBack(owner)
          && !needsNobody(proven)
          && !BuilderLife.isBuilder(owner)) {
        if (prover.isJudging(owner, now)) {
          await(proven, all);
        } else if (!feed(owner, proven, all, settings, now) && now - owner.since >= VAIN_NANOS) {
          Trials.rest(owner, now);
          vain.add(owner);
        }
      }
    }
    return vain;
  }

  /**
   * What sites save that recycle the buffers of objects, against what it costs the calls that are
   * lent these buffers.
   *
   * @return those that cost more
   */
  List<TrackedSite> dear(long now) {
    List<TrackedSite> dear = new ArrayList<>();
    for (TrackedSite site : sites.list()) {
      if (site.state() != SiteState.ACTIVE
          || !(site.verdict() instanceof Verdict.Proven proven)
          || proven.replaced() == null) {
        site.toll = null;
        continue;
      }
      long saved = saved(site, proven);
      if (site.toll == null) {
        site.toll = new Toll();
        site.toll.begin(site.counts(), saved, now);
      } else if (site.toll.isTooHigh(site.counts(), saved, now)) {
        Trials.rest(site, now);
        dear.add(site);
      }
    }
    return dear;
  }

  private long saved(TrackedSite site, Verdict.Proven proven) {
    long saved = site.counts().bytesSaved();
    for (TrackedSite array : sites.all()) {
      saved += array != site && makes(array, proven) ? array.counts().bytesSaved() : 0;
    }
    return saved;
  }

  /**
   * Where nobody is left who gives back, arrays are what they were before: refused, and a reason to
   * prove their owners anew.
   */
  private void leaveOrphans(List<TrackedSite> all, long now) {
    for (TrackedSite array : all) {
      if (array.state() == SiteState.ACTIVE
          && array.draws()
          && all.stream().noneMatch(owner -> goesOnGiving(owner, array))) {
        array.mode(SiteMode.COUNT);
        array.countedSince = now;
        array.verdict(array.drawn.before());
        sites.become(array, SiteState.REFUSED, array.drawn.before().reason(), now);
      }
    }
  }

  private static boolean goesOnGiving(TrackedSite owner, TrackedSite array) {
    return (owner.state() == SiteState.ACTIVE || (owner.planned() && owner.isOnlyCounted()))
        && givesBack(owner)
        && owner.verdict() instanceof Verdict.Proven proven
        && makes(array, proven);
  }

  /** Bytes a second that these sites make, or that could come from the pool because of them. */
  double rate(List<TrackedSite> some) {
    Set<TrackedSite> making = new HashSet<>(some);
    for (TrackedSite site : some) {
      if (givesBack(site) && site.verdict() instanceof Verdict.Proven proven) {
        sites.all().stream().filter(array -> makes(array, proven)).forEach(making::add);
      }
    }
    return making.stream().mapToDouble(TrackedSite::bytesPerSecond).sum();
  }

  /** What is drawn already is not found to be without gain while the judgement lasts. */
  private static void await(Verdict.Proven proven, List<TrackedSite> all) {
    for (TrackedSite array : all) {
      if (array.state() == SiteState.ACTIVE && !array.unasked && makes(array, proven)) {
        array.poorWindows = 0;
      }
    }
  }

  /** Whether what is given back is drawn there too, or ended and not drawn at all. */
  private static boolean needsNobody(Verdict.Proven proven) {
    return (proven.owned() != null && proven.owned().isMemory())
        || (proven.replaced() != null && proven.replaced().closes());
  }

  private static boolean givesBack(TrackedSite site) {
    return site.place.allocates() instanceof Allocation.Instance
        || site.place.allocates() instanceof Allocation.Result
        || OutgrownLife.isReplacing(site);
  }

  /** Whether anybody draws what the owner gives back. */
  private boolean feed(
      TrackedSite owner,
      Verdict.Proven proven,
      List<TrackedSite> all,
      RewritingSettings settings,
      long now) {
    boolean drawn = false;
    for (TrackedSite array : all) {
      if (array == owner || !makes(array, proven)) {
        continue;
      }
      if (mayDraw(array, owner) && isEligible(array.key)) {
        draw(array, owner, settings, now);
      } else if (array.state() == SiteState.ACTIVE && owner.since - array.gainSince > 0) {
        Trials.beginWeighing(array, now); // with one more who gives back
      }
      if (array.state() == SiteState.ACTIVE) {
        drawn = true;
        if (proven.replaced() != null) {
          runtime.makesFor(array.row(), owner.row());
        }
      }
    }
    return drawn;
  }

  /** What was drawn without gain is drawn again once somebody new gives back. */
  private static boolean mayDraw(TrackedSite array, TrackedSite owner) {
    boolean again =
        array.state() == SiteState.REVERTED
            && !array.forbidden
            && array.place.allocates() instanceof Allocation.Array
            && owner.since - array.since > 0;
    return isRefusedArray(array) || again;
  }

  private static boolean makes(TrackedSite array, Verdict.Proven proven) {
    if (proven.owned() == null) {
      return proven.sources().contains(array.key);
    }
    TypeRef maker = array.key.method().owner();
    for (Verdict.Field field : proven.owned().fields()) {
      if ((field.owner().equals(maker) || proven.owned().type().equals(maker))
          && newarrayType(field.descriptor()) == array.place.arrayType()) {
        return true;
      }
    }
    return false;
  }

  private void draw(TrackedSite array, TrackedSite owner, RewritingSettings settings, long now) {
    boolean drewBefore = array.draws();
    if (drewBefore) {
      runtime.makesForOwners(array.row());
    } else {
      Verdict.Refused before = refusalOf(array);
      int type = array.place.arrayType();
      sites.openRow(array, new SiteSpec(type, settings.minBytes(), false, false));
      array.drawn = new TrackedSite.Drawn(array.row(), before);
    }
    array.verdict(new Verdict.Proven(false, false, List.of(), Set.of()));
    Trials.beginWeighing(array, now);
    array.mode(SiteMode.POOL);
    if (!drewBefore) {
      sites.plan(array, new Draw(owner.remedy()));
    }
    sites.become(
        array,
        SiteState.ACTIVE,
        "given back by " + owner.key.method().owner() + " and maybe others",
        now);
  }

  /** Why the array is not pooled by itself. */
  private static Verdict.Refused refusalOf(TrackedSite array) {
    if (array.verdict() instanceof Verdict.Refused refused) {
      return refused;
    }
    return array.drawn != null
        ? array.drawn.before()
        : new Verdict.Refused(array.reason(), List.of(), true);
  }
}
