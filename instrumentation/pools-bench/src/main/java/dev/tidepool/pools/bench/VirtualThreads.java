package dev.tidepool.pools.bench;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/** Virtual threads, on a JDK that has them, from code compiled for one that has not. */
final class VirtualThreads {
  private final Object builder;
  private final Method unstarted;

  private VirtualThreads(Object builder, Method unstarted) {
    this.builder = builder;
    this.unstarted = unstarted;
  }

  /** Null where the JDK has none. */
  static VirtualThreads ofThisJdk() {
    try {
      return new VirtualThreads(
          Thread.class.getMethod("ofVirtual").invoke(null),
          Class.forName("java.lang.Thread$Builder").getMethod("unstarted", Runnable.class));
    } catch (NoSuchMethodException | ClassNotFoundException e) {
      return null;
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(e);
    }
  }

  Thread unstarted(Runnable task) {
    try {
      return (Thread) unstarted.invoke(builder, task);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(e);
    }
  }
}
