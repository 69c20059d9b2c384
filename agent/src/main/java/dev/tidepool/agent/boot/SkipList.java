package dev.tidepool.agent.boot;

import java.io.File;

/** The programs an agent named in {@code JAVA_TOOL_OPTIONS} meets and has no business in. */
final class SkipList {
  private SkipList() {}

  /** Whether this process is a tool of the JDK, or this jar's own command line. */
  static boolean skips(File jar) {
    return isTool(System.getProperty("jdk.module.main"), System.getProperty("sun.java.command"))
        || isOwnCommandLine(jar, System.getProperty("java.class.path"));
  }

  /**
   * @param module main module, null where the program was started from the class path
   * @param command main class or jar and its arguments
   */
  static boolean isTool(String module, String command) {
    if (module == null) {
      return command != null && command.startsWith("sun.tools.");
    }
    // `java Program.java` runs the user's program inside the compiler's module
    if (command != null && command.startsWith("jdk.compiler/com.sun.tools.javac.launcher.")) {
      return false;
    }
    return module.equals("java.base")
        || module.equals("java.rmi")
        || module.equals("java.scripting")
        || (module.startsWith("jdk.") && !module.equals("jdk.httpserver"));
  }

  private static boolean isOwnCommandLine(File jar, String classPath) {
    if (classPath == null) {
      return false;
    }
    int end = classPath.indexOf(File.pathSeparatorChar);
    String first = end < 0 ? classPath : classPath.substring(0, end);
    return new File(first).getAbsoluteFile().equals(jar.getAbsoluteFile());
  }
}
