package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.LearnedSite;
import dev.tidepool.rewriting.Nomination;
import dev.tidepool.rewriting.SiteReport;
import dev.tidepool.rewriting.gate.GateRuntime;
import dev.tidepool.rewriting.gate.SiteCounts;
import dev.tidepool.rewriting.gate.SiteMode;
import dev.tidepool.rewriting.remedy.Remedy;
import dev.tidepool.rewriting.remedy.SitePlan;
import dev.tidepool.rewriting.remedy.Treatment;
import dev.tidepool.rewriting.site.Allocation;
import dev.tidepool.rewriting.site.Breaker;
import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.GuardedCall;
import dev.tidepool.rewriting.site.SiteKey;
import dev.tidepool.rewriting.site.SiteState;
import dev.tidepool.rewriting.site.Verdict;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import org.objectweb.asm.Opcodes;

/**
 * One site on its way. Written by the proof thread, except that whoever loads a class that breaks
 * the proof shuts the site at once; read by anyone.
 */
final class TrackedSite implements DependencyWatch.Owner {
  private static final long FIRST_BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final int LONGEST_BACKOFF = 8; // about a minute

  final String id;
  final SiteKey key;
  final Place place;
  final WeakReference<Class<?>> type;
  private final GateRuntime runtime;
  private final Queue<TrackedSite> broken;

  private volatile int row = -1;
  private volatile SiteState state = SiteState.NOMINATED;
  private volatile Verdict verdict;
  private volatile String reason = "";
  private volatile String whyBroken;
  private volatile boolean planned;
  private volatile boolean resting;
  private volatile boolean pending;
  private volatile boolean setBack;
  private volatile long estimatedAt;
  private volatile boolean sampled;
  private volatile String remedy;
  private volatile double bytesPerSecond;
  private volatile double callsPerSecond;
  private volatile long growsFrom;
  private volatile long growsTo;
  private volatile int startsAt;
  private volatile SiteCounts earlier = SiteCounts.NONE;
  private final SampledRate samples = new SampledRate();

  // the proof thread's own
  boolean forbidden;
  int proofs;
  final LastProof lastProof = new LastProof();
  long since;
  long retryAt;
  long countedSince;
  long warmAt;
  long lastAsked;
  SiteCounts atWindow = SiteCounts.NONE;
  SiteCounts atGain = SiteCounts.NONE;
  long gainSince;
  int poorWindows;

  /** Whether its arrays were of late all too small to ask the pool for any. */
  boolean unasked;

  int rests;

  /** Share of its bytes that came from the pool of late. */
  double gain;

  /** While it lends what it recycles; else null. */
  Toll toll;

  /** Under which row the array is drawn since others give it back, or null. */
  Drawn drawn;

  /** Other classes whose code is rewritten for this site. */
  final Set<Class<?>> elsewhere = Collections.newSetFromMap(new WeakHashMap<>());

  /**
   * What is drawn from the pool.
   *
   * @param before why it is not pooled by itself
   */
  record Drawn(int row, Verdict.Refused before) {}

  /** What is done first with an array: where it is overwritten nobody sees what stood there. */
  enum FirstUse {
    /** Anything. */
    ANY,
    /** It is made as a copy. */
    COPY,
    /** Whoever made it overwrites all of it, and may hand it to others then. */
    OVERWRITING
  }

  /**
   * Where the site stands.
   *
   * @param allocates what the instruction makes
   * @param digest {@link MethodDigest} of the method
   * @param first what is done first with the array
   */
  record Place(int ordinal, Allocation allocates, int line, long digest, FirstUse first) {
    Place(int ordinal, Allocation allocates, int line, long digest) {
      this(ordinal, allocates, line, digest, FirstUse.ANY);
    }

    /** Type of the arrays, as an operand of {@code newarray}; of bytes where it makes none. */
    int arrayType() {
      if (allocates instanceof Allocation.Result result) {
        return result.newarrayType();
      }
      if (allocates instanceof Allocation.Replaced replaced) {
        return replaced.newarrayType();
      }
      return allocates instanceof Allocation.Array array ? array.newarrayType() : Opcodes.T_BYTE;
    }
  }

