package dev.tidepool.agent;

/** The moment the application's own code begins to run. */
final class MainMethod {
  private static final long POLL_MILLIS = 5;

  /** Longest wait: a launcher of another kind may never show a main method on this thread. */
  private static final long LONGEST_NANOS = 10_000_000_000L;

  private MainMethod() {}

  /** Waits until the thread runs its main method, or has ended. */
  static void await(Thread main) {
    long until = System.nanoTime() + LONGEST_NANOS;
    while (!hasBegun(main) && System.nanoTime() < until) {
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException asked) {
        return;
      }
    }
  }

  private static boolean hasBegun(Thread main) {
    if (!main.isAlive()) {
      return true;
    }
    StackTraceElement[] stack = main.getStackTrace();
    if (stack.length == 0) {
      return false;
    }
    String outermost = stack[stack.length - 1].getClassName();
    return !outermost.startsWith("sun.instrument.")
        && !outermost.startsWith("sun.launcher.")
        && !outermost.startsWith("java.lang.");
  }
}
