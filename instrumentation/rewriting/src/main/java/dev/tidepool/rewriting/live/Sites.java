package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.LearnedSite;
import dev.tidepool.rewriting.RewritingListener;
import dev.tidepool.rewriting.SiteReport;
import dev.tidepool.rewriting.gate.GateRuntime;
import dev.tidepool.rewriting.gate.SiteMode;
import dev.tidepool.rewriting.gate.SiteSpec;
import dev.tidepool.rewriting.remedy.SitePlan;
import dev.tidepool.rewriting.remedy.Treatment;
import dev.tidepool.rewriting.site.Allocation;
import dev.tidepool.rewriting.site.SiteKey;
import dev.tidepool.rewriting.site.SiteState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** Every known site, what is planned for it, and which classes wait to be rewritten. */
final class Sites {
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** At 10 ns each, and three at an array, they come to the cost of a change in ten minutes. */
  private static final double MANY_CALLS = 100_000;

  private final Map<SiteKey, TrackedSite> byKey = new ConcurrentHashMap<>();
  private final Map<String, TrackedSite> byId = new ConcurrentHashMap<>();
  private final Map<Integer, TrackedSite> byRow = new ConcurrentHashMap<>();
  private final Queue<TrackedSite> broken = new ConcurrentLinkedQueue<>();
  private final Set<Class<?>> dirty = new HashSet<>();
  private final Set<Class<?>> stale = Collections.newSetFromMap(new WeakHashMap<>());
  private final GateRuntime runtime;
  private final ClassPlans plans;
  private final RewritingListener listener;

  Sites(GateRuntime runtime, ClassPlans plans, RewritingListener listener) {
    this.runtime = runtime;
    this.plans = plans;
    this.listener = listener;
  }

  Collection<TrackedSite> all() {
    return byKey.values();
  }

  TrackedSite get(SiteKey key) {
    return byKey.get(key);
  }

  TrackedSite byId(String id) {
    return byId.get(id);
  }

  TrackedSite byRow(int row) {
    return byRow.get(row);
  }

  /** A site whose proof broke since the last call, or null. */
  TrackedSite pollBroken() {
    return broken.poll();
  }

  /** Takes up a new site. */
  TrackedSite add(SiteFinder.Found found, Class<?> type, long now) {
    String id = SiteFinder.id(found.key());
    String free = id;
    // the same class file under another loader
    for (int i = 2; byId.containsKey(free); i++) {
      free = id + "-" + i;
    }
    TrackedSite site = new TrackedSite(free, found.key(), found.place(), type, runtime, broken);
    byKey.put(found.key(), site);
    byId.put(free, site);
    become(site, SiteState.NOMINATED, "", now, null);
    return site;
  }

  /** What another run may take up where this one leaves off. */
  List<LearnedSite> learned() {
    List<LearnedSite> learned = new ArrayList<>();
    for (TrackedSite site : list()) {
      if (site.state() == SiteState.ACTIVE) {
        learned.add(site.learned());
      }
    }
    return learned;
  }

  /** Forgets a site; its class is gone or it has gone cold. */
  void drop(TrackedSite site) {
    unplan(site);
    byKey.remove(site.key);
    byId.remove(site.id);
  }

  /** Changes the state and tells the listener. */
  void become(TrackedSite site, SiteState state, String why, long now) {
    become(site, state, why, now, site.state());
  }

  private void become(TrackedSite site, SiteState state, String why, long now, SiteState before) {
    site.become(state, why, now);
    try {
      listener.siteChanged(before, site.report());
    } catch (RuntimeException itsOwn) {
      // a listener that fails does not stop the life of sites
    }
  }

  /** A row for the site, in mode COUNT, that no code names yet. */
  void openRow(TrackedSite site, SiteSpec spec) {
    unplan(site);
    int before = site.row();
    int row = runtime.open(spec);
    byRow.put(row, site);
    site.moveTo(row);
    runtime.close(before);
  }

