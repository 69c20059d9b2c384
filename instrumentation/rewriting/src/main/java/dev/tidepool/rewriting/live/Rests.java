package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.site.Allocation;
import dev.tidepool.rewriting.site.SiteKey;
import dev.tidepool.rewriting.site.SiteState;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Sites that were counted and found not worth it: they are let alone for a while, each time for
 * four times as long. A counter costs its method a few nanoseconds a call, and putting it in or
 * taking it out costs that method its compiled code. The proof thread's own.
 */
final class Rests {
  private static final int MOST = 4096;
  private static final long COLD_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long LONGEST_NANOS = TimeUnit.HOURS.toNanos(1);

  // all in multiples of how long a site is counted before it is judged
  private static final int COUNTED = 10;
  private static final int FIRST_REST = 60;

  /** Counters are taken out together: each change of a class costs it compiled code. */
  private static final int TAKE_OUT = 5;

  private final Sites sites;
  private final double leastRate;
  private final long unit;
  private final Map<SiteKey, Rest> rests = new LinkedHashMap<>();
  private long takenOutAt;

  private record Rest(long until, long nanos) {}

  /**
   * @param leastRate bytes a second below which a site is cold
   * @param countFor how long a site is counted before it is judged
   */
  Rests(Sites sites, double leastRate, Duration countFor) {
    this.sites = sites;
    this.leastRate = leastRate;
    this.unit = countFor.toNanos();
  }

  /** Whether a site that was found hot is to be counted now. */
  boolean mayCount(SiteKey key, TrackedSite known, long now) {
    Rest rest = rests.get(key);
    boolean over = rest == null || now - rest.until >= 0;
    return over && (known == null || known.resting());
  }

  /** Whether this is a moment to take counters out; asked about once a second. */
  boolean moment(long now) {
    boolean is = now - takenOutAt >= TAKE_OUT * unit;
    takenOutAt = is ? now : takenOutAt;
    return is;
  }

  /**
   * Takes the counter out where it has told all there is to know; the site keeps its rate, or goes
   * where it was cold.
   *
   * @param tooSmall whether its arrays are
   * @return whether the site is forgotten
   */
  boolean look(TrackedSite site, boolean tooSmall, long now) {
    boolean counted = site.state() == SiteState.COUNTED;
    if (site.resting()) {
      return overslept(site, now);
    }
    if (site.pending()) {
      return false;
    }
    if (counted && site.bytesPerSecond() < leastRate) {
      if (now - site.warmAt > COLD_NANOS) {
        begin(site.key, now);
        sites.drop(site);
        return true;
      }
      return false;
    }
    site.warmAt = now;
    boolean told = site.state() == SiteState.REFUSED || (counted && tooSmall);
    if (told
        && site.planned()
        && site.place.allocates() instanceof Allocation.Array
        && now - site.countedSince > COUNTED * unit) {
      begin(site.key, now);
      sites.unplan(site);
      site.rest();
    }
    return false;
  }

  private void begin(SiteKey site, long now) {
    Rest before = rests.remove(site);
    long nanos = before == null ? FIRST_REST * unit : Math.min(4 * before.nanos, LONGEST_NANOS);
    rests.put(site, new Rest(now + nanos, nanos));
    if (rests.size() > MOST) {
      rests.remove(rests.keySet().iterator().next());
    }
  }

  /** The rest has been over for long, and nobody has found the site hot since. */
  private boolean overslept(TrackedSite site, long now) {
    Rest rest = rests.get(site.key);
    if (rest != null && now - rest.until < 2 * FIRST_REST * unit) {
      return false;
    }
    if (site.state() == SiteState.COUNTED) {
      sites.drop(site);
      return true;
    }
    site.cool();
    return false;
  }
}
