package dev.tidepool.tuning.levers;

import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Seconds after which ZGC gives unused memory back. The VM does not offer the flag for writing, but
 * its uncommitter reads it anew each time it wakes up; so a lower value acts at the end of the wait
 * that is under way, in the first five minutes of a process at their end.
 *
 * <p>It is never raised above what it was, and never moved where a user has set it.
 */
final class UncommitDelayLever implements Lever {
  static final String NAME = "ZUncommitDelay";
  static final String OFF = "tuning.uncommit-delay is off";

  private final VmFlags flags;
  private final LongConsumer writer;
  private final long original;
  private String blocked;
  private boolean allowed = true;
  private boolean active;
  private long writes;

  private UncommitDelayLever(VmFlags flags, LongConsumer writer, long original, String blocked) {
    this.flags = flags;
    this.writer = writer;
    this.original = original;
    this.blocked = blocked;
  }

  /**
   * The lever; one that is blocked where the flag is a user's or without effect.
   *
   * @throws IllegalStateException with one line where the flag cannot be found
   */
  static UncommitDelayLever find(VmFlags flags, UnmanagedFlags unmanaged) {
    VmFlags.Flag flag =
        flags.read(NAME).orElseThrow(() -> new IllegalStateException("this VM has no such flag"));
    String blocked = why(flags, flag);
    LongConsumer writer =
        blocked.isEmpty() ? unmanaged.writer(flags, NAME) : UncommitDelayLever::refuse;
    return new UncommitDelayLever(flags, writer, flag.number(), blocked);
  }

  private static String why(VmFlags flags, VmFlags.Flag flag) {
    Optional<VmFlags.Flag> on = flags.read("ZUncommit");
    if (flag.userSet()) {
      return NAME + " was set by the user";
    } else if (on.isPresent() && !on.get().value().equals("true")) {
      return "ZUncommit is off: this heap gives nothing back";
    }
    return flag.number() < 1 ? NAME + " is 0 already" : "";
  }

  private static void refuse(long value) {
    throw new IllegalStateException(NAME + " is not to be set to " + value);
  }

  /** Whether it may be written at all; where it no longer may it goes back. */
  synchronized void allow(boolean may) {
    allowed = may;
    if (!may) {
      restore();
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public long value() {
    return flags.read(NAME).map(VmFlags.Flag::number).orElse(original);
  }

  @Override
  public long original() {
    return original;
  }

  @Override
  public long least() {
    return Math.min(1, original);
  }

  @Override
  public long most() {
    return original;
  }

  @Override
  public synchronized boolean active() {
    return active;
  }

  @Override
  public synchronized String blocked() {
    return blocked.isEmpty() && !allowed ? OFF : blocked;
  }

  @Override
  public synchronized long set(long wanted) {
    if (!blocked().isEmpty()) {
      throw new IllegalArgumentException(blocked());
    }
    long value = Math.max(least(), Math.min(most(), wanted));
    try {
      write(value);
    } catch (IllegalStateException e) {
      blocked = e.getMessage();
      throw new IllegalArgumentException(blocked, e);
    }
    return value;
  }

  private void write(long value) {
    writes++;
    writer.accept(value);
    active = value != original;
  }

  /** How often it was written. */
  synchronized long writes() {
    return writes;
  }

  @Override
  public synchronized boolean restore() {
    if (!active) {
      return true;
    }
    try {
      write(original);
      return true;
    } catch (IllegalStateException e) {
      blocked = e.getMessage();
      return false;
    }
  }
}
