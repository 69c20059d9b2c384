package dev.tidepool.rewriting.live;

import dev.tidepool.pools.PrimitivePools;
import dev.tidepool.rewriting.LearnedSite;
import dev.tidepool.rewriting.Nomination;
import dev.tidepool.rewriting.PoolingMode;
import dev.tidepool.rewriting.RewritingListener;
import dev.tidepool.rewriting.RewritingSettings;
import dev.tidepool.rewriting.RewritingStats;
import dev.tidepool.rewriting.SiteReport;
import dev.tidepool.rewriting.site.SiteState;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;

/**
 * The one thread on which sites live. Until the first nomination it only looks, each second,
 * whether direct buffers come and go, of which JFR tells nothing; then it works in rounds: a
 * quarter of a second apart while sites are on their way, a second when all has settled.
 */
public final class ProofThread implements AutoCloseable {
  private static final int MAX_NOMINATIONS = 4096;
  private static final long BUSY_MILLIS = 250;
  private static final long CALM_MILLIS = 1000;
  private static final long INCLUDED_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long ANSWER_SECONDS = 30;

  private final Instrumentation instrumentation;
  private final PrimitivePools pools;
  private final DependencyWatch watch = new DependencyWatch();
  private final SiteTransformer transformer = new SiteTransformer(watch);
  private final RewritingListener listener;
  private final Prover.Judge judge;
  private final LinkedBlockingQueue<Runnable> mail = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<Nomination> nominations =
      new LinkedBlockingQueue<>(MAX_NOMINATIONS);
  private final Map<String, Long> included = new LinkedHashMap<>();
  private final Thread thread;
  private DirectChurn directs;
  private volatile RewritingSettings settings;
  private volatile Engine engine;
  private volatile String trouble;
  private volatile boolean closing;
  private boolean includedWanted;
  private LearnedSites recalled;
  private long secondAt;

  /** Installs the class-load filter and starts the thread. */
  public ProofThread(
      Instrumentation instrumentation,
      PrimitivePools pools,
      RewritingSettings settings,
      RewritingListener listener) {
    this(instrumentation, pools, settings, listener, Prover.ESCAPE);
  }

  @SuppressWarnings("ThreadPriorityCheck") // only a wish: proofs can wait for the application
  ProofThread(
      Instrumentation instrumentation,
      PrimitivePools pools,
      RewritingSettings settings,
      RewritingListener listener,
      Prover.Judge judge) {
    this.judge = judge;
    this.instrumentation = instrumentation;
    this.pools = pools;
    this.settings = settings;
    this.listener = listener;
    this.includedWanted = !settings.include().isEmpty();
    thread = new Thread(null, this::run, "tidepool-proof", 0, false);
    thread.setDaemon(true);
    thread.setPriority(Thread.MIN_PRIORITY);
    thread.setContextClassLoader(null);
    Preloads.load();
    transformer.ownThread(thread);
    transformer.include(ClassPatterns.parse(settings.include()));
    // the transformer first, the list of loaded classes later: none can slip between the two
    instrumentation.addTransformer(transformer, true);
    thread.start();
  }

  /** Hands in a hint; dropped where too many wait. */
  public void nominate(Nomination nomination) {
    if (!closing && nominations.offer(nomination)) {
      mail.add(ProofThread::nothing);
    }
  }

  /** Takes up what another run has learned, now and as classes load. */
  public void recall(List<LearnedSite> learned) {
    if (!closing && !learned.isEmpty()) {
      mail.add(() -> recalled = LearnedSites.of(learned));
    }
  }

  /** The sites at work. */
  public List<LearnedSite> learned() {
    Engine made = engine;
    return made == null ? List.of() : made.sites().learned();
  }

  /** Every known site, the one with most bytes per second first. */
  public List<SiteReport> sites() {
    Engine made = engine;
    return made == null ? List.of() : made.sites().reports();
  }

  /** The site of this id, or null. */
  public SiteReport site(String id) {
    Engine made = engine;
    TrackedSite site = made == null ? null : made.sites().byId(id);
    return site == null ? null : site.report();
  }

  public RewritingSettings settings() {
    return settings;
  }

  /** Goes by other settings from now on; returns once what they forbid is taken back. */
  public void settings(RewritingSettings changed) {
    ask(
        now -> {
          includedWanted |= !changed.include().equals(settings.include());
          settings = changed;
          transformer.include(ClassPatterns.parse(changed.include()));
          if (engine != null) {
            engine.settings(changed, now);
          }
          return null;
        },
        null);
  }

  /** Takes one site back for good; false if there is none or it was taken back before. */
  public boolean revert(String id, String why) {
    return ask(
        now -> {
          TrackedSite site = engine == null ? null : engine.sites().byId(id);
          boolean reverted = site != null && engine.life().revert(site, why, true, now);
          if (site != null) {
            engine.life().apply(now);
          }
          return reverted;
        },
        false);
  }

  /** Lets a site that pools allocate plainly, or one that was so paused pool again. */
  public boolean pooling(String id, boolean on) {
    return ask(
        now -> {
          TrackedSite site = engine == null ? null : engine.sites().byId(id);
          return site != null && engine.life().pooling(site, on, now);
        },
        false);
  }

