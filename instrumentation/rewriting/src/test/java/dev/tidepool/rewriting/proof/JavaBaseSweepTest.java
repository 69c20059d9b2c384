package dev.tidepool.rewriting.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.site.SiteKey;
import dev.tidepool.rewriting.site.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
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
    EscapeProof proof = new EscapeProof(world, Worlds.guards(), Duration.ofSeconds(2));
    Map<String, Integer> kinds = new TreeMap<>();
    List<Long> millis = new ArrayList<>();
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
        long start = System.nanoTime();
        Verdict verdict = proof.prove(site);
        millis.add((System.nanoTime() - start) / 1_000_000);
        if (verdict instanceof Verdict.Refused refused) {
          assertThat(refused.reason()).doesNotStartWith("cannot be analysed");
          assertThat(refused.reason()).doesNotContain("null");
          kinds.merge(kind(refused.reason()), 1, Integer::sum);
        } else {
          kinds.merge("proven", 1, Integer::sum);
        }
      }
    }
    Collections.sort(millis);
    kinds.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(Integer.getInteger("tidepool.sweep.show", 0))
        .forEach(e -> System.out.println(e.getValue() + "\t" + e.getKey()));
    if (Boolean.getBoolean("tidepool.sweep.times")) {
      System.out.println(
          "sites "
              + millis.size()
              + " median ms "
              + millis.get(millis.size() / 2)
              + " p95 "
              + millis.get(millis.size() * 95 / 100)
              + " max "
              + millis.get(millis.size() - 1));
    }
    assertThat(kinds.get("proven")).isGreaterThan(millis.size() / 10);
  }

  private static String kind(String reason) {
    String what = reason.replaceFirst("^escapes at [^ ]+: ", "");
    return what.replaceFirst("(stored in field|passed to native) .*", "$1");
  }
}
