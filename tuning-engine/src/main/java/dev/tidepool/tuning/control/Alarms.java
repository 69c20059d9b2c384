package dev.tidepool.tuning.control;

import dev.tidepool.tuning.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What no lever can mend and somebody should know of. */
final class Alarms {
  /** The first minute's reserve, or one large answer, is no reason for alarm yet. */
  private static final double CERTAIN_SECONDS = 30;

  /**
   * Of what the container leaves for the heap. The law's floor is comfort: a service whose floor
   * lies above its cap was measured to live well, and nobody should be told to worry about it.
   */
  private static final double FULL = 0.9;

  private double corneredSince = Double.NaN;
  private String cornered = "";

  /** One second. */
  void see(Snapshot now, HeapLaw.Target wanted) {
    if (now.container().limitBytes() == 0 || now.heap().liveBytes() < FULL * wanted.cap()) {
      corneredSince = Double.NaN;
      cornered = "";
      return;
    }
    corneredSince = Double.isNaN(corneredSince) ? now.second() : corneredSince;
    if (cornered.isEmpty() && now.second() - corneredSince >= CERTAIN_SECONDS) {
      cornered =
          String.format(
              Locale.ROOT,
              "live data of %d MB, where the limit of %d MB leaves a heap of %d MB: raise the limit or"
                  + " keep less",
              now.heap().liveBytes() >> 20,
              now.container().limitBytes() >> 20,
              wanted.cap() >> 20);
    }
  }

  /** One line each, none while all is well. */
  List<String> lines(CpuDebt debt) {
    List<String> lines = new ArrayList<>();
    if (!cornered.isEmpty()) {
      lines.add(cornered);
    }
    if (debt.locks() > 0) {
      lines.add(
          "collections took over half of the CPU time, "
              + (debt.locks() == 1 ? "once" : debt.locks() + " times")
              + " so far: the heap is too small for its load");
    }
    return lines;
  }
}
