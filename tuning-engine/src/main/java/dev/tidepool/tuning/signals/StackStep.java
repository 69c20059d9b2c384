package dev.tidepool.tuning.signals;

/**
 * One frame of a sampled stack, innermost first.
 *
 * @param className with dots
 * @param bytecodeIndex -1 where not known
 * @param line -1 where not known
 */
record StackStep(String className, String method, String descriptor, int bytecodeIndex, int line) {

  StackTraceElement element() {
    return new StackTraceElement(className, method, null, line);
  }

  /** The method as a whole. */
  StackStep anywhere() {
    return new StackStep(className, method, descriptor, -1, -1);
  }
}
