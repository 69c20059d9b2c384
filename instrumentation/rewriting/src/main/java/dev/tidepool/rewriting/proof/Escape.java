package dev.tidepool.rewriting.proof;

import java.util.ArrayList;
import java.util.List;

/**
 * How a followed value gets out.
 *
 * @param place source file and line of the instruction that lets it out: {@code FileCache.java:88}
 * @param what in source terms: {@code stored in field FileCache.last}
 * @param steps the calls that lead there, outermost first
 * @param passing whether it may be otherwise later: a class not loaded yet, no time left
 */
record Escape(String place, String what, List<String> steps, boolean passing) {
  private static final int LONGEST = 24;

  Escape {
    steps = List.copyOf(steps);
  }

  static Escape at(String place, String what) {
    return new Escape(place, what, List.of(), false);
  }

  static Escape passing(String place, String what) {
    return new Escape(place, what, List.of(), true);
  }

  /** The same escape seen from a caller. */
  Escape through(String step) {
    if (steps.size() >= LONGEST) {
      return this;
    }
    List<String> longer = new ArrayList<>(steps.size() + 1);
    longer.add(step);
    longer.addAll(steps);
    return new Escape(place, what, longer, passing);
  }

  String reason() {
    return "escapes at " + place + ": " + what;
  }
}
