package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.gate.SiteCounts;
import java.util.concurrent.TimeUnit;

/**
 * What a site that recycles costs the calls its array is lent to: each is told to the gate before
 * and after. A writer that is handed a few characters at a time may pay more so than the buffer is
 * worth. The proof thread's own.
 */
final class Toll {
  /**
   * What a new array must come to, in bytes, to cost as much as lending once: 40 ns for the words
   * and the guard, and a new array costs 0.05 to 0.1 ns a byte, the collector's share included.
   */
  private static final long BYTES_A_CALL = 512;

  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** Fewer in a window come to less than 0.2 % of a processor. */
  private static final long LEAST_CALLS = 100_000;

  private static final int DEAR_WINDOWS = 3;

  private SiteCounts from = SiteCounts.NONE;
  private long fromSaved;
  private long since;
  private int dearWindows;
  private long bytesACall;

  /** Begins anew. */
  void begin(SiteCounts counts, long saved, long now) {
    from = counts;
    fromSaved = saved;
    since = now;
    dearWindows = 0;
  }

  /**
   * Whether lending has cost more than was saved for some time.
   *
   * @param counts of the site whose arrays are lent
   * @param saved bytes that came from the pool because of it, so far
   */
  boolean isTooHigh(SiteCounts counts, long saved, long now) {
    if (now - since < WINDOW_NANOS) {
      return false;
    }
    long lent = counts.lent() - from.lent();
    long gained = saved - fromSaved;
    boolean dear = lent >= LEAST_CALLS && gained < BYTES_A_CALL * lent;
    if (dear) {
      bytesACall = gained / lent;
    }
    int windows = dear ? dearWindows + 1 : 0;
    begin(counts, saved, now);
    dearWindows = windows;
    return windows >= DEAR_WINDOWS;
  }

  /** What {@link #isTooHigh} found. */
  String text() {
    return "lent to a call for each "
        + bytesACall
        + " bytes that came from the pool, which costs more than they do";
  }
}
