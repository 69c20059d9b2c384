package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.gate.ReceiverCheck;
import dev.tidepool.rewriting.proof.EscapeProof;
import dev.tidepool.rewriting.proof.GuardTable;
import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.GuardedCall;
import dev.tidepool.rewriting.site.SiteKey;
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
  private static final int MAX_OVERTAKEN = 3;
  private static final long JUDGING_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final Instrumentation instrumentation;
  private final LoadedWorld world;
  private final DependencyWatch watch;
  private final HiddenClassHook hook;
  private final GuardTable guards;
  private final Duration budget;
  private final Judge judge;
  private final Queue<Judgement> brokenJudgements = new ConcurrentLinkedQueue<>();
  private final Queue<Judgement> judgements = new ConcurrentLinkedQueue<>();
  private volatile TrackedSite[] proven = {};
  private EscapeProof proof;
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
    this.hook = hook;
    this.budget = budget;
    this.guards = new GuardTable(this::open, this::restOn);
  }

  /** What guarded calls ask. */
  ReceiverCheck receivers() {
    return guards::allows;
  }

  /** A receiver that guards of the site say no to, and why; or null. */
  String denial(TrackedSite site) {
    if (site.verdict() instanceof Verdict.Proven found) {
      for (GuardedCall call : found.guards()) {
        String denial = guards.denial(call.guard());
        if (denial != null) {
          return denial;
        }
      }
    }
    return null;
  }

  /** Whether a no may be one for now: while classes load nothing can be judged. */
  boolean isJudging(TrackedSite site, long now) {
    return now - site.since < JUDGING_NANOS && denial(site) != null;
  }

  /** The same as the end of a sentence; empty where there is none. */
  String toldDenial(TrackedSite site) {
    String denial = denial(site);
    return denial == null ? "" : "; not pooled once handed to " + denial;
  }

  long proofNanos() {
    return proofNanos.get();
  }

  /** Why proofs that rest on the class hierarchy are refused, or null. */
  String hookTrouble() {
    return hookTrouble;
  }

  /** The loaded classes as of this round. */
  LoadedWorld loaded() {
    return world;
  }

  /** The loaded classes; asks for a new list where classes were loaded since the last. */
  LoadedWorld world() {
    if (!world.current()) {
      world.refresh();
      proof = null;
    }
    if (proof == null) {
      proof = new EscapeProof(world, guards, budget);
    }
    return world;
  }

  /** Loads the JDK's classes that proofs have missed, so that they go on when made again. */
  void loadMissed() {
    world.loadMissed();
  }

  /** Lets go of the list of loaded classes and of all that was concluded from it. */
  void rest() {
    world.release();
    proof = null;
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
      if (proof == null) {
        proof = new EscapeProof(world, guards, budget);
      }
      any = guards.decidePending(proof, start);
    } catch (Overtaken again) {
      // the receiver stays undecided, which drops
      rest();
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
    try {
      return attempt(site, open);
    } finally {
      proofNanos.addAndGet(System.nanoTime() - start);
    }
  }

  private Verdict attempt(TrackedSite site, RowOpener open) {
    for (int i = 0; i < MAX_OVERTAKEN; i++) {
      world();
      Verdict verdict = judge.prove(proof, world, site.key);
      if (!(verdict instanceof Verdict.Proven found)) {
        return verdict;
      }
      if (!hooked && onHierarchy(found.dependencies())) {
        hookTrouble = hook.install();
        if (hookTrouble != null) {
          return new Verdict.Refused(hookTrouble, List.of(), false);
        }
        hooked = true;
        // hidden classes may have come before the hook: look again
        rest();
        continue;
      }
      open.open(site, found);
      watch.forget(site);
      if (watch.watch(site, found.dependencies(), world)) {
        add(site);
        return found;
      }
      rest();
    }
    return new Verdict.Refused("classes it depends on are being loaded", List.of(), true);
  }

  /** Opens the row that a site uses from now on. */
  interface RowOpener {
    void open(TrackedSite site, Verdict.Proven proven);
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
    rest();
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
   * Watches what a judgement rests on. The table judges once more afterwards, then against a list
   * of classes that is not older than the watch.
   */
  private void restOn(Set<Dependency> dependencies) {
    if (!hooked && onHierarchy(dependencies)) {
      hookTrouble = hook.install();
      hooked = hookTrouble == null;
      if (!hooked) {
        throw new Overtaken();
      }
      world.release();
    }
    Judgement judgement = new Judgement();
    for (int i = 0; i < MAX_OVERTAKEN; i++) {
      if (!world.current()) {
        world.release();
      }
      if (watch.watch(judgement, dependencies, world)) {
        judgements.add(judgement);
        return;
      }
    }
    throw new Overtaken();
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
