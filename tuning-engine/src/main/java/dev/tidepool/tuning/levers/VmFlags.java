package dev.tidepool.tuning.levers;

import java.util.Optional;

/** The flags of a VM, real or simulated. */
public interface VmFlags {

  /**
   * One flag.
   *
   * @param userSet whether the command line, the environment or another tool gave it its value, and
   *     not we
   */
  record Flag(String name, String value, boolean writeable, boolean userSet) {
    public long number() {
      return Long.parseLong(value);
    }
  }

  /** The flag, or empty where this VM has none of that name. */
  Optional<Flag> read(String name);

  /**
   * Sets a flag.
   *
   * @throws IllegalArgumentException with one line where the VM refuses
   */
  void set(String name, String value);

  /** How often a flag was written, for a moment only included. */
  default long writes() {
    return 0;
  }

  /**
   * Sets a flag that is no user's to what it was found at, so that it counts as nobody's from then
   * on.
   *
   * @throws IllegalArgumentException with one line where the VM refuses
   */
  default void putBack(String name, String value) {
    set(name, value);
  }
}
