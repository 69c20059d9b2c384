package dev.tidepool.apps.load;

import dev.tidepool.apps.load.Figures.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a plan gave without and with the agent.
 *
 * @param sites as the agent reported them at the end of its last run
 */
public record Comparison(Plan plan, List<Figures> baseline, List<Figures> agent, List<Site> sites) {

  /** Runs a plan several times, baseline and agent in turn. */
  public static Comparison run(Plan plan, Agent agent, int rounds)
      throws IOException, InterruptedException {
    List<Figures> without = new ArrayList<>();
    List<Figures> with = new ArrayList<>();
    List<Site> sites = List.of();
    Path report = Files.createTempFile("tidepool-report-", ".json");
    try {
      for (int round = 0; round < rounds; round++) {
        // the one that goes first changes, so that neither always finds the machine rested
        if (round % 2 == 0) {
          without.add(one(plan, Optional.empty()));
        }
        with.add(one(plan, Optional.of(agent.with("report", report.toString()))));
        sites = Site.read(report);
        if (round % 2 == 1) {
          without.add(one(plan, Optional.empty()));
        }
      }
    } finally {
      Files.deleteIfExists(report);
    }
    return new Comparison(plan, without, with, sites);
  }

  private static Figures one(Plan plan, Optional<Agent> agent)
      throws IOException, InterruptedException {
    try (Running running = new Running(plan, agent)) {
      running.warmUp();
      return running.measure();
    }
  }

  public Spread baseline(Measure measure) {
    return Spread.of(baseline, measure);
  }

  public Spread agent(Measure measure) {
    return Spread.of(agent, measure);
  }

  /** Median with the agent over median without; NaN where there was nothing without. */
  public double ratio(Measure measure) {
    double without = baseline(measure).median();
    return without == 0 ? Double.NaN : agent(measure).median() / without;
  }

  /** Whether every run gave the same checksum and none a wrong answer on the way. */
  public boolean sameOutput() {
    List<Figures> all = new ArrayList<>(baseline);
    all.addAll(agent);
    return all.stream().map(Figures::checksum).distinct().count() == 1
        && all.stream().allMatch(run -> run.mismatches() == 0);
  }
}
