package dev.tidepool.agent.work;

import dev.tidepool.tuning.levers.UnmanagedFlags;
import java.lang.instrument.Instrumentation;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Opens packages of the JDK to the tuning engine, each when it is asked for. */
final class OpenedPackages implements Consumer<Class<?>> {
  private final Instrumentation instrumentation;

  OpenedPackages(Instrumentation instrumentation) {
    this.instrumentation = instrumentation;
  }

  @Override
  public void accept(Class<?> type) {
    Module from = type.getModule();
    Module to = UnmanagedFlags.class.getModule();
    if (from.isNamed() && !from.isOpen(type.getPackageName(), to)) {
      instrumentation.redefineModule(
          from, Set.of(), Map.of(), Map.of(type.getPackageName(), Set.of(to)), Set.of(), Map.of());
    }
  }
}
