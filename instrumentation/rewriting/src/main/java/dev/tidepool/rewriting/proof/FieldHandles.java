package dev.tidepool.rewriting.proof;

import java.lang.invoke.MethodHandle;

/**
 * The getters needed to look along a class's fields, hung on the class itself: a handle keeps its
 * class alive, so nothing outside the class may keep the handle.
 */
final class FieldHandles {
  /** JDK types only, so that a class that outlives the agent does not keep the agent's loader. */
  private final ClassValue<Object[]> paths =
      new ClassValue<>() {
        @Override
        protected Object[] computeValue(Class<?> type) {
          return new Object[] {new MethodHandle[0][][]};
        }
      };

  /** Adds the paths of one judgement; returns the slot they are found under. */
  synchronized int add(Class<?> type, MethodHandle[][] added) {
    Object[] cell = paths.get(type);
    MethodHandle[][][] old = (MethodHandle[][][]) cell[0];
    MethodHandle[][][] grown = java.util.Arrays.copyOf(old, old.length + 1);
    grown[old.length] = added;
    cell[0] = grown;
    return old.length;
  }

  /** The paths, or null where another thread's view of them is older than the judgement. */
  MethodHandle[][] of(Class<?> type, int slot) {
    MethodHandle[][][] all = (MethodHandle[][][]) paths.get(type)[0];
    return slot >= 0 && slot < all.length ? all[slot] : null;
  }

  void remove(Class<?> type) {
    paths.remove(type);
  }
}
