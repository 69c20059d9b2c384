package dev.tidepool.tuning;

/**
 * What changed between the window before a decision and the window after it.
 *
 * @param before means over the window before
 * @param after means over the window after
 * @param worse whether the change is for the worse and beyond noise
 * @param summary one line for people
 */
public record Effect(Window before, Window after, boolean worse, String summary) {

  /**
   * Means over one window.
   *
   * @param gcCpuRatio share of the process's CPU time
   * @param pauseSecondsPerSecond time stopped in each second
   * @param allocationRate bytes per second
   * @param throughput application CPU seconds per second: a proxy for work done
   */
  public record Window(
      double seconds,
      double gcCpuRatio,
      double pauseSecondsPerSecond,
      double allocationRate,
      double throughput,
      double committedBytes,
      double workingSetBytes) {}
}
