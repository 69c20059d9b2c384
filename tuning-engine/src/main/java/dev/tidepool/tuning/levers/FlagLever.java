package dev.tidepool.tuning.levers;

import java.util.Map;
import java.util.Optional;

/**
 * One manageable flag with a number in it. The value it had when the lever was made is the one that
 * {@link #restore} puts back.
 */
public final class FlagLever implements Lever {
  private final VmFlags flags;
  private final String name;
  private final long original;
  private final long least;
  private final long most;
  private final String blocked;
  private final boolean users;
  private boolean active;

  private FlagLever(
      VmFlags flags,
      VmFlags.Flag flag,
      long original,
      long least,
      long most,
      boolean users,
      boolean override) {
    this.flags = flags;
    this.name = flag.name();
    this.original = original;
    this.active = flag.number() != original;
    this.least = least;
    this.most = most;
    this.users = users;
    this.blocked = users && !override ? name + " was set by the user" : "";
  }

  /**
   * The lever, or empty where the VM has no such flag or it cannot be written.
   *
   * @param override whether to move it even though a user has set it
   * @param found flags that we have moved before, with the values they had: those are no user's
   */
  public static Optional<FlagLever> of(
      VmFlags flags,
      String name,
      long least,
      long most,
      boolean override,
      Map<String, String> found) {
    return flags
        .read(name)
        .filter(VmFlags.Flag::writeable)
        .map(
            flag ->
                new FlagLever(
                    flags,
                    flag,
                    Long.parseLong(found.getOrDefault(name, flag.value())),
                    least,
                    most,
                    flag.userSet() && !found.containsKey(name),
                    override));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long original() {
    return original;
  }

  @Override
  public long least() {
    return least;
  }

  @Override
  public long most() {
    return most;
  }

  @Override
  public boolean active() {
    return active;
  }

  @Override
  public String blocked() {
    return blocked;
  }

  @Override
  public long value() {
    return flags.read(name).map(VmFlags.Flag::number).orElse(original);
  }

  @Override
  public long set(long wanted) {
    long value = clamp(wanted);
    write(value);
    active = value != original;
    long kept = value();
    if (kept != value) {
      throw new IllegalArgumentException(
          name + " was set to " + value + " but reads " + kept + ": left alone");
    }
    return kept;
  }

  private void write(long value) {
    if (value == original && !users) {
      flags.putBack(name, Long.toString(value));
    } else {
      flags.set(name, Long.toString(value));
    }
  }

  private long clamp(long wanted) {
    return Math.max(least, Math.min(most, wanted));
  }

  @Override
  public boolean restore() {
    if (!active) {
      return true;
    }
    try {
      write(original);
      active = false;
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }
}
