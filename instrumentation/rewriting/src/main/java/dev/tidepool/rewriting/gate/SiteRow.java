package dev.tidepool.rewriting.gate;

import dev.tidepool.pools.MeterCounts;
import dev.tidepool.pools.Pressure;
import dev.tidepool.pools.PrimitivePools;
import dev.tidepool.rewriting.site.Breaker;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Array;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** What the runtime knows of one site; most of its methods are hot paths. */
final class SiteRow {
  /** Longer than any array (the virtual machine stops short of it). */
  private static final int NONE = Integer.MAX_VALUE;

  private static final Predicate<Object> NOBODY = new Nobody();

  private enum Gear {
    /** Off for good: code that still names the row asks for nothing but to be let go. */
    ENDED,
    OFF,
    COUNT,
    SHADOW,
    POISON,
    POOL;

    /** Whether the remedy is on, and not only looked at. */
    boolean acts() {
      return this == POISON || this == POOL;
    }

    /** Whether the remedy is on, or on trial. */
    boolean looks() {
      return this == SHADOW || acts();
    }
  }

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
  private volatile SiteMode mode = SiteMode.COUNT;
  private volatile GuardQuestion[] guards = {};
  private volatile OwnedFields.Reader fields;
  private volatile BuilderRoom room;
  private volatile Growth growth;
  private volatile NativeCache natives;

  /** Of a site whose owners are direct buffers. */
  private volatile BufferEnds buffers;

  /** Of a site whose arrays a class replaces in a field. */
  private volatile FieldArrays replaced;

  /** Of a site whose objects are closed before they die. */
  private volatile ClosedBuffers closed;

  /** Of a site that makes arrays for such a field; read late does no harm. */
  private FieldArrays madeFor;

  /** What the site does, breaker and verification and all. */
  private volatile Gear gear = Gear.COUNT;

  /** Arrays at least so long come from the pool; {@link #NONE} unless the gear pools. */
  private volatile int takenFrom = NONE;

  /** Arrays at least so long go back to the pool without more ado. */
  private volatile int givenFrom = NONE;

  /** Whether one release in 1024 is watched; only looked at where arrays go back. */
  private boolean sampling;

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

  /** Changes gear after a change of mode, breaker or verification. */
  synchronized void shift() {
    gear =
        switch (mode) {
          case COUNT -> Gear.COUNT;
          case SHADOW -> Gear.SHADOW;
          case INVALID -> Gear.ENDED;
          case POOL ->
              breaker.state() == Breaker.OPEN
                  ? Gear.OFF
                  : runtime.verification() == Verification.POISON ? Gear.POISON : Gear.POOL;
        };
    sampling = runtime.verification() == Verification.SAMPLE;
    takenFrom = gear == Gear.POOL ? minLength : NONE;
    // secrets are cleared first; the last write, so that whoever reads it finds the others done
    givenFrom = gear == Gear.POOL && !secret ? minLength : NONE;
  }

  /** An array from the pool, or null where the gate shall make a new one itself. */
  Object acquire(int length) {
    // What is read here may be old: taking an array does no harm, giving one back might.
    if (length >= takenFrom) {
      // the pools count a hit, so the usual case counts nothing here
      Object array = pools.take(type, length, meter, zeroed);
      return known(array != null ? array : missed(length));
    }
    return acquireNew(length);
  }

  private Object acquireNew(int length) {
    Gear now = gear;
    if (now == Gear.ENDED) {
      return null;
    }
    counted(length);
    if (now != Gear.POISON || length < minLength) {
      return null;
    }
    Object array = settled(length);
    return known(array == null && madeFor != null ? Primitive.create(type, length) : array);
  }

  private Object known(Object array) {
    FieldArrays field = madeFor;
    if (field != null && array != null) {
      field.born(array);
    }
    return array;
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
    if (!check(array)) {
      return null;
    }
    // all elements, proof or not: this mode is for finding proofs that are wrong
    Primitive.clear(type, array);
    cells.reused((long) length << shift);
    return array;
  }

