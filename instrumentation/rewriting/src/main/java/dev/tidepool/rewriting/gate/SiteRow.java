package dev.tidepool.rewriting.gate;

import dev.tidepool.pools.MeterCounts;
import dev.tidepool.pools.PrimitivePools;
import java.lang.reflect.Array;
import java.util.function.Predicate;

/** What the runtime knows of one site; most of its methods are hot paths. */
final class SiteRow {
  // What the hot paths look at: mode, breaker and verification in one number. From POOL on arrays
  // come from the pool; an enum would cost each switch an array load.
  private static final int OFF = 0;
  private static final int COUNT = 1;
  private static final int SHADOW = 2;
  private static final int POISON = 3;
  private static final int POOL = 4;
  private static final int POOL_SAMPLED = 5;

  /** One release in this many is watched where a sample is; a power of two. */
  private static final int SAMPLE = 1024;

  private final GateRuntime runtime;
  private final PrimitivePools pools;
  private final int id;
  private final int type;
  private final int shift;
  private final int minLength;
  private final boolean zeroed;
  private final boolean secret;
  private final int meter;
  private final Cells cells = new Cells();
  private final Trial trial;
  private final Quarantine quarantine;
  private final SiteBreaker breaker = new SiteBreaker();
  private volatile int gear = COUNT;
  private volatile SiteMode mode = SiteMode.COUNT;
  private volatile GuardQuestion[] guards = {};
  private volatile OwnedFields.Reader fields;
  private volatile Growth growth;

  SiteRow(GateRuntime runtime, PrimitivePools pools, int id, SiteSpec spec) {
    this.runtime = runtime;
    this.pools = pools;
    this.id = id;
    this.type = spec.newarrayType();
    this.shift = Primitive.shift(type);
    this.minLength =
        (int) Math.min(Integer.MAX_VALUE, (spec.minBytes() + (1L << shift) - 1) >> shift);
    this.zeroed = !spec.zeroExcused();
    this.secret = spec.secret();
    this.meter = pools.openMeter();
    this.trial = new Trial(type);
    this.quarantine = new Quarantine(type, runtime.quarantinedBytes());
  }

  SiteMode mode() {
    return mode;
  }

  /** Changes the mode; an invalid site stays invalid, since frames under way may rest on it. */
  synchronized void mode(SiteMode next) {
    if (mode != SiteMode.INVALID) {
      mode = next;
      shift();
    }
  }

  /** Recomputes the gear after a change of mode, breaker or verification. */
  synchronized void shift() {
    gear =
        switch (mode) {
          case COUNT -> COUNT;
          case SHADOW -> SHADOW;
          case OFF, INVALID -> OFF;
          case POOL ->
              !breaker.lets()
                  ? OFF
                  : switch (runtime.verification()) {
                    case OFF -> POOL;
                    case SAMPLE -> POOL_SAMPLED;
                    case POISON -> POISON;
                  };
        };
  }

  /** An array from the pool, or null where the gate shall make a new one itself. */
  Object acquire(int length) {
    int now = gear;
    if (now >= POOL && length >= minLength) {
      // the pools count a hit, so the usual case counts nothing here
      Object array = pools.take(type, length, meter, zeroed);
      return array != null ? array : missed(length);
    }
    cells.allocated((long) length << shift);
    return now == POISON && length >= minLength ? settled(length) : null;
  }

  private Object missed(int length) {
    cells.allocated((long) length << shift);
    return pools.create(type, length);
  }

  private Object settled(int length) {
    Object array = quarantine.takeSettled(length);
    if (array == null) {
      return null;
    }
    int written = quarantine.check(array);
    if (written >= 0) {
      condemn(written);
      return null;
    }
    // all elements, proof or not: this mode is for finding proofs that are wrong
    Primitive.clear(type, array);
    cells.reused((long) length << shift);
    return array;
  }

  void release(Object array) {
    int now = gear;
    if (now >= POOL && (now == POOL || !cells.sampled(SAMPLE))) {
      give(array);
    } else if (now >= SHADOW) {
      releaseWatched(array, now);
    }
  }

  void owns(OwnedFields owned) {
    fields = owned == null ? null : owned.of(this);
  }

