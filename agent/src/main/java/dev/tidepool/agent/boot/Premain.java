package dev.tidepool.agent.boot;

import java.io.File;
import java.lang.instrument.Instrumentation;

/** Where the virtual machine enters the agent: at start or on attach. */
public final class Premain {
  private static Launch current;

  private Premain() {}

  /** Called before {@code main}; returns at once, never throws. */
  public static void premain(String options, Instrumentation instrumentation) {
    start(options, instrumentation, false);
  }

  /** Called on attach; returns at once, never throws. */
  public static void agentmain(String options, Instrumentation instrumentation) {
    start(options, instrumentation, true);
  }

  private static void start(String options, Instrumentation instrumentation, boolean attached) {
    try {
      File jar = jarOfThisClass();
      if (!attached && SkipList.skips(jar)) {
        return;
      }
      synchronized (Premain.class) {
        if (current != null && current.isAlive()) {
          current.again(options);
          return;
        }
        current = new Launch(jar, options, instrumentation, attached);
        current.start();
      }
    } catch (Throwable fault) {
      complain(fault);
    }
  }

  static File jarOfThisClass() throws Exception {
    return new File(Premain.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  /** Forgets the agent that has gone, so that its classes can be collected. */
  static void gone(Launch launch) {
    synchronized (Premain.class) {
      if (current == launch) {
        current = null;
      }
    }
  }

  static void complain(Throwable fault) {
    System.err.println(
        "tidepool: the agent could not start, the application goes on without it: "
            .concat(fault.toString()));
  }
}
