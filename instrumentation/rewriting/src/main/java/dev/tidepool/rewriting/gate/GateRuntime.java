package dev.tidepool.rewriting.gate;

import dev.tidepool.pools.PrimitivePools;
import dev.tidepool.rewriting.site.Breaker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.function.LongBinaryOperator;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import java.util.function.LongToIntFunction;
import java.util.function.LongUnaryOperator;
import java.util.function.ObjIntConsumer;
import java.util.function.Predicate;

/**
 * What stands behind the gate: one row per site, found by its id.
 *
 * <p>An id is never used twice. A frame that runs rewritten code of an old plan still names the old
 * row, and a row that was invalidated stays so: its releases drop for ever.
 *
 * <p>Nothing called from the gate waits (but for the lock around the few arrays being watched),
 * logs, or calls a class that may be rewritten ({@link Exclusions}); what happened is asked for
 * with {@link #drainEvents}.
 */
public final class GateRuntime {
  private static final int MAX_EVENTS = 256;

  /** Samples are not worth more memory than nobody notices; tests may take more. */
  private static final long MAX_SAMPLED_BYTES = 1 << 20;

  /** Each array that is watched is a new one more for the collector to carry about. */
  private static final long SAMPLED_BYTES_A_SECOND = 128 << 10;

  private static final long MAX_POISONED_BYTES = 64 << 20;

  private final PrimitivePools pools;
  private final ReceiverCheck receivers;
  private final ConcurrentLinkedQueue<GateEvent> events = new ConcurrentLinkedQueue<>();
  private final AtomicInteger queued = new AtomicInteger();
  private volatile Verification verification;
  private final AtomicLong quarantinedBytes = new AtomicLong();
  private final AtomicLong samplableBytes = new AtomicLong(MAX_SAMPLED_BYTES);
  private final SiteRow closed;
  private volatile SiteRow[] rows = {};

  /** Ids below were given out by an agent that was here before; frames may still name them. */
  private int firstId;

  private Class<?> gate;

  public GateRuntime(PrimitivePools pools, ReceiverCheck receivers, Verification verification) {
    this.pools = pools;
    this.receivers = receivers;
    this.verification = verification;
    this.closed = new SiteRow(this, pools, -1, new SiteSpec(8, 0, false, false));
    closed.mode(SiteMode.INVALID);
  }

  /** Opens a row in mode {@link SiteMode#COUNT}; its id is what rewritten code hands the gate. */
  public synchronized int open(SiteSpec spec) {
    SiteRow[] known = rows;
    SiteRow[] more = Arrays.copyOf(known, known.length + 1);
    int id = firstId + known.length;
    more[known.length] = new SiteRow(this, pools, id, spec);
    rows = more;
    if (gate != null) {
      set(gate, "nextSite", id + 1);
    }
    return id;
  }

  /**
   * Lets go of what is known of a site, whose code no longer is; calls of frames under way still
   * find that it is invalid. Ask for its counts before.
   */
  public void close(int site) {
    SiteRow row;
    synchronized (this) {
      row = row(site);
      if (row != closed) {
        SiteRow[] fewer = rows.clone();
        fewer[site - firstId] = closed;
        rows = fewer;
      }
    }
    if (row != closed) {
      row.close();
    }
  }

  private SiteRow row(int site) {
    SiteRow[] known = rows;
    int at = site - firstId;
    return at >= 0 && at < known.length ? known[at] : closed;
  }

  /** Says where the owners that the site makes have their arrays; before any code names the row. */
  public void owns(int site, OwnedFields fields) {
    row(site).owns(fields);
  }

  /** Says that the site's owners are builders of text, which get their arrays from the pool too. */
  public void furnishes(int site, BuilderText text) {
    row(site).furnishes(text);
  }

  /** Says how to end the memory of the direct buffers that the site makes; null: not at all. */
  public void ends(int site, BufferMemory memory) {
    row(site).ends(memory);
  }

  /**
   * Says of which class the objects are in which the site replaces arrays; before any code names
   * the row.
   */
  public void replaces(int site, Class<?> owner) {
    row(site).replaces(owner);
  }

  /**
   * Says which field of its objects has the buffer that the site gives back once they are closed;
   * before any code names the row.
   *
   * @throws ReflectiveOperationException if that cannot be read and written
   */
  public void closes(int site, Class<?> owner, String field) throws ReflectiveOperationException {
    row(site).closes(owner, field);
  }

  /** What owners had before they were closed is given back where it is replaced, for good. */
  public void releasesCurrentOnly(int site) {
    row(site).releasesCurrentOnly();
  }

  /** The arrays that a site makes are those another replaces, once that one pools. */
  public void makesFor(int site, int replacing) {
    row(site).makesFor(row(replacing).replaced());
  }

