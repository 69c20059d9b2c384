package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.RewritingSettings;
import dev.tidepool.rewriting.gate.GateRuntime;
import dev.tidepool.rewriting.gate.SiteMode;
import dev.tidepool.rewriting.gate.SiteSpec;
import dev.tidepool.rewriting.remedy.Draw;
import dev.tidepool.rewriting.site.Allocation;
import dev.tidepool.rewriting.site.SiteKey;
import dev.tidepool.rewriting.site.SiteState;
import dev.tidepool.rewriting.site.TypeRef;
import dev.tidepool.rewriting.site.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Arrays that are drawn from the pool where they are made, because owners give them back elsewhere.
 * The proof thread's own.
 */
final class DrawnArrays {
  private static final long VAIN_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Sites sites;
  private final GateRuntime runtime;
  private final Prover prover;
  private final Predicate<SiteKey> eligible;

  /**
   * Nothing is drawn yet.
   *
   * @param eligible whether the user wants a site looked at
   */
  DrawnArrays(Sites sites, GateRuntime runtime, Prover prover, Predicate<SiteKey> eligible) {
    this.sites = sites;
    this.runtime = runtime;
    this.prover = prover;
    this.eligible = eligible;
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
      if (mayDraw(array, owner) && eligible.test(array.key)) {
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
    return OwnerLife.isRefusedArray(array) || again;
  }

  private static boolean makes(TrackedSite array, Verdict.Proven proven) {
    if (proven.owned() == null) {
      return proven.sources().contains(array.key);
    }
    TypeRef maker = array.key.method().owner();
    for (Verdict.Field field : proven.owned().fields()) {
      if ((field.owner().equals(maker) || proven.owned().type().equals(maker))
          && OwnerRows.newarrayType(field.descriptor()) == array.place.arrayType()) {
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
      boolean copied = array.place.first() == TrackedSite.FirstUse.COPY;
      sites.openRow(array, new SiteSpec(type, settings.minBytes(), copied, false));
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