  TrackedSite(
      String id,
      SiteKey key,
      Place place,
      Class<?> type,
      GateRuntime runtime,
      Queue<TrackedSite> broken) {
    this.id = id;
    this.key = key;
    this.place = place;
    this.type = new WeakReference<>(type);
    this.runtime = runtime;
    this.broken = broken;
  }

  /** How long to wait until it may be proven again: the longer the more often that was tried. */
  long backoff() {
    return FIRST_BACKOFF_NANOS << Math.min(proofs, LONGEST_BACKOFF);
  }

  /** It is being proven, and not again soon. */
  void tried(long now) {
    proofs++;
    retryAt = now + backoff();
  }

  SiteState state() {
    return state;
  }

  String reason() {
    return reason;
  }

  /** Sets the state; the listener is told elsewhere. */
  void become(SiteState next, String why, long now) {
    resting &= next == SiteState.COUNTED || next == SiteState.REFUSED;
    state = next;
    reason = why;
    since = now;
  }

  void explain(String why) {
    reason = why;
  }

  Verdict verdict() {
    return verdict;
  }

  void verdict(Verdict found) {
    verdict = found;
  }

  int row() {
    return row;
  }

  /** Goes on with a fresh row; what the old one counted is kept. */
  void moveTo(int next) {
    earlier = counts();
    row = next;
    whyBroken = null;
    atWindow = counts();
    atGain = atWindow;
  }

  boolean planned() {
    return planned;
  }

  /** Whether its code draws from the pool what others give back. */
  boolean draws() {
    return planned && drawn != null && drawn.row == row;
  }

  void planned(boolean now) {
    planned = now;
    pending &= now;
    resting &= !now;
  }

  /** Whether its class still runs without what is planned for it: nothing is counted yet. */
  boolean pending() {
    return pending;
  }

  void pending(boolean now) {
    pending = now;
  }

  /** Its class runs what is planned: whatever is counted is counted from now on. */
  void applied(long now) {
    if (pending) {
      pending = false;
      countedSince = now;
      lastAsked = now;
      warmAt = now;
    }
  }

  /**
   * Notes that it was taken back since it gained nothing or misbehaved, or that it has proven
   * itself since.
   */
  void setBack(boolean now) {
    setBack = now;
  }

  Breaker breaker() {
    Breaker atGate = row < 0 ? Breaker.CLOSED : runtime.breaker(row);
    if (atGate != Breaker.CLOSED || !setBack) {
      return atGate;
    }
    boolean tried = planned && (state == SiteState.TRIAL || state == SiteState.ACTIVE);
    return tried ? Breaker.HALF_OPEN : Breaker.OPEN;
  }

  /** Whether its code counts, and neither tries out nor acts. */
  boolean isOnlyCounted() {
    return row >= 0 && runtime.mode(row) == SiteMode.COUNT;
  }

  /** Where samples are all that is known of it. */
  void estimate(long now) {
    estimatedAt = now;
    lastAsked = now;
  }

  /**
   * What samples say that is allocated here; holds until something counts.
   *
   * @param places among which the bytes of the hint are to be shared out
   */
  void hear(Nomination hint, int places, long now) {
    samples.hear(hint, places, now);
    if (row < 0) {
      bySamples(now);
    }
  }

  /** Makes out the rate where nothing counts. */
  void bySamples(long now) {
    sampled = true;
    bytesPerSecond = samples.at(now);
  }

  /** Whether samples are all that is known of its rate: no code counts here. */
  boolean isEstimated() {
    return row < 0 && estimatedAt != 0;
  }

  /** Whether it was found hot a short while ago, where samples are all there is. */
  boolean isEstimatedBefore(long now, long nanos) {
    return isEstimated() && now - estimatedAt > nanos;
  }

  /** Whether it is not counted for a while, and its rate is that of before. */
  boolean resting() {
    return resting;
  }

  void rest() {
    resting = true;
  }

