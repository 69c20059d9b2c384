package dev.tidepool.agent.config;

import java.util.Locale;

/** Sizes and shares as people write them. */
public final class Units {
  private Units() {}

  /**
   * Bytes of {@code 4096}, {@code 64k}, {@code 600m}, {@code 2g}; a trailing {@code b} or {@code
   * ib} is taken.
   *
   * @throws IllegalArgumentException for anything else, and for what does not fit a long
   */
  public static long bytes(String text) {
    String lower = text.trim().toLowerCase(Locale.ROOT).replaceFirst("(?<=[kmgt])i?b$", "");
    int shift =
        switch (lower.isEmpty() ? ' ' : lower.charAt(lower.length() - 1)) {
          case 'k' -> 10;
          case 'm' -> 20;
          case 'g' -> 30;
          case 't' -> 40;
          default -> 0;
        };
    String digits = shift == 0 ? lower : lower.substring(0, lower.length() - 1);
    long count = Long.parseLong(digits);
    if (count < 0 || count > Long.MAX_VALUE >> shift) {
      throw new IllegalArgumentException("out of range: " + text);
    }
    return count << shift;
  }

  /**
   * Part of a whole (0..1) of {@code 5%} or {@code 0.05}.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static double share(String text) {
    String trimmed = text.trim();
    boolean percent = trimmed.endsWith("%");
    double number =
        Double.parseDouble(percent ? trimmed.substring(0, trimmed.length() - 1) : trimmed);
    double share = percent ? number / 100 : number;
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("not between 0% and 100%: " + text);
    }
    return share;
  }

  /** For people: {@code 4.0 KB}, {@code 512 B}. */
  public static String size(double bytes) {
    if (Math.abs(bytes) < 1024) {
      return Math.round(bytes) + " B";
    }
    double scaled = bytes;
    int step = -1;
    while (Math.abs(scaled) >= 1024 && step < 4) {
      scaled /= 1024;
      step++;
    }
    return String.format(Locale.ROOT, "%.1f %cB", scaled, "KMGTP".charAt(step));
  }
}