  /** Takes every site back for good; how many there were. */
  public int revertAll(String why) {
    return ask(
        now -> {
          int reverted = 0;
          for (TrackedSite site : engine == null ? List.<TrackedSite>of() : engine.sites().list()) {
            reverted += engine.life().revert(site, why, true, now) ? 1 : 0;
          }
          if (engine != null) {
            engine.life().apply(now);
          }
          return reverted;
        },
        0);
  }

  public RewritingStats stats() {
    Engine made = engine;
    List<String> notes = new ArrayList<>();
    if (trouble != null) {
      notes.add(trouble);
    }
    return made == null
        ? new RewritingStats(0, 0, 0, 0, 0, 0, 0, 0, watch.loads(), 0, 0, 0, 0, 0, notes)
        : made.stats(watch.loads(), notes);
  }

  /** Leaves every class as it was found; returns when that is done and the thread has ended. */
  @Override
  public void close() {
    if (!closing) {
      closing = true;
      mail.add(ProofThread::nothing);
    }
    if (Thread.currentThread() == thread) {
      return;
    }
    try {
      thread.join(TimeUnit.SECONDS.toMillis(ANSWER_SECONDS));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private <T> T ask(LongFunction<T> work, T ifClosed) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    Runnable task =
        () -> {
          try {
            answer.complete(work.apply(System.nanoTime()));
          } catch (RuntimeException | Error failed) {
            answer.completeExceptionally(failed);
          }
        };
    if (closing || !thread.isAlive()) {
      return ifClosed;
    }
    if (Thread.currentThread() == thread) {
      task.run();
    } else {
      mail.add(task);
    }
    try {
      return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return ifClosed;
    } catch (ExecutionException failed) {
      throw new IllegalStateException("rewriting failed: " + failed.getCause(), failed);
    } catch (TimeoutException slow) {
      if (closing) {
        return ifClosed;
      }
      throw new IllegalStateException("the proof thread does not answer", slow);
    }
  }

  private void run() {
    directs = new DirectChurn();
    try {
      while (!closing) {
        try {
          rest();
          round(System.nanoTime());
        } catch (RuntimeException | LinkageError | StackOverflowError odd) {
          trouble = "a round of the proof thread failed: " + odd;
          shutAll();
        }
      }
    } catch (InterruptedException unwanted) {
      trouble = "the proof thread was interrupted";
    } finally {
      end();
    }
  }

  /** After a round that broke off nobody knows what is watched: better nothing is pooled. */
  private void shutAll() {
    watch.breakAll("internal failure");
  }

  private void rest() throws InterruptedException {
    Runnable first = mail.poll(busy() ? BUSY_MILLIS : CALM_MILLIS, TimeUnit.MILLISECONDS);
    for (Runnable next = first; next != null; next = mail.poll()) {
      next.run();
    }
  }

  /** Mail that only wakes the thread. */
  private static void nothing() {}

  private boolean busy() {
    return includedWanted
        || recalled != null
        || !included.isEmpty()
        || !nominations.isEmpty()
        || (engine != null && engine.sites().underWay(System.nanoTime()));
  }

  private void round(long now) {
    if (engine == null && trouble == null && isNeeded(now)) {
      makeEngine();
    }
    Engine made = engine;
    if (made == null && trouble == null) {
      return; // what has come since it was asked for is for the next round
    }
    if (made == null || closing) {
      nominations.clear();
      includedWanted = false;
      recalled = null;
      return;
    }
    takeUpIncluded(made, now);
    for (Nomination next = nominations.poll(); next != null; next = nominations.poll()) {
      made.life().intake().nominate(next, now);
    }
    boolean second = now - secondAt >= SECOND;
    if (second) {
      secondAt = now;
    }
    made.round(second, now);
  }

  private boolean isNeeded(long now) {
    return !nominations.isEmpty() || includedWanted || recalled != null || isFlooded(now);
  }

  /** Whether there are direct buffers to be recycled, though no method was nominated. */
  private boolean isFlooded(long now) {
    if (settings.pooling() == PoolingMode.OFF || now - secondAt < SECOND) {
      return false;
    }
    secondAt = now;
    directs.look();
    return directs.isSeen();
  }

  private void makeEngine() {
    try {
      engine =
          new Engine(
              instrumentation, pools, watch, transformer, settings, this::tell, judge, directs);
    } catch (IllegalStateException impossible) {
      trouble = impossible.getMessage();
    }
  }

  private void tell(SiteState before, SiteReport report) {
    listener.siteChanged(before, report);
  }

  private void takeUpIncluded(Engine made, long now) {
    if (includedWanted) {
      includedWanted = false;
      made.life().intake().nominateIncluded(now);
    }
    if (recalled != null) {
      transformer.recall(recalled);
      made.life().intake().recall(recalled, now);
      recalled = null;
    }
    for (String name = transformer.pollIncluded();
        name != null;
        name = transformer.pollIncluded()) {
      included.put(name, now);
    }
    // a class is told of before it is defined, so it may take a few rounds to be found
    included
        .entrySet()
        .removeIf(
            entry ->
                made.life().intake().nominateClass(entry.getKey(), now)
                    || now - entry.getValue() > INCLUDED_NANOS);
  }

  private void end() {
    closing = true;
    try {
      if (engine != null) {
        engine.close(System.nanoTime());
      }
    } finally {
      instrumentation.removeTransformer(transformer);
      for (Runnable waiting = mail.poll(); waiting != null; waiting = mail.poll()) {
        waiting.run();
      }
    }
  }
}
