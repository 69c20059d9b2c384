package dev.tidepool.rewriting.growth;

import java.util.Arrays;

/**
 * Where new objects should start.
 *
 * <p>Of the sizes that were seen, the one is chosen from which all objects that were seen would
 * have allocated the fewest bytes. It may cost hardly any of them more than the site does by
 * itself: at most one in twenty pays, and together they pay at most a tenth of what the others
 * gain. Where objects live on, paying is having a longer array in the end, not only having
 * allocated more on the way.
 *
 * @param capacity to start at
 * @param gain share (0..1) of the bytes that are not allocated then
 * @param objects that it was learned from
 */
public record StartChoice(int capacity, double gain, int objects) {
  private static final int CANDIDATES = 64;
  private static final double LEAST_GAIN = 0.10;
  private static final double LEAST_BYTES = 64;
  private static final double MOST_PAYING = 0.05;
  private static final double MOST_PAID = 0.10;

  /**
   * The best start, or null where it saves neither a tenth of the bytes nor many.
   *
   * @param mostBytes that an object may start with, unless the code itself says more: one that
   *     stays small must not be the one for which there was no memory
   */
  public static StartChoice of(SizeWindow window, long mostBytes) {
    int n = window.count();
    int[] sorted = new int[n];
    double today = 0;
    for (int i = 0; i < n; i++) {
      sorted[i] = window.size(i);
      today += window.today(i);
    }
    Arrays.sort(sorted);
    boolean kept = window.areKept();
    long most = Math.max(window.start().capacity(), mostBytes / window.growable().elementBytes());
    StartChoice best = null;
    int last = 0;
    for (int i = 0; i < CANDIDATES && n > 0; i++) {
      int size = sorted[(int) ((long) (n - 1) * i / (CANDIDATES - 1))];
      int candidate = (int) Math.min(size, most);
      if (candidate > last) {
        last = candidate;
        double saved = saved(window, candidate, kept);
        if (saved >= Math.max(LEAST_GAIN * today, LEAST_BYTES * n)
            && (best == null || saved > best.gain * today)) {
          best = new StartChoice(candidate, saved / today, n);
        }
      }
    }
    return best;
  }

  /** Bytes saved over all objects, or nothing where too many would pay. */
  private static double saved(SizeWindow window, int capacity, boolean kept) {
    Growable growable = window.growable();
    double gained = 0;
    double paid = 0;
    int paying = 0;
    for (int i = 0; i < window.count(); i++) {
      int size = window.size(i);
      long with = growable.bytes(window.start(), capacity, size);
      long without = window.today(i);
      boolean longer =
          kept
              && growable.rule().reached(capacity, size)
                  > growable.rule().reached(window.start().capacity(), size);
      if (with > without || longer) {
        paying++;
      }
      gained += Math.max(0, without - with);
      paid += Math.max(0, with - without);
    }
    boolean bearable = paying <= MOST_PAYING * window.count() && paid <= MOST_PAID * gained;
    return bearable ? gained - paid : 0;
  }
}