  /** Says that what the site makes goes back with its owners, not from a field of a class. */
  public void makesForOwners(int site) {
    row(site).makesFor(null);
  }

  /** Says how the objects grow that the site makes; before any code names the row. */
  public void grows(int site, SizeReader reader) {
    row(site).grows(reader);
  }

  /** What the site's growing objects are seen by, or null where it makes none. */
  public Growth growth(int site) {
    return row(site).growth();
  }

  /** Says what native memory the site makes; before any code names the row. */
  public void recycles(int site, NativeMemory memory) {
    row(site).recycles(memory);
  }

  /** Frees all native memory that is kept, and keeps none from now on. */
  public void freeNatives() {
    for (SiteRow row : rows) {
      row.freeNatives();
    }
  }

  /** Changes what a site's code does, from the next call on; nothing leaves {@code INVALID}. */
  public void mode(int site, SiteMode mode) {
    row(site).mode(mode);
  }

  public SiteMode mode(int site) {
    return row(site).mode();
  }

  /** A fresh look at what pooling costs here. */
  public Calibration calibration() {
    return new Calibration(this);
  }

  /** Where the breaker stands that opens when the runtime fails. */
  public Breaker breaker(int site) {
    return row(site).breaker();
  }

  public SiteCounts counts(int site) {
    return row(site).counts();
  }

  /** Looks at what the collector did to the arrays of a shadow trial; about once a second. */
  public TrialEvidence judgeTrial(int site) {
    return row(site).judgeTrial();
  }

  public Verification verification() {
    return verification;
  }

  public void verification(Verification next) {
    verification = next;
    for (SiteRow row : rows) {
      row.shift();
    }
  }

  /**
   * Lets breakers recover and looks at the arrays that are watched; call it about once a second
   * from a thread of the agent's.
   */
  public void tick() {
    samplableBytes.updateAndGet(now -> Math.min(MAX_SAMPLED_BYTES, now + SAMPLED_BYTES_A_SECOND));
    long now = System.nanoTime();
    for (SiteRow row : rows) {
      row.tick(now);
    }
  }

  /** What happened since the last call, oldest first; what nobody asked for in time is lost. */
  public List<GateEvent> drainEvents() {
    List<GateEvent> drained = new ArrayList<>();
    for (GateEvent event = events.poll(); event != null; event = events.poll()) {
      queued.decrementAndGet();
      drained.add(event);
    }
    return drained;
  }

  void report(GateEvent event) {
    if (queued.incrementAndGet() <= MAX_EVENTS) {
      events.add(event);
    } else {
      queued.decrementAndGet();
    }
  }

  AtomicLong quarantinedBytes() {
    return quarantinedBytes;
  }

  /** Whether arrays that are watched may take this much more; it counts as taken. */
  boolean mayQuarantine(long bytes) {
    if (verification == Verification.POISON) {
      return quarantinedBytes.get() + bytes <= MAX_POISONED_BYTES;
    }
    boolean may = samplableBytes.get() > 0 && quarantinedBytes.get() + bytes <= MAX_SAMPLED_BYTES;
    if (may) {
      samplableBytes.getAndAdd(-bytes); // maybe more than there is: large ones get their turn too
    }
    return may;
  }

  ReceiverCheck receivers() {
    return receivers;
  }

  /**
   * Puts this runtime behind the gate, before the first site is opened.
   *
   * @param gate {@link GateInstall.Installed#type()}
   * @param classDefining told of classes that no transformer sees
   */
  public void connect(Class<?> gate, BiConsumer<Class<?>, byte[]> classDefining) {
    warmUp();
    synchronized (this) {
      firstId = nextSite(gate);
      this.gate = gate;
    }
    set(gate, "failed", new FailureCall());
    set(gate, "classDefining", classDefining);
    set(gate, "guard", new GuardCall());
    set(gate, "release", new ReleaseCall());
    set(gate, "releaseOwned", new OwnedReleaseCall());
    set(gate, "owned", new OwnedCall());
    set(gate, "lend", new LendCall());
    set(gate, "back", new BackCall());
    set(gate, "made", new MadeCall());
    set(gate, "capacity", new CapacityCall());
    set(gate, "furnish", new FurnishCall());
    set(gate, "takeNative", new NativeTakeCall());
    set(gate, "keepNative", new NativeKeepCall());
    set(gate, "nativeKind", new NativeKindCall());
    set(gate, "count", new CountCall());
    set(gate, "acquire", new AcquireCall());
  }

