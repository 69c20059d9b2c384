package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.Nomination;
import dev.tidepool.rewriting.PoolingMode;
import dev.tidepool.rewriting.RewritingSettings;
import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.gate.BuilderText;
import dev.tidepool.rewriting.gate.GateRuntime;
import dev.tidepool.rewriting.gate.Secrets;
import dev.tidepool.rewriting.gate.SiteMode;
import dev.tidepool.rewriting.gate.SiteSpec;
import dev.tidepool.rewriting.proof.BuilderProof;
import dev.tidepool.rewriting.remedy.PoolOwned;
import dev.tidepool.rewriting.site.Allocation;
import dev.tidepool.rewriting.site.MethodKey;
import dev.tidepool.rewriting.site.SiteState;
import dev.tidepool.rewriting.site.TypeRef;
import dev.tidepool.rewriting.site.Verdict;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * Builders of text that stay in their method, which most large texts are made with.
 *
 * <p>What makes their array is what the gate stands on and is never rewritten, so the method that
 * makes the builder gives it one from the pool, and back to the pool when the builder dies. As
 * nobody can see the capacity, it starts as long as its texts have become. The proof thread's own.
 */
final class BuilderLife {
  private static final String NAME = BuilderProof.BUILDER.replace('/', '.');
  private static final int MOST_WAITING = 200;
  private static final int BYTES = Opcodes.T_BYTE;
  private static final long PROOFS_PER_ROUND_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Share of all bytes from which a method is looked at. */
  private static final double LEAST_SHARE = 0.04;

  private final Sites sites;
  private final GateRuntime runtime;
  private final Prover prover;
  private final Queue<Found> waiting = new ArrayDeque<>();
  private BuilderText text;
  private boolean closed;

  /** A place found. */
  private record Found(SiteFinder.Found site, WeakReference<Class<?>> maker) {}

  BuilderLife(Sites sites, GateRuntime runtime, Prover prover) {
    this.sites = sites;
    this.runtime = runtime;
    this.prover = prover;
  }

  /** Whether a site is of the kind that lives here. */
  static boolean isBuilder(TrackedSite site) {
    return site.place.allocates() instanceof Allocation.Instance instance
        && instance.className().equals(BuilderProof.BUILDER);
  }

  /** Whether the builder made by the call at this ordinal gets its array from the pool. */
  boolean takesCareOf(MethodKey method, int construction) {
    for (TrackedSite site : sites.all()) {
      if (isBuilder(site)
          && site.planned()
          && site.key.method().equals(method)
          && site.verdict() instanceof Verdict.Proven proven
          && proven.owned().construction() == construction) {
        return true;
      }
    }
    return false;
  }

  /** Takes up the builders that a method makes. */
  void nominate(Class<?> maker, TypeRef name, ClassCode code, Nomination hint) {
    boolean named = hint.through() == null || hint.through().contains(NAME);
    if (closed || !named || hint.share() < LEAST_SHARE) {
      return;
    }
    for (MethodNode node : code.node().methods) {
      if (SiteFinder.means(hint, node)) {
        find(maker, name, code, node);
      }
    }
  }

  private void find(Class<?> maker, TypeRef name, ClassCode code, MethodNode node) {
    for (ClassCode.Located at : ClassCode.located(node)) {
      AbstractInsnNode insn = at.insn();
      if (insn instanceof TypeInsnNode made
          && made.getOpcode() == Opcodes.NEW
          && made.desc.equals(BuilderProof.BUILDER)
          && waiting.size() < MOST_WAITING) {
        MethodInsnNode construction = BuilderProof.construction(made);
        if (construction != null && BuilderProof.hasRoom(construction)) {
          MethodKey method = new MethodKey(name, node.name, node.desc);
          Allocation builder = new Allocation.Instance(BuilderProof.BUILDER);
          waiting.add(
              new Found(
                  SiteFinder.found(method, code, node, at, builder), new WeakReference<>(maker)));
        }
      }
    }
  }

  /** Proves what has come in, unless that was tried lately. */
  void prove(RewritingSettings settings, long now) {
    if (settings.pooling() == PoolingMode.OFF) {
      waiting.clear();
      return;
    }
    Set<SiteFinder.Found> met = new HashSet<>();
    while (!waiting.isEmpty() && System.nanoTime() - now < PROOFS_PER_ROUND_NANOS) {
      Found found = waiting.poll();
      Class<?> maker = found.maker().get();
      if (maker != null && met.add(found.site())) {
        TrackedSite known = sites.get(found.site().key());
        if (known == null) {
          prove(sites.add(found.site(), maker, now), settings, now);
        } else if (prover.mayTryAgain(known, now)) {
          prove(known, settings, now);
        }
      }
    }
  }

  private void prove(TrackedSite site, RewritingSettings settings, long now) {
    site.tried(now);
    Verdict verdict = verdict(site, settings);
    site.verdict(verdict);
    if (verdict instanceof Verdict.Proven proven) {
      leaveToThis(site, proven, now);
      sites.become(site, SiteState.PROVEN, "", now);
      site.mode(SiteMode.SHADOW);
      sites.plan(site, new PoolOwned(proven));
    } else if (verdict instanceof Verdict.Refused refused) {
      sites.become(site, SiteState.REFUSED, refused.reason(), now);
    }
  }

  private Verdict verdict(TrackedSite site, RewritingSettings settings) {
    if (!settings.allows(PoolOwned.NAME)) {
      return refused(settings.whyNot(PoolOwned.NAME), true);
    }
    if (!isOpen()) {
      return refused("the array behind a builder cannot be reached here", false);
    }
    return prover.prove(
        site,
        (of, proven) -> {
          boolean secret = Secrets.mayHold(of.key.method().owner().name());
          sites.openRow(of, new SiteSpec(BYTES, settings.minBytes(), proven.zeroExcused(), secret));
          runtime.furnishes(of.row(), text);
        });
  }

  private static Verdict.Refused refused(String why, boolean passing) {
    return new Verdict.Refused(why, List.of(why), passing);
  }

  private boolean isOpen() {
    if (text == null && !closed) {
      try {
        text = BuilderText.of(prover.opened("java.lang.AbstractStringBuilder"));
      } catch (ReflectiveOperationException | RuntimeException otherJdk) {
        // then none is given an array
      }
      closed = text == null;
    }
    return text != null;
  }

  /** Where it starts is not learned twice. */
  private void leaveToThis(TrackedSite site, Verdict.Proven proven, long now) {
    for (TrackedSite other : sites.list()) {
      if (GrowthLife.isGrowable(other)
          && other.planned()
          && other.key.method().equals(site.key.method())
          && other.place.ordinal() == proven.owned().construction()) {
        Trials.rest(other, now);
        prover.forget(other);
        sites.unplan(other);
        sites.become(other, SiteState.REVERTED, "its array comes from the pool", now);
      }
    }
  }
}
