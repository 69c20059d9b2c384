package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.LearnedSite;
import dev.tidepool.rewriting.Nomination;
import dev.tidepool.rewriting.PoolingMode;
import dev.tidepool.rewriting.RewritingSettings;
import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.gate.GateRuntime;
import dev.tidepool.rewriting.gate.Growth;
import dev.tidepool.rewriting.gate.SiteMode;
import dev.tidepool.rewriting.gate.SiteSpec;
import dev.tidepool.rewriting.gate.SizeReader;
import dev.tidepool.rewriting.growth.Growable;
import dev.tidepool.rewriting.growth.SizeWindow;
import dev.tidepool.rewriting.growth.StartChoice;
import dev.tidepool.rewriting.remedy.Presize;
import dev.tidepool.rewriting.site.Allocation;
import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.SiteKey;
import dev.tidepool.rewriting.site.SiteState;
import dev.tidepool.rewriting.site.TypeRef;
import dev.tidepool.rewriting.site.Verdict;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.objectweb.asm.Opcodes;

/**
 * Sites that make growing objects: their sizes are learned first, then new objects start where that
 * saves bytes, and the learning goes on, so that a start that does not fit any more is found out.
 * The proof thread's own.
 */
final class GrowthLife {
  private static final int MOST_SITES = 200;
  private static final String STRING_WRITER = "java/io/StringWriter";
  private static final int ENOUGH = 24;

  /** What a single object may start with, also one that had more in another run, on its heap. */
  private static final long MOST_BYTES = Runtime.getRuntime().maxMemory() / 256;

  private static final int NEWEST = 12;
  private static final int LOOKS = 3;
  private static final long LOOK_MILLIS = 8;
  private static final double BETTER = 0.05;

  /**
   * Share of all bytes from which a method is looked at: a little more than {@code HotMethods} asks
   * for, since a better start saves no more than two thirds of what grows.
   */
  private static final double LEAST_SHARE = 0.06;

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long LOADING_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Sites sites;
  private final GateRuntime runtime;
  private final Prover prover;
  private final Rests rests;
  private final BuilderLife builders;
  private final GrowableFinder finder = new GrowableFinder();
  private final Map<TrackedSite, Learner> learners = new LinkedHashMap<>();
  private final Map<String, SizeReader> readers = new HashMap<>();
  private LearnedSites recalled = LearnedSites.NONE;

  /** What is known of one site. */
  private static final class Learner implements Growth.Finals {
    final GrowableFinder.Found found;
    final SizeWindow window;
    Growth growth;
    StartChoice choice;
    long decidedAt;
    long poorSince;

    Learner(GrowableFinder.Found found) {
      this.found = found;
      this.window = new SizeWindow(found.growable(), found.start());
    }

    @Override
    public void became(int size, int capacity, boolean started, boolean lived) {
      if (started) {
        window.addStarted(size, lived);
      } else {
        window.add(size, capacity, lived);
      }
    }
  }

  GrowthLife(Sites sites, GateRuntime runtime, Prover prover, Rests rests, BuilderLife builders) {
    this.builders = builders;
    this.sites = sites;
    this.runtime = runtime;
    this.prover = prover;
    this.rests = rests;
  }

  /** Whether a site is of the kind that lives here. */
  static boolean isGrowable(TrackedSite site) {
    return site.place.allocates() instanceof Allocation.Growable;
  }

  /** Takes up the growing objects that a method makes. */
  void nominate(
      Class<?> maker,
      TypeRef name,
      ClassCode code,
      Nomination hint,
      RewritingSettings settings,
      long now) {
    if (hint.share() < LEAST_SHARE) {
      return;
    }
    for (GrowableFinder.Found found : finder.find(name, code, hint)) {
      SiteKey key = found.site().key();
      if (builders.takesCareOf(key.method(), found.site().place().ordinal())) {
        continue;
      }
      TrackedSite known = sites.get(key);
      if (known == null && learners.size() < MOST_SITES && rests.mayCount(key, null, now)) {
        TrackedSite site = sites.add(found.site(), maker, now);
        learn(site, found, now);
        remember(site, settings, now);
      } else if (known != null
          && (known.state() == SiteState.REVERTED || isToBeProvenAnew(known))
          && !known.forbidden
          && !known.planned()
          && now >= known.retryAt) {
        learn(known, found, now);
      }
    }
  }

  private static boolean isToBeProvenAnew(TrackedSite site) {
    return site.state() == SiteState.REFUSED
        && site.verdict() instanceof Verdict.Refused refused
        && refused.transientCause();
  }

