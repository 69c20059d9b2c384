package dev.tidepool.tuning.control;

/** What a governor wants done. */
public sealed interface Move {
  String reason();

  /**
   * Sets a flag.
   *
   * @param forced by the container's limit: never taken back for its cost
   */
  record Set(String lever, long value, boolean forced, String reason) implements Move {}

  /** Puts one flag back to where it was found; never taken back for its cost. */
  record PutBack(String lever, String reason) implements Move {}

  /** Makes the collector run a concurrent cycle. */
  record Cycle(String reason) implements Move {}

  /**
   * Keeps watch between rounds over what is committed; 0 to watch no more. No decision of its own.
   */
  record Guard(long committedBytes) implements Move {
    @Override
    public String reason() {
      return "";
    }
  }

  /** One collection of the whole heap, whatever it costs. */
  record Collect(String reason) implements Move {}

  /**
   * Gives free native memory back to the system.
   *
   * @param urgent because the container's limit is near
   */
  record TrimNative(boolean urgent, String reason) implements Move {}

  /** Puts every flag back to where it was found. */
  record Release(String reason) implements Move {}
}
