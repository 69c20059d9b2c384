package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.gate.ReceiverCheck;
import dev.tidepool.rewriting.proof.EscapeProof;
import dev.tidepool.rewriting.proof.GuardTable;
import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.GuardedCall;
import dev.tidepool.rewriting.site.SiteKey;
import dev.tidepool.rewriting.site.SiteState;
import dev.tidepool.rewriting.site.Verdict;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes proofs against a snapshot of the loaded classes and has what they rest on watched before
 * they count. A proof that a class load overtakes is made again. One thread uses it.
 */
final class Prover {
  /** What is refused for this may be proven at another time. */
  static final String LOADING = "classes it depends on are being loaded";

  /** Before the class that a guard says no to. */
  static final String DENIED = "not pooled ";

  private static final int MAX_OVERTAKEN = 3;
  private static final long JUDGING_NANOS = TimeUnit.SECONDS.toNanos(20);

  /** Less than it takes to grow old in an application that collects ten times a second. */
  private static final long CODE_KEPT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Instrumentation instrumentation;
  private final LoadedWorld world;
  private final DependencyWatch watch;
  private final HiddenClassHook hook;
  private final GuardTable guards;
  private final BufferSight buffers;
  private final Duration budget;
  private final Judge judge;
  private final Queue<Judgement> brokenJudgements = new ConcurrentLinkedQueue<>();
  private final Queue<Judgement> judgements = new ConcurrentLinkedQueue<>();
  private volatile TrackedSite[] proven = {};
  private EscapeProof proof;
  private Kept kept = new Kept();
  private boolean keptForThisList;
  private long list;
  private long provenAt;
  private long codeSince;
  private final AtomicLong proofNanos = new AtomicLong();
  private boolean hooked;
  private volatile String hookTrouble;

  /**
   * What judges sites.
   *
   * @see #ESCAPE
   */
  interface Judge {
    Verdict prove(EscapeProof proof, LoadedWorld world, SiteKey site);
  }

  /** The escape proof decides. */
  static final Judge ESCAPE = (proof, world, site) -> proof.prove(site);

  Prover(
      Instrumentation instrumentation,
      LoadedWorld world,
      DependencyWatch watch,
      HiddenClassHook hook,
      Duration budget,
      Judge judge) {
    this.judge = judge;
    this.instrumentation = instrumentation;
    this.world = world;
    this.watch = watch;
    this.buffers = new BufferSight(world, watch);
    this.hook = hook;
    this.budget = budget;
    this.guards = new GuardTable(this::open, this::restOn);
  }

  /** What guarded calls ask. */
  ReceiverCheck receivers() {
    return guards::allows;
  }

  /** A receiver that guards of the site say no to, and why, as a sentence's end; or null. */
  String denial(TrackedSite site) {
    if (site.verdict() instanceof Verdict.Proven found) {
      for (GuardedCall call : found.guards()) {
        String denial = guards.denial(call.guard());
        if (denial != null) {
          return DENIED + (call.result() ? "where it comes from " : "once handed to ") + denial;
        }
      }
    }
    return null;
  }

  /** Whether a no may be one for now: while classes load nothing can be judged. */
  boolean isJudging(TrackedSite site, long now) {
    return now - site.since < JUDGING_NANOS && denial(site) != null;
  }

  /** The same behind another reason; empty where there is none. */
  String toldDenial(TrackedSite site) {
    String denial = denial(site);
    return denial == null ? "" : "; " + denial;
  }

  long proofNanos() {
    return proofNanos.get();
  }

  /** Why proofs that rest on the class hierarchy are refused, or null. */
  String hookTrouble() {
    return hookTrouble;
  }

  /**
   * A class of the boot loader, in a package open from now on to this module.
   *
   * @throws ReflectiveOperationException where this JDK has none of that name
   */
  Class<?> opened(String name) throws ReflectiveOperationException {
    Class<?> type = Class.forName(name, false, null);
    open(type);
    return type;
  }

  /** The loaded classes as of this round. */
  LoadedWorld loaded() {
    return world;
  }

  /**
   * The proofs, over an up-to-date list of the loaded classes. What they have concluded for others
   * holds on for as long as nothing of what it rests on breaks.
   */
  private EscapeProof proof() {
    if (!world.current()) {
      keep();
      world.refresh();
    }
    if (world.takeDistrusted()) {
      drop();
    }
    if (world.lists() != list) {
      list = world.lists();
      boolean lost = proof != null && !proof.takeUnwatched().isEmpty();
      if (lost || keptForThisList) {
        forgetKept();
      }
      if (proof != null) {
        proof.otherClasses();
      }
    }
    if (kept.broken) {
      forgetKept();
    }
    if (proof == null) {
      proof = new EscapeProof(world, guards, budget);
      proof.areWatched();
    }
    provenAt = System.nanoTime();
    forgetOldCode(provenAt);
    return proof;
  }

