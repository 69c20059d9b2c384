package dev.tidepool.apps.coverage;

import dev.tidepool.apps.load.Agent;
import dev.tidepool.apps.load.Comparison;
import dev.tidepool.apps.load.Cores;
import dev.tidepool.apps.load.Figures;
import dev.tidepool.apps.load.Figures.Spread;
import dev.tidepool.apps.load.Measure;
import dev.tidepool.apps.load.Plan;
import dev.tidepool.apps.load.Running;
import dev.tidepool.apps.load.Site;
import dev.tidepool.apps.load.SitesPage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Two warm processes, one without and one with the agent, measured at the same time, each on half
 * the cores, which they swap from window to window; then two new ones. What the machine does
 * meanwhile falls on both alike, what the compiler does differs from pair to pair.
 *
 * @param comparison of all windows; its sites are those of the last pair
 * @param peaks highest RSS of each pair's processes over the pair's whole life
 * @param savedByRemedy bytes an operation that each remedy says it saved in the measured windows
 */
record SideBySide(Comparison comparison, List<Peak> peaks, Map<String, Double> savedByRemedy) {
  private static final Duration SLICE = Duration.ofSeconds(2);
  private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(80);
  private static final double LEAST_BYTES_PER_SECOND = 1e6;

  /** What was changed last is to be compiled again before anything is measured. */
  private static final int QUIET_SLICES = 6;

  /** Highest RSS of two processes, MB. */
  record Peak(double without, double with) {}

  /**
   * Measures a plan.
   *
   * @param plan its measured time is the length of one window
   * @param options of the agent
   * @param pairs of processes
   * @param windows of each process, an even number
   */
  static SideBySide run(Plan plan, Map<String, String> options, int pairs, int windows)
      throws IOException, InterruptedException {
    Gathered all = new Gathered();
    for (int pair = 0; pair < pairs; pair++) {
      pair(plan, options, windows, pair % 2 == 0, all);
    }
    Map<String, Double> saved = new TreeMap<>();
    all.saved.forEach((remedy, bytes) -> saved.put(remedy, bytes / Math.max(1, all.operations)));
    return new SideBySide(new Comparison(plan, all.without, all.with, all.sites), all.peaks, saved);
  }

  /** What the pairs give, one after the other. */
  private static final class Gathered {
    private final List<Figures> without = new ArrayList<>();
    private final List<Figures> with = new ArrayList<>();
    private final List<Peak> peaks = new ArrayList<>();
    private final Map<String, Double> saved = new TreeMap<>();
    private double operations;
    private List<Site> sites = List.of();
  }

  private static void pair(
      Plan plan, Map<String, String> options, int windows, boolean swapped, Gathered all)
      throws IOException, InterruptedException {
    SitesPage page = new SitesPage();
    Map<String, String> seenFromHere = new TreeMap<>(options);
    seenFromHere.put("http", page.setting());
    Agent agent = Agent.built(seenFromHere);
    // held on half of them it goes on as if it had them all
    int cores = Runtime.getRuntime().availableProcessors();
    List<String> seen = List.of("-XX:ActiveProcessorCount=" + cores);
    try (Running plain = new Running(plan, Optional.empty(), seen);
        Running watched = new Running(plan, Optional.of(agent), seen);
        AtOnce both = new AtOnce()) {
      place(plain, watched, swapped);
      settle(both, plain, watched, page, plan);
      Map<String, Long> before = saved(page.now());
      for (int window = 0; window < windows; window++) {
        place(plain, watched, swapped == (window % 2 == 0));
        AtOnce.Two<Figures> figures = both.run(plain::measure, watched::measure);
        all.without.add(figures.first());
        all.with.add(figures.second());
        all.operations += operations(figures.second(), plan);
      }
      all.sites = page.now();
      saved(all.sites)
          .forEach(
              (remedy, bytes) ->
                  all.saved.merge(
                      remedy, (double) bytes - before.getOrDefault(remedy, 0L), Double::sum));
    }
    all.peaks.add(
        new Peak(
            all.without.get(all.without.size() - 1).get(Measure.RSS),
            all.with.get(all.with.size() - 1).get(Measure.RSS)));
  }

  private static void place(Running plain, Running watched, boolean swapped)
      throws IOException, InterruptedException {
    List<Cores> halves = Cores.halves();
    plain.runOn(halves.get(swapped ? 1 : 0));
    watched.runOn(halves.get(swapped ? 0 : 1));
  }