  /** Leaves the gate without anything behind it: code that is still rewritten does plain new. */
  public static void disconnect(Class<?> gate) {
    for (String field :
        List.of(
            "acquire",
            "count",
            "release",
            "releaseOwned",
            "owned",
            "lend",
            "back",
            "furnish",
            "takeNative",
            "keepNative",
            "nativeKind",
            "capacity",
            "made",
            "guard",
            "classDefining",
            "failed")) {
      set(gate, field, null);
    }
  }

  private static int nextSite(Class<?> gate) {
    try {
      return gate.getField("nextSite").getInt(null);
    } catch (ReflectiveOperationException strange) {
      throw new IllegalStateException("the gate has no field nextSite", strange);
    }
  }

  private static void set(Class<?> gate, String field, Object delegate) {
    try {
      gate.getField(field).set(null, delegate);
    } catch (ReflectiveOperationException strange) {
      throw new IllegalStateException("the gate has no field " + field, strange);
    }
  }

  /** Loads what the first call would, which may come at a moment when classes cannot be loaded. */
  private void warmUp() {
    SiteRow row = new SiteRow(this, pools, -1, new SiteSpec(8, 64, false, true));
    row.replaces(Object.class);
    for (SiteMode mode : List.of(SiteMode.SHADOW, SiteMode.POOL, SiteMode.INVALID)) {
      row.mode(mode);
      Object array = row.acquire(64);
      row.release(array == null ? new byte[64] : array);
      row.count(64);
      row.guard(0);
      Object replaced = new byte[64];
      row.replaced().born(replaced);
      row.replaced().lend(replaced);
      row.replaced().back(replaced);
      row.replaced().accept(new Object(), replaced);
    }
    row.judgeTrial();
    row.counts();
    row.close();
  }

  private final class AcquireCall implements LongFunction<Object> {
    @Override
    public Object apply(long siteAndLength) {
      return row((int) (siteAndLength >>> 32)).acquire((int) siteAndLength);
    }
  }

  private final class ReleaseCall implements ObjIntConsumer<Object> {
    @Override
    public void accept(Object array, int site) {
      row(site).release(array);
    }
  }

  private final class OwnedReleaseCall implements IntFunction<BiConsumer<Object, Object>> {
    @Override
    public BiConsumer<Object, Object> apply(int site) {
      return row(site).givesBack();
    }
  }

  private final class LendCall implements ObjIntConsumer<Object> {
    @Override
    public void accept(Object array, int site) {
      FieldArrays field = row(site).replaced();
      if (field != null) {
        field.lend(array);
      }
    }
  }

  private final class BackCall implements ObjIntConsumer<Object> {
    @Override
    public void accept(Object array, int site) {
      FieldArrays field = row(site).replaced();
      if (field != null) {
        field.back(array);
      }
    }
  }

  private final class OwnedCall implements IntFunction<BinaryOperator<Object>> {
    @Override
    public BinaryOperator<Object> apply(int site) {
      return row(site).fields();
    }
  }

  private final class CapacityCall implements LongToIntFunction {
    @Override
    public int applyAsInt(long siteAndCapacity) {
      return row((int) (siteAndCapacity >>> 32)).capacity();
    }
  }

  private final class MadeCall implements ObjIntConsumer<Object> {
    @Override
    public void accept(Object object, int site) {
      row(site).made(object);
    }
  }

  private final class FurnishCall implements IntFunction<ObjIntConsumer<Object>> {
    @Override
    public ObjIntConsumer<Object> apply(int site) {
      return row(site).furnishes();
    }
  }

  private final class NativeTakeCall implements IntFunction<LongUnaryOperator> {
    @Override
    public LongUnaryOperator apply(int site) {
      NativeCache cache = row(site).natives();
      return cache == null ? null : cache.takes;
    }
  }

  private final class NativeKeepCall implements IntFunction<LongBinaryOperator> {
    @Override
    public LongBinaryOperator apply(int site) {
      NativeCache cache = row(site).natives();
      return cache == null ? null : cache.keeps;
    }
  }

  private final class NativeKindCall implements IntFunction<LongBinaryOperator> {
    @Override
    public LongBinaryOperator apply(int site) {
      NativeCache cache = row(site).natives();
      return cache == null ? null : cache.kinds;
    }
  }

  private final class CountCall implements LongConsumer {
    @Override
    public void accept(long siteAndLength) {
      row((int) (siteAndLength >>> 32)).count((int) siteAndLength);
    }
  }

  private final class GuardCall implements LongFunction<Predicate<Object>> {
    @Override
    public Predicate<Object> apply(long siteAndGuard) {
      return row((int) (siteAndGuard >>> 32)).guard((int) siteAndGuard);
    }
  }

  private final class FailureCall implements IntConsumer {
    @Override
    public void accept(int site) {
      row(site).failed();
    }
  }
}
