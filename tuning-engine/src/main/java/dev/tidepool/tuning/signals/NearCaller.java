package dev.tidepool.tuning.signals;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Finds the method that an allocation is to be laid to.
 *
 * <p>An array made inside {@code Arrays.copyOf} or inside a string is not the doing of the JDK's
 * method but of whoever called it, so those frames are passed by. Where the method found is the
 * JDK's own (the constructor of a stream with a buffer, say), the first method of the application
 * above it is named as well: remedies for owners of buffers start there.
 */
final class NearCaller {
  private static final Set<String> MAKERS =
      Set.of(
          "java.util.Arrays",
          "java.lang.reflect.Array",
          "jdk.internal.misc.Unsafe",
          "jdk.internal.util.ArraysSupport",
          "java.lang.Object",
          "java.lang.String",
          "java.lang.StringBuilder",
          "java.lang.StringBuffer",
          "java.lang.AbstractStringBuilder",
          "java.lang.StringLatin1",
          "java.lang.StringUTF16",
          "java.lang.StringCoding",
          "java.lang.StringConcatHelper");

  /** Third word of the names of our own packages, libraries that were moved there included. */
  private static final Set<String> OUR_PARTS =
      Set.of("agent", "tuning", "rewriting", "pools", "shaded", "relocated", "libs");

  private static final int MOST_CALLERS = 5;

  private NearCaller() {}

  /** Index of the frame to nominate, or -1 where there is none or where it is our own doing. */
  static int find(List<StackStep> stack) {
    for (int i = 0; i < stack.size(); i++) {
      String name = stack.get(i).className();
      if (isOurs(name)) {
        return -1;
      }
      if (!MAKERS.contains(name)) {
        return isNominable(stack.get(i)) ? i : -1;
      }
    }
    return -1;
  }

  /** Index of the first frame above {@code near} that is not the JDK's, or -1. */
  static int findApplication(List<StackStep> stack, int near) {
    if (near < 0 || !isJdk(stack.get(near).className())) {
      return -1;
    }
    for (int i = near + 1; i < stack.size(); i++) {
      StackStep step = stack.get(i);
      if (!isJdk(step.className())) {
        return isNominable(step) && !isOurs(step.className()) ? i : -1;
      }
    }
    return -1;
  }

  /**
   * Index of the frame that what is made at {@code near} is made for: the first of the application
   * where that is the JDK's, else the first of another class; or -1.
   */
  static int findUser(List<StackStep> stack, int near) {
    if (isJdk(stack.get(near).className())) {
      return findApplication(stack, near);
    }
    String own = outermost(stack.get(near).className());
    for (int i = near + 1; i < stack.size(); i++) {
      String name = stack.get(i).className();
      if (!isJdk(name) && !outermost(name).equals(own)) {
        return isNominable(stack.get(i)) && !isOurs(name) ? i : -1;
      }
    }
    return -1;
  }

  private static String outermost(String name) {
    int nested = name.indexOf('$');
    return nested > 0 ? name.substring(0, nested) : name;
  }

  /** Indices of the next few frames above {@code near}: one of them made the array's owner. */
  static List<Integer> callers(List<StackStep> stack, int near) {
    List<Integer> callers = new ArrayList<>();
    for (int i = near + 1; i < stack.size() && i <= near + MOST_CALLERS; i++) {
      if (isNominable(stack.get(i)) && !isOurs(stack.get(i).className())) {
        callers.add(i);
      }
    }
    return callers;
  }

  /**
   * The wanted among the classes of the frames up to {@code last}, innermost first: the array came
   * through them.
   */
  static List<String> through(List<StackStep> stack, int last, Set<String> wanted) {
    List<String> classes = new ArrayList<>();
    for (int i = 0; i <= last; i++) {
      String name = stack.get(i).className();
      if (wanted.contains(name) && !classes.contains(name)) {
        classes.add(name);
      }
    }
    return classes;
  }

  /** Whether an array of references made there may belong to a list that grows. */
  static boolean isCollection(StackStep step) {
    return step.className().startsWith("java.util.");
  }

  /** Hidden classes never reach a transformer: nominating them would be in vain. */
  private static boolean isNominable(StackStep step) {
    return step.className().indexOf('/') < 0 && step.className().indexOf("+0x") < 0;
  }

  private static boolean isOurs(String name) {
    return name.equals("java.lang.TidepoolGate")
        || (name.startsWith("dev.tidepool.") && OUR_PARTS.contains(part(name)));
  }

  private static String part(String name) {
    int start = "dev.tidepool.".length();
    int end = name.indexOf('.', start);
    return end < 0 ? "" : name.substring(start, end);
  }

  private static boolean isJdk(String name) {
    return name.startsWith("java.")
        || name.startsWith("javax.")
        || name.startsWith("jdk.")
        || name.startsWith("sun.")
        || name.startsWith("com.sun.");
  }
}
