package dev.tidepool.rewriting.gate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;

/**
 * The arrays that one class has got from the pool for a field of its objects, and which of them
 * others have in hand.
 *
 * <p>What the class replaces in the field goes back to the pool only if it is known here and nobody
 * else has it: not what was there before the class was rewritten, since nobody saw what became of
 * it, and not what a call got that has not returned, threw, or may keep it. Whoever lends, takes
 * back or replaces an array holds the lock of the object that has it; so for one array all this
 * happens in turn. Only places are contended for, and who loses one is not given back.
 *
 * <p>Not seen is what a call does that began in the code as it was before and has waited for the
 * object's lock ever since, through trial and all: it hands the array on without a word. That is
 * one reason why only classes of the JDK are taken, where such calls are known and short.
 */
final class FieldArrays implements BiConsumer<Object, Object> {
  private static final int PLACES = 1024;
  private static final int REACH = 4;
  private static final int FREE = 0;
  private static final int SPOILED = 1 << 30;
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Entry.class, "state", int.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  /** How many have the array in hand, or {@link #FREE}. */
  private static final class Entry extends WeakReference<Object> {
    @SuppressWarnings("UnusedVariable") // read through STATE
    private volatile int state;

    Entry(Object array) {
      super(array);
    }
  }

  private final SiteRow row;
  private final WeakReference<Class<?>> type;
  private final AtomicReferenceArray<Entry> places = new AtomicReferenceArray<>(PLACES);

  /**
   * @param type the class of the objects; others, below it, may do with their arrays what they like
   */
  FieldArrays(SiteRow row, Class<?> type) {
    this.row = row;
    this.type = new WeakReference<>(type);
  }

  /**
   * The array comes from the pool, for nobody else. It may take the place of another, which is then
   * known no more.
   *
   * <p>An entry that has this array already is its entry again: it has come back, which only what
   * nobody has in hand does. No entry gets another array: one that has grown old would keep a young
   * array from the collector until the old generation is looked through.
   */
  void born(Object array) {
    int hash = System.identityHashCode(array);
    int free = hash & (PLACES - 1);
    for (int i = REACH - 1; i >= 0; i--) {
      int place = (hash + i) & (PLACES - 1);
      Entry there = places.get(place);
      if (there == null || there.refersTo(null)) {
        free = place;
      } else if (there.refersTo(array)) {
        there.state = FREE; // no entry to make, and none for the collector to find
        return;
      }
    }
    places.set(free, new Entry(array));
  }

  /** Somebody else has the array in hand, for as long as nobody says otherwise. */
  void lend(Object lent) {
    if (row.isEnded()) {
      return; // nothing is given back any more, lent or not
    }
    row.lent();
    Object array = array(lent);
    Entry known = find(array, System.identityHashCode(array));
    if (known != null) {
      STATE.getAndAdd(known, 1);
    }
  }

  void back(Object lent) {
    if (row.isEnded()) {
      return;
    }
    Object array = array(lent);
    Entry known = find(array, System.identityHashCode(array));
    if (known != null && (int) STATE.getAndAdd(known, -1) <= FREE) {
      // what was never lent came back: the count cannot be trusted
      known.state = SPOILED;
    }
  }

  /** The owner has another array in place of this one. */
  @Override
  public void accept(Object owner, Object replaced) {
    if (replaced == null || !type.refersTo(owner.getClass())) {
      return;
    }
    if (row.isTried()) {
      row.watch(replaced);
      return;
    }
    if (end(replaced)) {
      row.release(replaced);
    }
  }

  /**
   * Whether the array is known and nobody else has it in hand. It is known no more from then on: a
   * library may hand back the same array twice.
   */
  boolean end(Object array) {
    Entry known = find(array, System.identityHashCode(array));
    return known != null && STATE.compareAndSet(known, FREE, SPOILED);
  }

  /** What is handed over may be the buffer around an array. */
  @SuppressWarnings("ByteBufferBackingArray") // which part of it does not matter
  private static Object array(Object lent) {
    return lent instanceof ByteBuffer buffer && buffer.hasArray() ? buffer.array() : lent;
  }

  private Entry find(Object array, int hash) {
    for (int i = 0; i < REACH; i++) {
      Entry there = places.get((hash + i) & (PLACES - 1));
      if (there != null && there.refersTo(array)) {
        return there;
      }
    }
    return null;
  }
}
