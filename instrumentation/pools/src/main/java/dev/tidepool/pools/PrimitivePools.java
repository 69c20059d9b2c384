package dev.tidepool.pools;

import java.lang.reflect.Array;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Exact-length pools of the eight primitive array types under one byte budget.
 *
 * <p>Types are named by the operand of the {@code newarray} instruction (JVMS 6.5): 4 boolean, 5
 * char, 6 float, 7 double, 8 byte, 9 short, 10 int, 11 long. Every method may be called from any
 * thread, never blocks, and never throws except {@link #acquire} for what {@code new} itself
 * throws.
 */
public final class PrimitivePools {
  private static final int SLOTS = 256;
  private static final int PROBES = 4;

  private final AtomicReferenceArray<Object> slots = new AtomicReferenceArray<>(SLOTS);
  private final AtomicLong heldBytes = new AtomicLong();
  private volatile long budgetBytes;

  public PrimitivePools(long budgetBytes) {
    this.budgetBytes = budgetBytes;
  }

  /**
   * An array of exactly {@code length} elements, from the pool or new.
   *
   * @param type the {@code newarray} operand
   * @param meter row of per-site counters from {@link #openMeter()}, 0 for none
   * @param zeroed whether every element must read as zero; otherwise the content is arbitrary
   * @throws NegativeArraySizeException as {@code new} would
   */
  public Object acquire(int type, int length, int meter, boolean zeroed) {
    int home = home(type, length);
    for (int i = 0; i < PROBES; i++) {
      int slot = (home + i) & (SLOTS - 1);
      Object array = slots.get(slot);
      if (array != null
          && array.getClass() == arrayClass(type)
          && Array.getLength(array) == length
          && slots.compareAndSet(slot, array, null)) {
        heldBytes.addAndGet(-bytes(type, length));
        return zeroed ? Array.newInstance(elementType(type), length) : array;
      }
    }
    return Array.newInstance(elementType(type), length);
  }

  /**
   * Gives an array back. The caller must be its only holder.
   *
   * @return whether the pool kept it; false means it was left to the collector
   */
  public boolean release(Object array, int type, int meter) {
    int length = Array.getLength(array);
    long bytes = bytes(type, length);
    if (heldBytes.addAndGet(bytes) <= budgetBytes) {
      int home = home(type, length);
      for (int i = 0; i < PROBES; i++) {
        if (slots.compareAndSet((home + i) & (SLOTS - 1), null, array)) {
          return true;
        }
      }
    }
    heldBytes.addAndGet(-bytes);
    return false;
  }

  /** A fresh row of counters, at least 1. */
  public int openMeter() {
    return 1;
  }

  public void setBudget(long bytes) {
    budgetBytes = bytes;
  }

  private static int home(int type, int length) {
    return (length * 0x9E3779B1 + type * 0x85EBCA6B) >>> 24;
  }

  private static long bytes(int type, int length) {
    return 16 + ((long) length << elementShift(type));
  }

  private static int elementShift(int type) {
    return switch (type) {
      case 4, 8 -> 0;
      case 5, 9 -> 1;
      case 6, 10 -> 2;
      default -> 3;
    };
  }

  private static Class<?> elementType(int type) {
    return switch (type) {
      case 4 -> boolean.class;
      case 5 -> char.class;
      case 6 -> float.class;
      case 7 -> double.class;
      case 8 -> byte.class;
      case 9 -> short.class;
      case 10 -> int.class;
      case 11 -> long.class;
      default -> throw new IllegalArgumentException("newarray operand " + type);
    };
  }

  private static Class<?> arrayClass(int type) {
    return elementType(type).arrayType();
  }
}