  private void learn(TrackedSite site, GrowableFinder.Found found, long now) {
    SizeReader reader = reader(found.growable());
    if (reader == null) {
      site.forbidden = true;
      String why = found.growable().sourceName() + " is not as known in this Java version";
      site.verdict(new Verdict.Refused(why, List.of(), false));
      sites.become(site, SiteState.REFUSED, why, now);
      return;
    }
    Learner learner = new Learner(found);
    sites.openRow(site, new SiteSpec(Opcodes.T_BYTE, 0, false, false));
    runtime.grows(site.row(), reader);
    learner.growth = runtime.growth(site.row());
    learner.growth.worth((long) learner.window.meanToday(), 0);
    learners.put(site, learner);
    site.verdict(null);
    site.countedSince = now;
    site.lastAsked = now;
    site.warmAt = now;
    sites.plan(site, treatment(learner, false));
  }

  /** Starts where another run of the program has ended, and goes on learning. */
  private void remember(TrackedSite site, RewritingSettings settings, long now) {
    Learner learner = learners.get(site);
    LearnedSite before = recalled.of(site);
    if (learner == null
        || before == null
        || before.startsAt() <= 0
        || !settings.allows(Presize.NAME)) {
      return;
    }
    long bytes = (long) before.startsAt() * learner.found.growable().elementBytes();
    if (bytes <= MOST_BYTES && isProven(site, learner, now)) {
      learner.choice = new StartChoice(before.startsAt(), 0, 0);
      settle(site, settings.pooling(), now);
    }
  }

  /** Sites to start as they did in another run, once they are taken up. */
  void recall(LearnedSites learned) {
    recalled = learned;
  }

  /**
   * Where the code says a capacity, looking and acting are the same code, so that the method is
   * compiled anew only once; an object that makes no array before it is needed is only looked at.
   */
  private static Presize treatment(Learner learner, boolean acts) {
    boolean says = !learner.found.start().lazy();
    return new Presize(learner.found.growable().className(), learner.found.given(), acts || says);
  }

  /** Null where the class is not as the list says. */
  private SizeReader reader(Growable growable) {
    return readers.computeIfAbsent(growable.className(), name -> open(growable));
  }

  private SizeReader open(Growable growable) {
    try {
      // of the boot loader and loaded long since: the list has no others
      Class<?> type = Class.forName(growable.sourceName(), false, null);
      prover.open(type);
      return SizeReader.of(
          type, growable.path(), growable.array(), growable.size(), growable.coder());
    } catch (ReflectiveOperationException | RuntimeException otherwise) {
      return null;
    }
  }

  /** Whether sizes are being learned, so that looking often is worth it. */
  boolean learning() {
    for (Map.Entry<TrackedSite, Learner> entry : learners.entrySet()) {
      SiteState state = entry.getKey().state();
      if (state == SiteState.COUNTED && entry.getValue().window.added() < ENOUGH) {
        return true;
      }
    }
    return false;
  }

  /** Looks at the objects under way: a few times in short order, since they do not last. */
  void look() {
    learners
        .keySet()
        .removeIf(site -> !site.planned() || sites.get(site.key) != site || site.forbidden);
    int looks = learners.isEmpty() ? 0 : learning() ? LOOKS : 1;
    for (int i = 0; i <= looks && looks > 0; i++) {
      if (i > 0 && !pause()) {
        return;
      }
      for (Learner learner : learners.values()) {
        learner.growth.poll(learner);
      }
    }
  }