  /** From the next {@link #takeDirty} on the site's code is treated so. */
  void plan(TrackedSite site, Treatment treatment) {
    Class<?> type = site.type.get();
    if (type != null) {
      boolean changes = plans.add(type, site.plan(treatment), site.place.digest());
      if (changes) {
        dirty.add(type);
      }
      site.planned(true);
      site.pending(changes);
    }
  }

  /** As {@link #plan}, at another place that has a part in what is done at the site. */
  void planElsewhere(TrackedSite site, Class<?> type, SitePlan plan, long digest) {
    if (plans.add(type, plan, digest)) {
      dirty.add(type);
    }
    site.elsewhere.add(type);
  }

  /**
   * The site allocates plainly from now on, and its row drops all that is still under way. Its code
   * goes back to what it was when its class is changed for another reason, or with {@link
   * #takeStale}: a change of its own would cost the application compiled code, for nothing but the
   * few nanoseconds of a gate that is shut. Where that gate is called all the time, the change is
   * the lesser cost.
   */
  void unplan(TrackedSite site) {
    int row = site.row();
    if (row < 0) {
      return;
    }
    // for good: code that still names the row must never pool again, nobody watches the proof
    site.mode(SiteMode.INVALID);
    byRow.remove(row);
    // native memory is looked after even where it is not kept, which costs more than a shut gate
    boolean dear =
        site.place.allocates() instanceof Allocation.Native || site.callsPerSecond() > MANY_CALLS;
    Set<Class<?>> left = dear ? dirty : stale;
    Class<?> type = site.type.get();
    if (type != null && plans.remove(type, row)) {
      left.add(type);
    }
    for (Class<?> other : site.elsewhere) {
      if (plans.remove(other, row)) {
        left.add(other);
      }
    }
    site.elsewhere.clear();
    site.planned(false);
  }

  /** Whether any class waits to be changed. */
  boolean isDirty() {
    return !dirty.isEmpty();
  }

  /** Whether any class still names sites that were taken back. */
  boolean isStale() {
    return !stale.isEmpty();
  }

  /** Classes whose plans have changed since the last call. */
  Set<Class<?>> takeDirty() {
    Set<Class<?>> taken = new HashSet<>(dirty);
    dirty.clear();
    stale.removeAll(taken);
    return taken;
  }

  /** Classes whose code still names sites that were taken back. */
  Set<Class<?>> takeStale() {
    Set<Class<?>> taken = new HashSet<>(stale);
    stale.clear();
    return taken;
  }

  /** The sites of a class. */
  List<TrackedSite> of(Class<?> type) {
    List<TrackedSite> found = new ArrayList<>();
    for (TrackedSite site : byKey.values()) {
      if (site.type.get() == type) {
        found.add(site);
      }
    }
    return found;
  }

  List<SiteReport> reports() {
    List<SiteReport> reports = new ArrayList<>();
    for (TrackedSite site : byKey.values()) {
      reports.add(site.report());
    }
    reports.sort((a, b) -> Double.compare(b.bytesPerSecond(), a.bytesPerSecond()));
    return reports;
  }

  List<TrackedSite> list() {
    return new ArrayList<>(byKey.values());
  }

  /** Whether any site is on its way to or through a trial; what is counted for long waits. */
  boolean underWay(long now) {
    for (TrackedSite site : byKey.values()) {
      boolean moves =
          switch (site.state()) {
            case ACTIVE, REVERTED, REFUSED -> false;
            case COUNTED -> now - site.countedSince < FRESH_NANOS && !site.resting();
            case NOMINATED -> !site.isEstimatedBefore(now, FRESH_NANOS);
            case PROVEN, TRIAL -> true;
          };
      if (moves) {
        return true;
      }
    }
    return false;
  }

  int count(SiteState state) {
    int count = 0;
    for (TrackedSite site : byKey.values()) {
      count += site.state() == state ? 1 : 0;
    }
    return count;
  }
}