  /**
   * Has what was concluded by the way forgotten when it breaks; or at once if it may have. To be
   * called over the same list of loaded classes.
   */
  private void keep() {
    Set<Dependency> on = proof == null ? Set.of() : proof.takeUnwatched();
    if (on.isEmpty()) {
      return;
    }
    if (!world.listed()) {
      forgetKept();
    } else if (!hooked && onHierarchy(on)) {
      keptForThisList = true; // hidden classes are not told of yet
    } else if (!watch.watch(kept, on, world)) {
      forgetKept();
    }
  }

  private void forgetKept() {
    keptForThisList = false;
    watch.forget(kept);
    kept = new Kept();
    if (proof != null) {
      proof.forgetConclusions();
    }
  }

  /** Lets go of all proofs have read and concluded. */
  private void drop() {
    forgetKept();
    proof = null;
  }

  /** Loads the JDK's classes that proofs have missed, so that they go on when made again. */
  void loadMissed() {
    world.loadMissed();
  }

  /**
   * Lets go of the list of loaded classes, in a moment of the code that was read, and where nothing
   * was proven for a while of what was concluded: it takes some megabytes, which each collection of
   * the application copies until they are old. Proofs that follow one another read code anew rather
   * than have it grow old.
   */
  void rest() {
    keep();
    world.release();
    if (keptForThisList) {
      forgetKept();
    }
    long now = System.nanoTime();
    if (proof != null && now - provenAt > KEPT_NANOS) {
      drop();
    } else if (proof != null) {
      forgetOldCode(now);
    }
  }

  private void forgetOldCode(long now) {
    if (now - codeSince > CODE_KEPT_NANOS) {
      codeSince = now;
      proof.forgetCode();
    }
  }

  /** Starts anew: what was seen of classes may not be so any more. */
  private void startOver() {
    world.release();
    drop();
  }

  /** Judges receivers that guarded calls have met since; true if there were any. */
  boolean judgeReceivers() {
    for (Judgement judgement = brokenJudgements.poll();
        judgement != null;
        judgement = brokenJudgements.poll()) {
      watch.forget(judgement);
      judgements.remove(judgement);
    }
    long start = System.nanoTime();
    boolean any;
    try {
      any = guards.decidePending(this::proof, start);
      keep();
    } catch (Overtaken again) {
      // the receiver stays undecided, which drops
      startOver();
      any = true;
    }
    proofNanos.addAndGet(System.nanoTime() - start);
    return any;
  }

  /**
   * Proves the site and moves it to a row of its own.
   *
   * @param open makes the row the proof is watched for, before it is watched
   */
  Verdict prove(TrackedSite site, RowOpener open) {
    long start = System.nanoTime();
    site.lastProof.over(watch.sequence(), start);
    try {
      return attempt(site, open);
    } finally {
      proofNanos.addAndGet(System.nanoTime() - start);
    }
  }

  private Verdict attempt(TrackedSite site, RowOpener open) {
    for (int i = 0; i < MAX_OVERTAKEN; i++) {
      Verdict verdict = judge.prove(proof(), world, site.key);
      keep();
      if (!(verdict instanceof Verdict.Proven found)) {
        return verdict;
      }
      if (!hooked && onHierarchy(found.dependencies())) {
        if (!isHookedNow()) {
          return new Verdict.Refused(hookTrouble, List.of(), false);
        }
        startOver();
        continue;
      }
      if (kept.broken) {
        startOver();
        continue;
      }
      open.open(site, found);
      watch.forget(site);
      if (watch.watch(site, found.dependencies(), world)) {
        add(site);
        return found;
      }
      startOver();
    }
    return new Verdict.Refused(LOADING, List.of(), true);
  }

  /** Whether a site that is refused or was taken back could be proven now. */
  boolean mayTryAgain(TrackedSite site, long now) {
    boolean refused =
        site.state() == SiteState.REFUSED
            && site.verdict() instanceof Verdict.Refused refusal
            && refusal.transientCause()
            && !wouldSayTheSame(site, now);
    return !site.forbidden
        && now >= site.retryAt
        && (refused || site.state() == SiteState.REVERTED);
  }

  /** Whether another proof would only say the same as the last one. */
  boolean wouldSayTheSame(TrackedSite site, long now) {
    return site.lastProof.holds(site.proofs, watch.sequence(), now);
  }