  private static boolean pause() {
    try {
      Thread.sleep(LOOK_MILLIS);
      return true;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Starts objects elsewhere where that saves enough.
   *
   * @param threshold bytes per second from which a site is worth it
   */
  void decide(double threshold, RewritingSettings settings, long now) {
    for (Map.Entry<TrackedSite, Learner> entry : Map.copyOf(learners).entrySet()) {
      TrackedSite site = entry.getKey();
      Learner learner = entry.getValue();
      if (now - learner.decidedAt < settings.countFor().toNanos()
          || learner.window.added() < ENOUGH) {
        continue;
      }
      learner.decidedAt = now;
      if (site.state() == SiteState.ACTIVE) {
        relearn(site, learner, now);
      } else if (site.state() == SiteState.COUNTED || site.state() == SiteState.PROVEN) {
        learner.growth.worth((long) learner.window.meanToday(), 0);
        if (site.bytesPerSecond() >= threshold) {
          start(site, learner, threshold, settings, now);
        }
      } else {
        learner.growth.worth((long) learner.window.meanToday(), 0);
        tell(site, learner);
      }
    }
  }

  /** For people: how much it would take. */
  private static void tell(TrackedSite site, Learner learner) {
    StartChoice best = StartChoice.of(learner.window, MOST_BYTES);
    long element = learner.found.growable().elementBytes();
    site.grows(element * learner.found.given(), best == null ? 0 : element * best.capacity());
  }

  private void start(
      TrackedSite site, Learner learner, double threshold, RewritingSettings settings, long now) {
    learner.choice = StartChoice.of(learner.window, MOST_BYTES);
    if (learner.choice == null || learner.choice.gain() * site.bytesPerSecond() < threshold) {
      poor(site, learner, now);
      return;
    }
    tell(site, learner);
    learner.poorSince = 0;
    if (!settings.allows(Presize.NAME)) {
      site.explain(settings.whyNot(Presize.NAME));
      return;
    }
    if (now >= site.retryAt && isProven(site, learner, now)) {
      settle(site, settings.pooling(), now);
    }
  }

  /** Whether nobody can tell where its objects start; what that rests on is watched. */
  private boolean isProven(TrackedSite site, Learner learner, long now) {
    String seen = learner.found.seen();
    boolean asksWorld = seen != null && learner.found.growable().className().equals(STRING_WRITER);
    String told = asksWorld ? prover.buffersSeen(site) : seen;
    if (Prover.LOADING.equals(told)) {
      site.explain(told);
      site.retryAt = now + LOADING_NANOS;
      return false;
    }
    if (told != null) {
      String why = "its capacity may be seen: " + (asksWorld ? seen + ", and " + told : seen);
      site.verdict(new Verdict.Refused(why, List.of(why), false));
      sites.become(site, SiteState.REFUSED, why, now);
      return false;
    }
    Set<Dependency> on = asksWorld ? Set.of(BufferSight.ON) : Set.of();
    site.verdict(new Verdict.Proven(false, false, List.of(), on));
    return true;
  }

  /** Puts a site whose start is chosen where the mode wants it. */
  void settle(TrackedSite site, PoolingMode mode, long now) {
    Learner learner = learners.get(site);
    if (learner == null || learner.choice == null) {
      return;
    }
    if (mode == PoolingMode.ON) {
      act(site, learner, now);
    } else if (site.state() != SiteState.PROVEN) {
      begin(site, learner, 0);
      site.mode(SiteMode.COUNT);
      sites.plan(site, treatment(learner, false));
      sites.become(
          site, SiteState.PROVEN, "observed only: it would start at " + text(learner), now);
    }
  }

  private void act(TrackedSite site, Learner learner, long now) {
    begin(site, learner, learner.choice.capacity());
    worth(learner);
    site.mode(SiteMode.POOL);
    sites.plan(site, treatment(learner, true));
    renewOwners(site, now);
    sites.become(site, SiteState.ACTIVE, "starts at " + text(learner), now);
  }

  /** Where the objects die with the method too, what it gives back is worth drawing anew. */
  private void renewOwners(TrackedSite site, long now) {
    for (TrackedSite owner : sites.list()) {
      if (owner.state() == SiteState.ACTIVE
          && owner.place.allocates() instanceof Allocation.Instance
          && owner.key.method().equals(site.key.method())) {
        owner.since = now;
      }
    }
  }

  private static void begin(TrackedSite site, Learner learner, int capacity) {
    learner.growth.start(capacity);
    site.startsAt(capacity);
  }

  private static void worth(Learner learner) {
    double today = learner.window.meanToday();
    double saved = today - learner.window.mean(learner.choice.capacity());
    learner.growth.worth((long) today, Math.max(0, (long) saved));
  }

  private static String text(Learner learner) {
    Growable growable = learner.found.growable();
    long bytes = (long) learner.choice.capacity() * growable.elementBytes();
    String start =
        growable.elementBytes() == 1 ? bytes(bytes) : learner.choice.capacity() + " elements";
    long objects = learner.window.added();
    return start + (objects == 0 ? ": by plan" : ": learned from " + objects + " objects");
  }

  static String bytes(long bytes) {
    return bytes < 10_000 ? bytes + " bytes" : (bytes + 500) / 1000 + " KB";
  }

  private void relearn(TrackedSite site, Learner learner, long now) {
    StartChoice next = StartChoice.of(learner.window, MOST_BYTES);
    if (learner.growth.starts() && learner.window.hurts(learner.choice.capacity(), NEWEST)) {
      // the distribution has moved: as the code says, until the new one is known
      asTheCodeSays(site, learner);
    } else if (next == null) {
      asTheCodeSays(site, learner);
      poor(site, learner, now);
    } else {
      learner.poorSince = 0;
      site.setBack(false);
      if (!learner.growth.starts() || better(learner, next)) {
        learner.choice = next;
      }
      begin(site, learner, learner.choice.capacity());
      worth(learner);
      site.explain("starts at " + text(learner));
    }
  }

  private static void asTheCodeSays(TrackedSite site, Learner learner) {
    begin(site, learner, 0);
    learner.growth.worth((long) learner.window.meanToday(), 0);
    // sizes of two times may be mixed in it
    learner.window.clear();
  }

  /** Only what stays so is given up. */
  private void poor(TrackedSite site, Learner learner, long now) {
    String why = "no gain: no other start would save a tenth of its bytes";
    if (learner.poorSince == 0) {
      learner.poorSince = now;
    } else if (now - learner.poorSince > PATIENCE_NANOS) {
      Trials.rest(site, now);
      prover.forget(site);
      sites.unplan(site);
      sites.become(site, SiteState.REVERTED, why, now);
      return;
    }
    site.explain(why);
  }

  private static boolean better(Learner learner, StartChoice next) {
    double now = learner.window.mean(learner.choice.capacity());
    return learner.window.mean(next.capacity()) < (1 - BETTER) * now;
  }
}
