package dev.tidepool.rewriting.live;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Classes that must not be met for the first time inside a transformer: loading them there runs in
 * a circle, and a ClassCircularityError breaks them for the life of the virtual machine.
 */
final class Preloads {
  private static final List<String> NAMES =
      List.of(
          "java.util.concurrent.ConcurrentHashMap$ForwardingNode",
          "java.util.concurrent.ConcurrentHashMap$TreeNode",
          "java.util.concurrent.ConcurrentHashMap$TreeBin",
          "java.util.concurrent.ConcurrentHashMap$ReservationNode",
          "java.util.concurrent.ConcurrentLinkedQueue$Node",
          "java.util.HashMap$TreeNode",
          "java.util.zip.CRC32");

  private Preloads() {}

  static void load() {
    ThreadLocalRandom.current();
    for (String name : NAMES) {
      try {
        Class.forName(name, true, null);
      } catch (ClassNotFoundException elsewhere) {
        // another JDK keeps it under another name and then does not use this one
      }
    }
    try {
      MethodHandles.lookup()
          .findStatic(Math.class, "abs", MethodType.methodType(int.class, int.class));
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(impossible);
    }
    DependencyWatch rehearsal = new DependencyWatch();
    rehearsal.defining(new ClassHeader(1, new long[] {2}, false, true), 3, 4, new byte[0]);
    new SiteTransformer(rehearsal).transform(null, null, "", null, null, new byte[0]);
  }
}
