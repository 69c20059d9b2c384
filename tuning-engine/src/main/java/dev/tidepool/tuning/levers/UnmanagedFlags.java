package dev.tidepool.tuning.levers;

import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Finds the one flag that the VM does not offer for writing and the engine moves all the same. */
@FunctionalInterface
public interface UnmanagedFlags {
  /** Finds none, for an engine that nobody opens the JDK's packages to. */
  UnmanagedFlags NONE =
      (flags, name) -> {
        throw new IllegalStateException("it is written by the agent only");
      };

  /**
   * What writes the flag.
   *
   * @return throws an {@link IllegalStateException} with one line where the VM does not show what
   *     was written; the flag then has the value it had before
   * @throws IllegalStateException with one line where it cannot be found
   */
  LongConsumer writer(VmFlags flags, String name);

  /**
   * Those of HotSpot, by its exported tables.
   *
   * @param opener opens the package of a class of the JDK to the module of this class
   */
  static UnmanagedFlags of(Consumer<Class<?>> opener) {
    return (flags, name) -> {
      try {
        return UnmanagedFlag.find(name, flags, HotSpotMemory.open(opener));
      } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
        if (e instanceof IllegalStateException told) {
          throw told;
        }
        throw new IllegalStateException("the VM's memory is out of reach: " + e.getMessage(), e);
      }
    };
  }
}