  /**
   * Warms both the plan's time and on until the agent has left its sites as they were for a while:
   * on a busy machine it takes longer to find and prove them.
   */
  private static void settle(AtOnce both, Running plain, Running watched, SitesPage page, Plan plan)
      throws IOException, InterruptedException {
    warm(both, plain, watched, plan.warmUp());
    Duration warmed = plan.warmUp();
    Set<String> states = states(page.now());
    int quiet = 0;
    while (quiet < QUIET_SLICES && warmed.compareTo(LONGEST_WARM_UP) < 0) {
      warm(both, plain, watched, SLICE);
      warmed = warmed.plus(SLICE);
      List<Site> sites = page.now();
      Set<String> now = states(sites);
      // one on trial has nothing to show yet
      boolean onTrial = sites.stream().anyMatch(site -> site.state().equals("TRIAL"));
      quiet = now.equals(states) && !onTrial ? quiet + 1 : 0;
      states = now;
    }
  }

  private static void warm(AtOnce both, Running plain, Running watched, Duration time)
      throws IOException, InterruptedException {
    both.run(
        () -> {
          plain.warmUp(time);
          return time;
        },
        () -> {
          watched.warmUp(time);
          return time;
        });
  }

  private static Set<String> states(List<Site> sites) {
    return sites.stream()
        .filter(site -> site.active() || site.bytesPerSecond() > LEAST_BYTES_PER_SECOND)
        .map(site -> site.id() + site.state())
        .collect(Collectors.toSet());
  }

  private static double operations(Figures figures, Plan plan) {
    return figures.get(Measure.THROUGHPUT) * plan.measure().toMillis() / 1e3;
  }

  private static Map<String, Long> saved(List<Site> sites) {
    Map<String, Long> saved = new TreeMap<>();
    for (Site site : sites) {
      if (!site.remedy().isEmpty()) {
        saved.merge(site.remedy(), site.bytesSaved(), Long::sum);
      }
    }
    return saved;
  }

  /** Of each two windows, on the one half of the cores and the other, with over without. */
  Spread throughputRatio() {
    List<Double> ratios = new ArrayList<>();
    for (int window = 0; window + 1 < comparison.agent().size(); window += 2) {
      ratios.add(
          twoWindows(comparison.agent(), window) / twoWindows(comparison.baseline(), window));
    }
    return Spread.of(ratios);
  }

  private static double twoWindows(List<Figures> windows, int first) {
    return windows.get(first).get(Measure.THROUGHPUT)
        + windows.get(first + 1).get(Measure.THROUGHPUT);
  }

  /** Of each pair's peaks. */
  Spread rssRatio() {
    return Spread.of(peaks.stream().map(peak -> peak.with / peak.without).toList());
  }

  /** What the processes have after each window, medians. */
  double usualRssRatio() {
    return comparison.agent(Measure.RSS_NOW).median()
        / comparison.baseline(Measure.RSS_NOW).median();
  }

  /**
   * Bytes an operation, medians: what is allocated without less what is allocated with. The agent's
   * own threads are not in it: what they allocate goes by time, not by operation.
   */
  double removedBytes() {
    Spread left =
        Spread.of(
            comparison.agent().stream()
                .map(run -> run.get(Measure.ALLOCATED) - run.get(Measure.OWN_ALLOCATED))
                .toList());
    return (comparison.baseline(Measure.ALLOCATED).median() - left.median()) * 1024;
  }

  /** Bytes a second that the agent's own threads allocate. */
  double ownBytesPerSecond() {
    return Spread.of(
                comparison.agent().stream()
                    .map(run -> run.get(Measure.OWN_ALLOCATED) * run.get(Measure.THROUGHPUT))
                    .toList())
            .median()
        * 1024;
  }

  /** GC CPU an operation over all windows together: one window alone is too coarse a measure. */
  double gcCpu(List<Figures> windows) {
    double operations = 0;
    double cpu = 0;
    for (Figures window : windows) {
      operations += window.get(Measure.THROUGHPUT);
      cpu += window.get(Measure.GC_CPU) * window.get(Measure.THROUGHPUT);
    }
    return cpu / operations;
  }

  /** With over without; NaN where there was none without. */
  double gcCpuRatio() {
    double without = gcCpu(comparison.baseline());
    return without == 0 ? Double.NaN : gcCpu(comparison.agent()) / without;
  }
}
