package dev.tidepool.apps.process;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;

/**
 * Two hooks around another agent's, that tell how long that one takes of each class: an agent to be
 * named twice on the command line, with {@code before} in front of the other and {@code behind}
 * after it.
 *
 * <p>The virtual machine asks the agents in the order in which they came, those that cannot change
 * loaded classes first. What it takes to hand the class from one to the next lies between the hooks
 * too; of an agent that does nothing it is all there is.
 */
public final class HookTimer implements ClassFileTransformer {
  private static Instrumentation behind;
  private static Thread timed;
  private static long beganNanos;
  private static long nanos;
  private static long classes;

  private final boolean first;

  private HookTimer(boolean first) {
    this.first = first;
  }

  public static void premain(String place, Instrumentation instrumentation) {
    if (place.equals("before")) {
      instrumentation.addTransformer(new HookTimer(true), false);
    } else {
      behind = instrumentation;
    }
  }

  /** Times what this thread loads from now on; the agent between has added its hook by now. */
  static void arm() {
    timed = Thread.currentThread();
    behind.addTransformer(new HookTimer(false), true);
  }

  /** Mean microseconds a class since it was last asked; 0 where nothing was timed. */
  static double takeMicros() {
    double micros = classes == 0 ? 0 : nanos / 1e3 / classes;
    nanos = 0;
    classes = 0;
    return micros;
  }

  @Override
  public byte[] transform(
      ClassLoader loader, String name, Class<?> type, ProtectionDomain domain, byte[] file) {
    if (Thread.currentThread() == timed) {
      if (first) {
        beganNanos = System.nanoTime();
      } else {
        nanos += System.nanoTime() - beganNanos;
        classes++;
      }
    }
    return null;
  }
}
