package dev.tidepool.agent;

import java.lang.instrument.Instrumentation;

/**
 * When the platform's MBean server may be made.
 *
 * <p>Making it starts java.util.logging, and with it whatever log manager is configured at that
 * moment. An application that sets its own in its first lines must have had the time to (other
 * agents have broken application servers this way).
 */
final class JmxMoment {
  private static final long USUAL_NANOS = 1_000_000_000L;
  private static final long LONGEST_NANOS = 15_000_000_000L;

  private final Instrumentation instrumentation;
  private final boolean attached;
  private final long begun = System.nanoTime();
  private boolean over;

  JmxMoment(Instrumentation instrumentation, boolean attached) {
    this.instrumentation = instrumentation;
    this.attached = attached;
  }

  /** Whether it has come and was not used yet. */
  boolean hasCome() {
    if (over) {
      return false;
    }
    long waited = System.nanoTime() - begun;
    if (attached || waited > LONGEST_NANOS) {
      return true;
    }
    return waited > USUAL_NANOS && (!choosesItsLogging() || loggingHasStarted());
  }

  /** One try is enough: what failed once is not tried every second. */
  void isOver() {
    over = true;
  }

  private static boolean choosesItsLogging() {
    String command = System.getProperty("sun.java.command", "");
    return System.getProperty("java.util.logging.manager") != null
        || command.contains("jboss-modules")
        || command.startsWith("org.jboss.modules.");
  }

  private boolean loggingHasStarted() {
    for (Class<?> loaded : instrumentation.getAllLoadedClasses()) {
      // made with the manager itself, while LogManager's own name is looked up by others too
      if (loaded.getName().equals("java.util.logging.LogManager$RootLogger")) {
        return true;
      }
    }
    return false;
  }
}