  /**
   * Takes an array back, unless the site was shut before somebody unproven could see the array.
   *
   * <p>Who shuts a site writes {@link #givenFrom} and only then lets the class be defined that
   * breaks the proof. An instance of that class which this frame met, by whatever way, a data race
   * included, was made after that write; so the frame read the reference to it from a write that
   * came later than this one. The fence keeps the read below from being done ahead of that read: it
   * finds the site shut, and the array is dropped. A frame that met no instance may read the old
   * value, and then nobody else saw its array. On x86 the fence costs no instruction.
   */
  void release(Object array) {
    VarHandle.loadLoadFence();
    int length = Array.getLength(array);
    if (length < givenFrom) {
      releaseSlowly(array, length);
    } else {
      give(array, length);
    }
  }

  void owns(OwnedFields owned) {
    fields = owned == null ? null : owned.of(this);
  }

  void furnishes(BuilderText text) {
    room = new BuilderRoom(this, text);
  }

  /** What gives the site's builders their first array, or null where they make it themselves. */
  BuilderRoom furnishes() {
    return gear.looks() ? room : null;
  }

  /** What gives back for the site's owners, or null where nothing is to be given back. */
  BiConsumer<Object, Object> givesBack() {
    VarHandle.loadLoadFence(); // as for an array that is given back
    BuilderRoom ofBuilders = furnishes();
    if (ofBuilders != null) {
      return ofBuilders;
    }
    OwnedFields.Reader ofOwners = fields();
    if (ofOwners != null || !gear.looks()) {
      return ofOwners;
    }
    BiConsumer<Object, Object> ends = buffers == null ? closed : buffers;
    return ends == null ? replaced : ends;
  }

  void ends(BufferMemory memory) {
    buffers = memory == null ? null : new BufferEnds(this, cells, memory);
  }

  /** What reads the fields of the site's owners, or null where nothing is to be given back. */
  OwnedFields.Reader fields() {
    return gear.looks() ? fields : null;
  }

  void releasesCurrentOnly() {
    if (fields != null) {
      fields.currentOnly();
    }
  }

  void replaces(Class<?> owner) {
    replaced = new FieldArrays(this, owner);
  }

  void closes(Class<?> owner, String field) throws ReflectiveOperationException {
    ClosedBuffers closing = ClosedBuffers.of(this, owner, field);
    replaced = closing.arrays();
    madeFor = closing.arrays();
    closed = closing;
  }

  /** What knows the arrays of the field whose arrays the site replaces, or null. */
  FieldArrays replaced() {
    return replaced;
  }

  /** Has the arrays made here known to where they are replaced. */
  void makesFor(FieldArrays field) {
    madeFor = field;
  }

  /** Has the trial watch an array that goes to no pool, even if the trial is over by now. */
  void watch(Object array) {
    int length = array.getClass().isArray() ? Array.getLength(array) : minLength;
    if (length >= minLength) {
      trial.watch(array, length);
    }
  }

  /** Whether nothing made here is given back any more, ever. */
  boolean isEnded() {
    return gear == Gear.ENDED;
  }

  /** Counts a call that an array under way was lent to. */
  void lent() {
    cells.add(Cells.LENT, 1);
  }

  /** Whether the site is on trial: what it gives back is only watched. */
  boolean isTried() {
    return gear == Gear.SHADOW;
  }

  /** Whether what is given back is made useless, to find out who uses it. */
  boolean isPoisoned() {
    return gear == Gear.POISON;
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
    return known != null && starts() ? known.start() : 0;
  }

  /** Where memory is short an array that may turn out too long could be the one too many. */
  private boolean starts() {
    return gear.acts() && pools.pressure().compareTo(Pressure.HIGH) < 0;
  }