  /**
   * Who can see how large the buffer of a string writer was made; null where nobody can, and then
   * the site is told when that changes.
   */
  String buffersSeen(TrackedSite site) {
    for (int i = 0; i < MAX_OVERTAKEN; i++) {
      proof();
      if (!hooked) {
        if (!isHookedNow()) {
          return hookTrouble;
        }
        startOver();
        continue;
      }
      String seen = buffers.seen();
      watch.forget(site);
      if (seen != null || watch.watch(site, Set.of(BufferSight.ON), world)) {
        return seen;
      }
      startOver();
    }
    return LOADING;
  }

  /** Opens the row that a site uses from now on. */
  interface RowOpener {
    void open(TrackedSite site, Verdict.Proven proven);
  }

  /**
   * Has hidden classes told of from now on; some may have come before that, so whatever was read of
   * the loaded classes is to be read again. Where it cannot be had, {@link #hookTrouble} says why.
   */
  private boolean isHookedNow() {
    hookTrouble = hook.install();
    hooked = hookTrouble == null;
    return hooked;
  }

  /** Whether a hidden class could come below one of the types. */
  private boolean onHierarchy(Set<Dependency> dependencies) {
    for (Dependency dependency : dependencies) {
      if (dependency instanceof Dependency.Overrides overrides) {
        Class<?> type = world.find(overrides.type());
        if (type == null || !Modifier.isFinal(type.getModifiers())) {
          return true;
        }
      }
    }
    return false;
  }

  /** Nothing is watched for the site any more. */
  void forget(TrackedSite site) {
    watch.forget(site);
    TrackedSite[] old = proven;
    int at = List.of(old).indexOf(site);
    if (at >= 0) {
      TrackedSite[] fewer = new TrackedSite[old.length - 1];
      System.arraycopy(old, 0, fewer, 0, at);
      System.arraycopy(old, at + 1, fewer, at, fewer.length - at);
      proven = fewer;
    }
  }

  void forgetAll() {
    for (Judgement judgement : judgements) {
      watch.forget(judgement);
    }
    judgements.clear();
    guards.close();
    hook.remove();
    startOver();
  }

  private void add(TrackedSite site) {
    TrackedSite[] old = proven;
    if (!List.of(old).contains(site)) {
      TrackedSite[] more = Arrays.copyOf(old, old.length + 1);
      more[old.length] = site;
      proven = more;
    }
  }

  /** Lets this module read private fields of the class. */
  void open(Class<?> type) {
    Module module = type.getModule();
    if (module.isNamed() && !module.isOpen(type.getPackageName(), GuardTable.class.getModule())) {
      instrumentation.redefineModule(
          module,
          Set.of(),
          Map.of(),
          Map.of(type.getPackageName(), Set.of(GuardTable.class.getModule())),
          Set.of(),
          Map.of());
    }
  }

  /**
   * Watches what a judgement rests on; whether nothing has moved since it was made. Where it has,
   * the table judges once more, then against a list of classes that is not older than the watch.
   */
  private boolean restOn(Set<Dependency> dependencies) {
    boolean same = world.listed() && !kept.broken;
    if (!hooked && onHierarchy(dependencies)) {
      if (!isHookedNow()) {
        throw new Overtaken();
      }
      world.release();
      same = false;
    }
    Judgement judgement = new Judgement();
    for (int i = 0; i < MAX_OVERTAKEN; i++) {
      if (watch.watch(judgement, dependencies, world)) {
        judgements.add(judgement);
        return same;
      }
      world.release();
      same = false;
    }
    throw new Overtaken();
  }

  /** Told when something breaks that conclusions rest on which are kept from proof to proof. */
  private static final class Kept implements DependencyWatch.Owner {
    volatile boolean broken;

    @Override
    public void broken(Dependency dependency, String why) {
      broken = true;
    }
  }

  /** A class load came between a judgement and its registration. */
  private static final class Overtaken extends RuntimeException {
    private static final long serialVersionUID = 1;

    Overtaken() {
      super("a class load came in between", null, false, false);
    }
  }

  /** One judgement of the table of guards, broken like a proof. */
  private final class Judgement implements DependencyWatch.Owner {
    @Override
    public void broken(Dependency dependency, String why) {
      TrackedSite[] sites = proven;
      for (Integer guard : guards.invalidate(dependency.type())) {
        for (TrackedSite site : sites) {
          if (site.rests(guard)) {
            site.shut(why);
          }
        }
      }
      brokenJudgements.add(this);
    }
  }
}
