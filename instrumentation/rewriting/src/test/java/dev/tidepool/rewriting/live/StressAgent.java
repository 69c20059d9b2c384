package dev.tidepool.rewriting.live;

import static dev.tidepool.rewriting.live.Scenario.check;
import static dev.tidepool.rewriting.live.Scenario.hash;

import dev.tidepool.rewriting.Nomination;
import dev.tidepool.rewriting.PoolingMode;
import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.gate.GateInstall;
import dev.tidepool.rewriting.remedy.ClassRewriter;
import dev.tidepool.rewriting.remedy.SitePlan;
import dev.tidepool.rewriting.remedy.Treatment;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import workload.Workload;

/** Much of everything at once; named by the property {@code scenario}. */
public final class StressAgent {
  private static Instrumentation instrumentation;

  private StressAgent() {}

  public static void premain(String arguments, Instrumentation given) {
    instrumentation = given;
  }

  public static void main(String[] arguments) throws Exception {
    switch (System.getProperty("scenario")) {
      case "cycles" -> cycles(Integer.getInteger("cycles"));
      case "storm" -> storm();
      default -> throw new IllegalArgumentException("scenario");
    }
  }

  /** Applies and takes back, again and again: same bytes, no growth. */
  private static void cycles(int times) throws Exception {
    List<Class<?>> types = List.of(Workload.class, InputStream.class);
    SiteTransformer transformer = new SiteTransformer(new DependencyWatch());
    ClassPlans plans =
        new ClassPlans(new ClassRewriter(GateInstall.install(instrumentation).internalName()));
    transformer.plans(plans);
    transformer.ownThread(Thread.currentThread());
    Retransformer retransformer = new Retransformer(instrumentation, transformer, plans);
    hash(instrumentation, InputStream.class);
    List<String> before = new ArrayList<>();
    for (Class<?> type : types) {
      before.add(hash(instrumentation, type));
    }
    instrumentation.addTransformer(transformer, true);
    long settled = 0;
    for (int i = 0; i < times; i++) {
      for (Class<?> type : types) {
        plan(plans, type);
      }
      check(retransformer.apply(types).isEmpty(), "applied");
      types.forEach(plans::removeAll);
      check(retransformer.apply(types).isEmpty(), "taken back");
      if (i == times / 4) {
        settled = metaspace();
      }
    }
    check(plans.drainRefused().isEmpty(), "nothing refused");
    long grown = metaspace() - settled;
    check(grown < 1_000_000, "metaspace is flat, but grew by " + grown);
    for (int i = 0; i < types.size(); i++) {
      check(before.get(i).equals(hash(instrumentation, types.get(i))), "original " + types.get(i));
    }
  }

  private static void plan(ClassPlans plans, Class<?> type) throws Exception {
    ClassCode code = ClassCode.read(Scenario.bytes(type));
    int row = 0;
    for (SiteFinder.Found found :
        SiteFinder.find(
            LoadedWorld.reference(type),
            code,
            Nomination.of(type.getName(), null, null, null),
            0)) {
      SitePlan plan =
          new SitePlan(
              row++,
              found.key().method().name(),
              found.key().method().descriptor(),
              found.place().ordinal(),
              new Treatment.Count());
      plans.add(type, plan, found.place().digest());
    }
    check(row > 0, "there are sites");
  }

  private static long metaspace() {
    System.gc();
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getName().equals("Metaspace")) {
        return pool.getUsage().getUsed();
      }
    }
    throw new IllegalStateException("no metaspace pool");
  }

  /** Classes that break the proofs load on many threads while sites come and go. */
  private static void storm() throws Exception {
    ProofThread thread = Scenario.start(instrumentation);
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger defined = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      threads.add(start(() -> define(over, defined)));
    }
    for (int i = 0; i < 20; i++) {
      thread.settings(thread.settings().withPooling(PoolingMode.ON));
      thread.nominate(Scenario.work());
      thread.nominate(Scenario.transfer());
      int reach = defined.get() + 200;
      try {
        Scenario.workUntil(
            "classes keep loading while others are rewritten",
            () -> {
              thread.settings(thread.settings()); // changes classes at once, not at its own pace
              return defined.get() > reach && thread.stats().retransformations() > 0;
            });
      } catch (IllegalStateException late) {
        throw new IllegalStateException(
            "round " + i + ", " + thread.stats() + ", " + thread.sites(), late);
      }
      thread.settings(thread.settings().withPooling(PoolingMode.OFF));
    }
    over.set(true);
    for (Thread each : threads) {
      each.join(20_000);
      check(!each.isAlive(), "no deadlock");
    }
    check(thread.stats().retransformations() > 0, "something was rewritten");
    thread.close();
    check(thread.stats().notes().isEmpty(), "no trouble: " + thread.stats().notes());
  }

  private static void define(AtomicBoolean over, AtomicInteger defined) {
    try {
      while (!over.get()) {
        Scenario.Copies copies = new Scenario.Copies();
        copies.define(Workload.Quiet.class);
        copies.define(Workload.Keeping.class).getConstructor().newInstance();
        defined.addAndGet(2);
        Thread.sleep(1);
      }
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }

  /** A virtual thread where the JDK has them. */
  private static Thread start(Runnable work) throws Exception {
    try {
      return (Thread)
          Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, work);
    } catch (NoSuchMethodException before21) {
      Thread thread = new Thread(work);
      thread.setDaemon(true);
      thread.start();
      return thread;
    }
  }
}
