package dev.tidepool.rewriting.remedy;

import dev.tidepool.rewriting.gate.Gate;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * The strictest pool there can be behind the gate: one array per length and type at most, reused at
 * once, filled with garbage while it lies there, and every release checked against what is lent.
 */
final class LedgerPool implements AutoCloseable {
  private final int[] types;
  private final List<Object> free = new ArrayList<>();
  private final Set<Object> lent = Collections.newSetFromMap(new IdentityHashMap<>());
  final List<String> faults = new ArrayList<>();
  int acquired;
  int released;
  int reused;

  private LedgerPool(int[] types) {
    this.types = types;
  }

  /**
   * Puts a ledger behind the gate until it is closed.
   *
   * @param types newarray operand of each site id
   */
  static LedgerPool behindGate(int... types) {
    LedgerPool pool = new LedgerPool(types);
    Gate.acquire = packed -> pool.acquire((int) (packed >>> 32), (int) packed);
    Gate.release = pool::release;
    Gate.failed = site -> pool.faults.add("the delegate threw at site " + site);
    return pool;
  }

  private Object acquire(int site, int length) {
    acquired++;
    Object array = null;
    for (Object candidate : free) {
      if (candidate.getClass() == fresh(types[site], 0).getClass()
          && Array.getLength(candidate) == length) {
        array = candidate;
      }
    }
    if (array == null) {
      array = fresh(types[site], length);
    } else {
      Object found = array;
      free.removeIf(candidate -> candidate == found);
      System.arraycopy(fresh(types[site], length), 0, array, 0, length);
      reused++;
    }
    lent.add(array);
    return array;
  }

  private void release(Object array, int site) {
    released++;
    if (!lent.remove(array)) {
      faults.add("site " + site + " released what it did not have");
      return;
    }
    garbage(array);
    free.add(array);
  }

  boolean lends(Object array) {
    return lent.contains(array);
  }

  /** Arrays lent and not given back: dropped. */
  int dropped() {
    return lent.size();
  }

  private static Object fresh(int type, int length) {
    Class<?>[] elements = {
      boolean.class,
      char.class,
      float.class,
      double.class,
      byte.class,
      short.class,
      int.class,
      long.class
    };
    return Array.newInstance(elements[type - 4], length);
  }

  private static void garbage(Object array) {
    if (array instanceof boolean[] a) {
      Arrays.fill(a, true);
    }
    for (int i = 0; !(array instanceof boolean[]) && i < Array.getLength(array); i++) {
      if (array instanceof char[] a) {
        a[i] = 'G';
      } else {
        Array.setByte(array, i, (byte) 99);
      }
    }
  }

  @Override
  public void close() {
    Gate.acquire = null;
    Gate.release = null;
    Gate.failed = null;
    Gate.guard = null;
    Gate.count = null;
  }
}
