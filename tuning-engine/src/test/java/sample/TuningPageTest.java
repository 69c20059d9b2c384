package sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page says what the log of trials says, and whether that is what was wanted. */
class TuningPageTest {
  @TempDir Path directory;
  private TrialLog log;

  @BeforeEach
  void empty() throws IOException {
    log = new TrialLog(directory.resolve("trials.tsv"));
  }

  private void trial(String section, String variant, Map<String, Double> figures)
      throws IOException {
    Map<String, Double> all = new HashMap<>(figures);
    all.put("exit", 0.0);
    all.put("done", 1.0);
    log.add(new TrialLog.Line(section, "25", "Z", variant, "2026-01-01", 0.1, all));
  }

  @Test
  void theMedianOfTwoIsTheirMean() throws IOException {
    trial("steady", "with", Map.of("p99", 10.0));
    trial("steady", "with", Map.of("p99", 20.0));
    assertThat(Figures.median(log.of("steady"), "p99")).isEqualTo(15);
    trial("steady", "with", Map.of("p99", 90.0));
    assertThat(Figures.median(log.of("steady"), "p99")).isEqualTo(20);
    assertThat(Figures.median(List.of(), "p99")).isNaN();
  }

  @Test
  void eachGoalHasAVerdictAndWhatWasNotRunHasNone() throws IOException {
    trial("survival", "with", Map.of("served", 1.0, "gcShare", 0.40));
    assertThat(new TuningGoals(log).text())
        .startsWith("## Goals\n\n2 of 3 that were measured are reached.")
        .contains("| Survival | every run finishes | 1 of 1 | yes |")
        .contains("| Survival, GC CPU | <= 25 % | 40.0 % | **no** |")
        .contains("- Survival, GC CPU: Z on 25 40.0 %")
        .contains("| Own cost, RSS | <= 30 MB | not run yet | |");
  }

  @Test
  void memoryOfThreeIsComparedAtEqualCost() throws IOException {
    for (String[] each :
        new String[][] {
          {"with", "300", "2"}, {"split 0.9", "250", "3"}, {"split 1.8", "450", "1"}
        }) {
      for (int service = 1; service <= 3; service++) {
        trial(
            "shared",
            each[0] + ", service " + service,
            Map.of(
                "lateCommitted",
                Double.valueOf(each[1]),
                "lateGcSeconds",
                Double.valueOf(each[2]),
                "seconds",
                30.0));
      }
    }
    assertThat(new TuningGoals(log).text()).contains("| less | 900 MB against 1050 MB | yes |");
  }

  @Test
  void survivalShowsTheTailWithoutTheAgentToo() throws IOException {
    trial("survival", "without", Map.of("p99", 3.5));
    trial("survival", "with", Map.of("p99", 7.5, "served", 1.0));
    assertThat(new TuningPage(log).text())
        .contains("| finished | finished | 100.0 % | 3.5 | 7.5 |");
  }
}
