package dev.tidepool.tuning;

import dev.tidepool.tuning.levers.Lever;
import java.util.Locale;

/**
 * A lever as seen from outside.
 *
 * @param name of the VM flag or the action
 * @param value now, as the VM shows it
 * @param original what it was before the engine came
 * @param active whether the engine has moved it
 * @param least smallest value it takes, -1 where it is no number
 * @param most largest value it takes
 * @param blocked why it cannot be moved automatically; empty where it can
 */
public record LeverState(
    String name,
    String value,
    String original,
    boolean active,
    long least,
    long most,
    String blocked) {

  static LeverState of(Lever lever, String blocked) {
    return new LeverState(
        lever.name(),
        Long.toString(lever.value()),
        Long.toString(lever.original()),
        lever.active(),
        lever.least(),
        lever.most(),
        blocked);
  }

  /**
   * A value as people write it.
   *
   * @throws IllegalArgumentException with one line where it is none
   */
  static long parse(String name, String value) {
    String text = value.trim().toLowerCase(Locale.ROOT);
    int shift = text.endsWith("k") ? 10 : text.endsWith("m") ? 20 : text.endsWith("g") ? 30 : 0;
    try {
      return Long.parseLong(shift == 0 ? text : text.substring(0, text.length() - 1)) << shift;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          name + " takes a number, a size such as 256m, or auto; not '" + value + "'", e);
    }
  }
}
