package dev.tidepool.tuning.levers;

/** Something of the JVM that takes another value while it runs. */
public interface Lever {
  String name();

  /** As the VM shows it now. */
  long value();

  long original();

  long least();

  long most();

  /** Whether it stands elsewhere than where it was found. */
  boolean active();

  /** Why it must not be moved automatically; empty where it may. */
  String blocked();

  /**
   * Takes the value nearest to {@code wanted} within the bounds, and reads it back.
   *
   * @return the value in force
   * @throws IllegalArgumentException with one line where the VM refuses or does not keep it
   */
  long set(long wanted);

  /** Puts the original value back where the lever has been moved; never throws. */
  boolean restore();
}
