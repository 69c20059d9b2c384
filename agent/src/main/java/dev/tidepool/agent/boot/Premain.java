package dev.tidepool.agent.boot;

import java.io.File;
import java.lang.instrument.Instrumentation;

/** Where the virtual machine enters the agent: at start or on attach. */
public final class Premain {
  private static final String ATTACHED_JAR = "attach.jar=";

  private static Launch current;

  private Premain() {}

  /** Called before {@code main}; returns at once, never throws. */
  public static void premain(String options, Instrumentation instrumentation) {
    start(options, instrumentation, Thread.currentThread());
  }

  /** Called on attach; returns at once, never throws. */
  public static void agentmain(String options, Instrumentation instrumentation) {
    start(options, instrumentation, null);
  }

  private static void start(
      String options, Instrumentation instrumentation, Thread applicationMain) {
    try {
      File jar = jarOf(options);
      if (applicationMain != null && SkipList.skips(jar)) {
        return;
      }
      synchronized (Premain.class) {
        if (current != null && current.isAlive()) {
          current.again(options);
          return;
        }
        current = new Launch(jar, options, instrumentation, applicationMain);
        current.firstMoments();
        current.start();
      }
    } catch (Throwable fault) {
      complain(fault);
    }
  }

  /**
   * The jar to run: this one, or the one an attach brings along. After an older version was
   * detached its boot classes stay loaded, and the newer jar's are never seen.
   */
  private static File jarOf(String options) throws Exception {
    if (options != null && options.startsWith(ATTACHED_JAR)) {
      int comma = options.indexOf(',');
      return new File(
          options.substring(ATTACHED_JAR.length(), comma < 0 ? options.length() : comma));
    }
    return jarOfThisClass();
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