  /** What reads the fields of the site's owners, or null where nothing is to be given back. */
  OwnedFields.Reader fields() {
    return gear >= SHADOW ? fields : null;
  }

  void grows(SizeReader reader) {
    growth = new Growth(reader, cells);
  }

  Growth growth() {
    return growth;
  }

  /** Where a growing object starts, or 0 where it is to start as the code says. */
  int capacity() {
    Growth known = growth;
    return gear >= POISON && known != null ? known.start() : 0;
  }

  void made(Object object) {
    Growth known = growth;
    if (gear != OFF && known != null) {
      known.made(object, gear >= POISON);
    }
  }

  private void releaseWatched(Object array, int now) {
    int length = Array.getLength(array);
    if (length < minLength) {
      return;
    }
    if (now == SHADOW) {
      trial.watch(array);
    } else if (runtime.mayQuarantine((long) length << shift)) {
      watch(array);
    } else if (now == POISON) {
      Primitive.poison(type, array);
    } else {
      give(array);
    }
  }

  private void give(Object array) {
    if (Array.getLength(array) < minLength) {
      return;
    }
    if (secret) {
      Primitive.clear(type, array);
    }
    // an invalidation since the gear was read does no harm: the frame is at its exit, so the class
    // that breaks the proof, not yet defined when the gear was read, never saw this array
    pools.release(array, type, meter);
  }

  private void watch(Object array) {
    int written = quarantine.put(array);
    if (written >= 0) {
      condemn(written);
    }
  }

  private void condemn(int index) {
    mode(SiteMode.INVALID);
    runtime.report(
        new GateEvent(
            id,
            GateEvent.Kind.WRITTEN_AFTER_RELEASE,
            "a released array was written at index " + index + ": the site is off for good"));
  }

  void count(int length) {
    if (gear != OFF) {
      cells.allocated((long) length << shift);
    }
  }

  /** Once a second, from a thread of the agent's. */
  void tick(long now) {
    int written = quarantine.drain();
    if (written >= 0) {
      condemn(written);
    }
    if (breaker.tick(now)) {
      shift();
      runtime.report(
          new GateEvent(
              id, GateEvent.Kind.BREAKER_CLOSED, "the site has recovered: pooling again"));
    }
  }

  void failed() {
    cells.add(Cells.DROPPED, 1);
    if (breaker.failed(System.nanoTime())) {
      shift();
      runtime.report(
          new GateEvent(
              id, GateEvent.Kind.BREAKER_OPEN, "the runtime failed too often here: site off"));
    }
  }

  SiteCounts counts() {
    MeterCounts pooled = pools.counts(meter);
    return new SiteCounts(
        cells.sum(Cells.ALLOCATIONS) + pooled.hits(),
        cells.sum(Cells.BYTES) + pooled.reusedBytes(),
        pooled.hits() + cells.sum(Cells.REUSED),
        pooled.misses(),
        pooled.dropped() + cells.sum(Cells.DROPPED),
        pooled.reusedBytes() + cells.sum(Cells.REUSED_BYTES));
  }

  void close() {
    mode(SiteMode.INVALID);
    pools.closeMeter(meter);
  }

  TrialEvidence judgeTrial() {
    return trial.judge();
  }

  /** The question of one guarded call; made at the first call, then found by a short search. */
  Predicate<Object> guard(int guard) {
    GuardQuestion[] known = guards;
    for (GuardQuestion question : known) {
      if (question.guard == guard) {
        return question;
      }
    }
    return addGuard(guard);
  }

  private synchronized Predicate<Object> addGuard(int guard) {
    GuardQuestion[] known = guards;
    GuardQuestion[] more = new GuardQuestion[known.length + 1];
    System.arraycopy(known, 0, more, 0, known.length);
    more[known.length] = new GuardQuestion(guard);
    guards = more;
    return more[known.length];
  }

  private final class GuardQuestion implements Predicate<Object> {
    private final int guard;

    GuardQuestion(int guard) {
      this.guard = guard;
    }

    @Override
    public boolean test(Object receiver) {
      if (runtime.receivers().allows(receiver, guard)) {
        return true;
      }
      cells.add(Cells.DROPPED, 1);
      return false;
    }
  }
}
