package dev.tidepool.rewriting.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.site.SiteKey;
import dev.tidepool.rewriting.site.Verdict;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Every primitive array made anywhere in java.base gets a verdict, and none for an odd reason. */
class JavaBaseSweepTest {
  private static final int EVERY = Integer.getInteger("tidepool.sweep.every", 8);

  @Test
  void everySiteGetsAVerdictWithAPath() {
    FileWorld world = Worlds.withFixtures();
    EscapeProof proof = new EscapeProof(world, Worlds.guards(), ProofTimes.BUDGET);
    Map<String, Integer> kinds = new TreeMap<>();
    ProofTimes times = new ProofTimes();
    int n = 0;
    for (String name : List.copyOf(world.names())) {
      if (!name.startsWith("java/")
          && !name.startsWith("sun/nio/")
          && !name.startsWith("sun/security/provider/")) {
        continue;
      }
      for (SiteKey site : Worlds.sites(world, name, null)) {
        if (n++ % EVERY != 0) {
          continue;
        }
        Verdict verdict = times.prove(proof, site);
        if (verdict instanceof Verdict.Refused refused) {
          assertThat(refused.reason()).doesNotStartWith("cannot be analysed");
          assertThat(refused.reason()).doesNotContain("null");
          kinds.merge(kind(refused.reason()), 1, Integer::sum);
        } else {
          kinds.merge("proven", 1, Integer::sum);
        }
      }
    }
    kinds.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(Integer.getInteger("tidepool.sweep.show", 0))
        .forEach(e -> System.out.println(e.getValue() + "\t" + e.getKey()));
    assertThat(times.millis(0.5)).as("median of a proof, ms").isLessThan(ProofTimes.MEDIAN_MILLIS);
    assertThat(kinds.get("proven")).isGreaterThan(times.count() / 10);
  }

  private static String kind(String reason) {
    String what = reason.replaceFirst("^escapes at [^ ]+: ", "");
    return what.replaceFirst("(stored in field|passed to native) .*", "$1");
  }
}
