package dev.tidepool.rewriting.live;

import dev.tidepool.pools.PrimitivePools;
import dev.tidepool.rewriting.PoolingVerify;
import dev.tidepool.rewriting.RewritingListener;
import dev.tidepool.rewriting.RewritingSettings;
import dev.tidepool.rewriting.RewritingStats;
import dev.tidepool.rewriting.gate.GateInstall;
import dev.tidepool.rewriting.gate.GateRuntime;
import dev.tidepool.rewriting.gate.SiteCounts;
import dev.tidepool.rewriting.gate.SiteMode;
import dev.tidepool.rewriting.gate.Verification;
import dev.tidepool.rewriting.remedy.ClassRewriter;
import dev.tidepool.rewriting.site.Breaker;
import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.LoaderRef;
import dev.tidepool.rewriting.site.SiteState;
import dev.tidepool.rewriting.site.TypeRef;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.jar.JarFile;

/**
 * All that is needed once there is a first site to look at: the gate, what stands behind it, and
 * the life of sites. Made and used by the proof thread.
 */
final class Engine {
  private static final Duration PROOF_BUDGET = Duration.ofSeconds(2);

  private final Instrumentation instrumentation;
  private final SiteTransformer transformer;
  private final GateInstall.Installed gate;
  private final GateRuntime runtime;
  private final Prover prover;
  private final Retransformer retransformer;
  private final Sites sites;
  private final SiteLife life;
  private final LoadedWorld world;

  /**
   * Installs the gate.
   *
   * @throws IllegalStateException if the gate cannot be installed; the message is for people
   */
  Engine(
      Instrumentation instrumentation,
      PrimitivePools pools,
      DependencyWatch watch,
      SiteTransformer transformer,
      RewritingSettings settings,
      RewritingListener listener,
      Prover.Judge judge,
      DirectChurn directs) {
    this.instrumentation = instrumentation;
    this.transformer = transformer;
    warmUp();
    gate = GateInstall.install(instrumentation);
    ClassPlans plans = new ClassPlans(new ClassRewriter(gate.internalName()));
    transformer.plans(plans);
    retransformer = new Retransformer(instrumentation, transformer, plans);
    world =
        new LoadedWorld(
            instrumentation,
            watch,
            retransformer::capture,
            otherAgents(),
            transformer::pollRedefined);
    HiddenClassHook hook = new HiddenClassHook(instrumentation, gate.internalName());
    prover = new Prover(instrumentation, world, watch, hook, PROOF_BUDGET, judge);
    runtime = new GateRuntime(pools, prover.receivers(), verification(settings.verify()));
    plans.onFailure(row -> runtime.mode(row, SiteMode.INVALID));
    runtime.connect(gate.type(), new HiddenCall(transformer));
    sites = new Sites(runtime, plans, listener);
    life =
        new SiteLife(
            instrumentation, sites, plans, runtime, prover, retransformer, directs, settings);
  }

  Sites sites() {
    return sites;
  }

  SiteLife life() {
    return life;
  }

  /** Sums over all sites. */
  RewritingStats stats(long loads, List<String> trouble) {
    long hits = 0;
    long misses = 0;
    long saved = 0;
    int open = 0;
    for (TrackedSite site : sites.all()) {
      SiteCounts counts = site.counts();
      hits += counts.hits();
      misses += counts.misses();
      saved += counts.bytesSaved();
      open += site.breaker() == Breaker.OPEN ? 1 : 0;
    }
    return new RewritingStats(
        sites.count(SiteState.ACTIVE),
        sites.count(SiteState.REFUSED),
        sites.count(SiteState.TRIAL),
        sites.count(SiteState.COUNTED),
        sites.count(SiteState.REVERTED),
        retransformer.retransformations(),
        life.quarantined(),
        life.invalidations(),
        loads,
        open,
        hits,
        misses,
        saved,
        prover.proofNanos(),
        notes(trouble));
  }

  private List<String> notes(List<String> trouble) {
    List<String> notes = new ArrayList<>(trouble);
    if (gate.way() != GateInstall.Way.JAVA_LANG) {
      notes.add("the gate is on the boot search path: class-data sharing is limited");
    }
    if (prover.hookTrouble() != null) {
      notes.add(prover.hookTrouble());
    }
    return notes;
  }

  void settings(RewritingSettings changed, long now) {
    runtime.verification(verification(changed.verify()));
    life.settings(changed, now);
    life.apply(now);
  }

  /** One round: a few milliseconds where nothing is to be proven. */
  void round(boolean second, long now) {
    life.repairBroken(now);
    life.applyInTurn(now);
    life.prove(now);
    if (second) {
      life.watch(now);
      prover.judgeReceivers();
    }
    life.repairBroken(now);
    life.applyInTurn(now);
    prover.rest();
    prover.loadMissed();
  }

  /** Takes everything back and lets go of the gate. */
  void close(long now) {
    for (TrackedSite site : sites.list()) {
      life.revert(site, "detached", false, now);
    }
    life.apply(now);
    runtime.freeNatives();
    prover.forgetAll();
    instrumentation.removeTransformer(transformer);
    GateRuntime.disconnect(gate.type());
  }

  private static Verification verification(PoolingVerify verify) {
    return switch (verify) {
      case OFF -> Verification.OFF;
      case SAMPLE -> Verification.SAMPLE;
      case POISON -> Verification.POISON;
    };
  }

  /** Whether another agent may have changed classes before this one could see them. */
  private static boolean otherAgents() {
    try {
      for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
        if (argument.startsWith("-agentpath:")
            || (argument.startsWith("-javaagent:") && !isOurs(argument))) {
          return true;
        }
      }
      return false;
    } catch (LinkageError noManagement) {
      return true;
    }
  }

  /** By its manifest: the file may have any name. */
  private static boolean isOurs(String argument) {
    String path = argument.substring("-javaagent:".length()).split("=", 2)[0];
    try (JarFile jar = new JarFile(path)) {
      String premain = jar.getManifest().getMainAttributes().getValue("Premain-Class");
      return premain != null && premain.startsWith("dev.tidepool.agent.");
    } catch (IOException | RuntimeException unreadable) {
      return false;
    }
  }

  private static void warmUp() {
    TypeRef type = LoadedWorld.reference(Engine.class);
    TypeRef top = new TypeRef("java/lang/Object", LoaderRef.BOOT);
    try (InputStream in = Engine.class.getResourceAsStream("Engine.class")) {
      if (in != null) {
        DependencyWatch.warmUp(
            new Dependency.Body(type),
            new Dependency.Overrides(top, "toString", "()Ljava/lang/String;"),
            in.readAllBytes());
      }
    } catch (IOException unreadable) {
      throw new IllegalStateException("the agent's jar cannot be read: " + unreadable, unreadable);
    }
  }

  private static final class HiddenCall implements BiConsumer<Class<?>, byte[]> {
    private final SiteTransformer transformer;

    HiddenCall(SiteTransformer transformer) {
      this.transformer = transformer;
    }

    @Override
    public void accept(Class<?> host, byte[] file) {
      transformer.hidden(file);
    }
  }
}
