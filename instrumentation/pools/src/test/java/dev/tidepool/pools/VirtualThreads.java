package dev.tidepool.pools;

import java.lang.reflect.Method;

/** Virtual threads from source that is compiled for a JDK without them. */
final class VirtualThreads {
  private static final Method UNSTARTED = unstarted();

  private VirtualThreads() {}

  static boolean exist() {
    return UNSTARTED != null;
  }

  /** A virtual thread, or a platform thread where there are none. */
  static Thread unstarted(Runnable task) {
    if (UNSTARTED == null) {
      return new Thread(task);
    }
    try {
      return (Thread) UNSTARTED.invoke(Thread.class.getMethod("ofVirtual").invoke(null), task);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Method unstarted() {
    try {
      return Class.forName("java.lang.Thread$Builder").getMethod("unstarted", Runnable.class);
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }
}