  /** Nobody has found it hot for a long time. */
  void cool() {
    bytesPerSecond = 0;
  }

  void mode(SiteMode mode) {
    if (row >= 0) {
      runtime.mode(row, mode);
    }
  }

  @Override
  public void broken(Dependency dependency, String why) {
    shut(why);
  }

  /** From the next call on every release drops; any thread. */
  void shut(String why) {
    int current = row;
    if (current < 0) {
      return;
    }
    // always: a thread that was held up may have told of the row before this one
    runtime.mode(current, SiteMode.INVALID);
    if (whyBroken == null) {
      whyBroken = why;
      broken.add(this);
    }
  }

  /** Why the proof does not hold any more, or null while it does. */
  String whyBroken() {
    return whyBroken;
  }

  boolean rests(int guard) {
    if (verdict instanceof Verdict.Proven proven) {
      List<GuardedCall> guards = proven.guards();
      for (int i = 0; i < guards.size(); i++) {
        if (guards.get(i).guard() == guard) {
          return true;
        }
      }
    }
    return false;
  }

  SitePlan plan(Treatment treatment) {
    remedy = treatment instanceof Remedy chosen ? chosen.name() : null;
    return new SitePlan(
        row, key.method().name(), key.method().descriptor(), place.ordinal(), treatment);
  }

  /** What is done here, by the name people know, or null. */
  String remedy() {
    return remedy;
  }

  /** All that was ever counted here. */
  SiteCounts counts() {
    SiteCounts before = earlier;
    if (row < 0) {
      return before;
    }
    SiteCounts now = runtime.counts(row);
    return before.plus(now);
  }

  /** Says at what capacity objects made here start; 0 where as the code says. */
  void startsAt(int capacity) {
    startsAt = capacity;
  }

  LearnedSite learned() {
    return new LearnedSite(
        SiteFinder.id(key),
        key.method().owner().sourceName(),
        key.method().name(),
        key.method().descriptor(),
        place.digest(),
        remedy,
        startsAt);
  }

  /** Says how the arrays of the objects grow that are made here, in bytes. */
  void grows(long from, long to) {
    growsFrom = from;
    growsTo = to;
  }

  double bytesPerSecond() {
    return bytesPerSecond;
  }

  /** How often its code called the gate when that was last counted. */
  double callsPerSecond() {
    return callsPerSecond;
  }

  /** Takes a new reading of the rate: half of it, half of the one before. */
  void sampleRate(long now) {
    SiteCounts counts = counts();
    double seconds = (now - lastAsked) / 1e9;
    if (seconds > 0) {
      double rate = (counts.bytes() - atWindow.bytes()) / seconds;
      callsPerSecond = (counts.calls() - atWindow.calls()) / seconds;
      if (rate == 0 && !planned) {
        // its code is as it was, or nobody runs it: samples tell which
        bySamples(now);
      } else {
        boolean first = sampled || lastAsked == countedSince;
        bytesPerSecond = first ? rate : (rate + bytesPerSecond) / 2;
        sampled = false;
      }
      atWindow = counts;
      lastAsked = now;
    }
  }

  SiteReport report() {
    SiteCounts counts = counts();
    Verdict found = verdict;
    SiteState now = state;
    String kind = "pending";
    List<String> path = List.of();
    String why = reason;
    if (found instanceof Verdict.Proven) {
      kind = "proven";
    } else if (found instanceof Verdict.Refused refused) {
      kind = "refused";
      path = refused.path();
      why = why.isEmpty() ? refused.reason() : why;
    }
    return new SiteReport(
        id,
        key.method().owner().sourceName(),
        key.method().name(),
        key.method().descriptor(),
        key.bytecodeIndex(),
        place.line(),
        place.allocates().text(),
        now,
        breaker(),
        kind.equals("refused") ? null : remedy,
        kind,
        why,
        path,
        bytesPerSecond,
        counts.allocations(),
        counts.hits(),
        counts.misses(),
        counts.bytesSaved(),
        counts.bytes(),
        growsFrom,
        growsTo,
        sampled,
        samples.madeFor());
  }
}
