package dev.tidepool.agent.boot;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.runtime.ObjectMethods;

/**
 * Makes the JDK forget the agent's records.
 *
 * <p>The method handles behind records' {@code equals}, {@code hashCode} and {@code toString}
 * remember the last type they were adapted to, and with it that type's class loader. Adapting them
 * to a class that stays replaces what they remember.
 */
final class RecordCaches {
  // a class with one component, as far as the bootstrap method looks at it
  private final RecordCaches component = this;

  private RecordCaches() {}

  RecordCaches component() {
    return component;
  }

  static void forget() throws Throwable {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    Class<?> type = RecordCaches.class;
    // from Java 19 on types of other loaders are remembered softly: the collector forgets them
    MethodHandle getter = lookup.findVirtual(type, "component", MethodType.methodType(type));
    bootstrap(lookup, "equals", MethodType.methodType(boolean.class, type, Object.class), getter);
    bootstrap(lookup, "hashCode", MethodType.methodType(int.class, type), getter);
    bootstrap(lookup, "toString", MethodType.methodType(String.class, type), getter);
  }

  private static void bootstrap(
      MethodHandles.Lookup lookup, String method, MethodType shape, MethodHandle getter)
      throws Throwable {
    ObjectMethods.bootstrap(lookup, method, shape, RecordCaches.class, "component", getter);
  }
}