  void made(Object object) {
    Growth known = growth;
    if (known != null && gear.compareTo(Gear.OFF) > 0) {
      known.made(object, starts());
    }
  }

  void recycles(NativeMemory memory) {
    natives = new NativeCache(this, cells, memory);
  }

  /** What recycles the site's native memory, or null where the site has none. */
  NativeCache natives() {
    return natives;
  }

  /** Whether native memory is recycled. */
  boolean recycles() {
    return gear.acts();
  }

  void freeNatives() {
    if (natives != null) {
      natives.close();
    }
  }

  private void give(Object array, int length) {
    if (!sampling) {
      pools.release(array, type, meter);
    } else if (!pools.releaseUnlessDue(array, type, meter)) {
      releaseWatched(array, length);
    }
  }

  private void releaseSlowly(Object array, int length) {
    Gear now = gear;
    if (!now.looks() || length < minLength) {
      return;
    }
    switch (now) {
      case SHADOW -> trial.watch(array, length);
      case POISON -> releasePoisoned(array, length);
      case POOL -> {
        if (secret) {
          Primitive.clear(type, array);
        }
        give(array, length);
      }
      case ENDED, OFF, COUNT -> {}
    }
  }

  private void releasePoisoned(Object array, int length) {
    if (!runtime.mayQuarantine((long) length << shift)) {
      Primitive.poison(type, array);
    } else {
      Object rested = quarantine.put(array);
      if (rested != null) {
        check(rested);
      }
    }
  }

  /** Watches the array, and gives back the one watched longest, or a new one, in its place. */
  private void releaseWatched(Object array, int length) {
    if (!runtime.mayQuarantine((long) length << shift)) {
      pools.release(array, type, meter);
      return;
    }
    Object rested = quarantine.put(array);
    if (rested == null) {
      pools.releaseInstead(array, Primitive.create(type, length), type, meter);
    } else if (check(rested)) {
      pools.releaseInstead(array, rested, type, meter);
    }
  }

  /** Whether nobody wrote to an array that was watched. */
  private boolean check(Object left) {
    int written = quarantine.check(left);
    if (written >= 0) {
      condemn(written);
    }
    return written < 0;
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
    if (gear.compareTo(Gear.OFF) > 0) {
      counted(length);
    }
  }

  private void counted(int length) {
    long bytes = (long) length << shift;
    if (length < minLength) {
      cells.allocatedSmall(bytes);
    } else {
      cells.allocated(bytes);
    }
  }

  /** Once a second, from a thread of the agent's. */
  void tick(long now) {
    if (natives != null) {
      natives.tick(now, pools.pressure());
    }
    int written = quarantine.drain();
    if (written >= 0) {
      condemn(written);
    }
    if (breaker.tick(now)) {
      shift();
      runtime.report(
          new GateEvent(
              id, GateEvent.Kind.BREAKER_HALF_OPEN, "pooling again after failures: on trial"));
    }
  }

  Breaker breaker() {
    return breaker.state();
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
        pooled.misses() + cells.sum(Cells.MISSED),
        pooled.dropped() + cells.sum(Cells.DROPPED),
        pooled.reusedBytes() + cells.sum(Cells.REUSED_BYTES),
        cells.sum(Cells.LENT),
        cells.sum(Cells.SMALL_BYTES));
  }

  void close() {
    mode(SiteMode.INVALID);
    quarantine.close();
    freeNatives();
    OwnedFields.Reader ofOwners = fields;
    if (ofOwners != null) {
      ofOwners.close();
    }
    pools.closeMeter(meter);
  }

  TrialEvidence judgeTrial() {
    return trial.judge();
  }

  /** The question of one guarded call; made at the first call, then found by a short search. */
  Predicate<Object> guard(int guard) {
    if (!gear.looks()) {
      return NOBODY; // nothing is given back, whatever the answer would be
    }
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

  private static final class Nobody implements Predicate<Object> {
    @Override
    public boolean test(Object receiver) {
      return false;
    }
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
