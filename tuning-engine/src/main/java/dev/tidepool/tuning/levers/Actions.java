package dev.tidepool.tuning.levers;

import java.util.Optional;
import java.util.function.Predicate;

/** What can be made to happen, beside flags. None of these throws. */
public interface Actions {

  /**
   * Makes the collector run one concurrent cycle soon.
   *
   * @param gapSeconds between collections of late
   * @return whether there is a way to
   */
  boolean cycle(double gapSeconds);

  /** One collection of the whole heap. */
  boolean collect();

  /** Has the C library give free memory back; empty where it cannot be asked to. */
  Optional<Trimmed> trimNative();

  /**
   * Keeps watch between rounds: where a collection leaves more committed than this, a concurrent
   * cycle follows at once.
   *
   * @param committedBytes 0 to watch no more
   * @param gapSeconds between collections of late
   */
  void guard(long committedBytes, double gapSeconds);

  /** Which levers are in a user's hand now; asked from any thread. */
  default void heldBy(Predicate<String> held) {}

  /** How often the guard has made a cycle follow. */
  long guardFired();

  /** Called each round with what is committed now: ends what must not last. */
  void settle(long committedBytes);

  /** Ends everything that was begun. */
  void close();
}
