package dev.tidepool.tuning.advice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.SiteReport;
import dev.tidepool.rewriting.site.Breaker;
import dev.tidepool.rewriting.site.SiteState;
import dev.tidepool.tuning.Advice;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SiteAdvisorTest {
  private static final double MB = 1e6;

  private static SiteReport site(
      String allocates, SiteState state, String reason, double rate, long bytes, long to) {
    return new SiteReport(
        "abcdefgh",
        "com.example.Export$Sheet",
        "write",
        "()V",
        7,
        41,
        allocates,
        state,
        Breaker.CLOSED,
        null,
        "refused",
        reason,
        List.of(),
        rate,
        10,
        0,
        0,
        0,
        bytes,
        to == 0 ? 0 : 32,
        to);
  }

  @Test
  void growthIsOneSentenceWithNumbers() {
    SiteReport grows =
        site(
            "java.io.ByteArrayOutputStream",
            SiteState.REFUSED,
            "its capacity may be seen: it is returned",
            4.8 * MB,
            4_800_000,
            310_000);
    List<Advice> advice = SiteAdvisor.advise(List.of(grows), 10 * MB);
    assertThat(advice).hasSize(1);
    assertThat(advice.get(0).title())
        .isEqualTo(
            "ByteArrayOutputStream at Export.java:41 grows 32 bytes -> 310 KB 10 times a second:"
                + " 48 % of all bytes");
    assertThat(advice.get(0).action()).isEqualTo("create it with 310 KB");
  }

  @ParameterizedTest
  @CsvSource({
    "escapes at A.java:3: stored in field A.last, site-kept",
    "escapes at A.java:3: returned to the caller, site-returned",
    "escapes at A.java:3: captured by a lambda or joined into a string (run), site-captured",
    "escapes at A.java:3: passed to native java.util.zip.Deflater.setInput, site-native",
    "'escapes at A.java:3: passed to Sink.put, which may run 4 classes', site-open-call",
    "too large to prove: 2 s, site-escapes"
  })
  void everyCauseHasItsWord(String reason, String id) {
    SiteReport refused = site("byte[]", SiteState.REFUSED, reason, 5 * MB, 655_360, 0);
    Advice advice = SiteAdvisor.advise(List.of(refused), 10 * MB).get(0);
    assertThat(advice.id()).isEqualTo(id);
    assertThat(advice.title()).startsWith("byte[] of 66 KB at Export.java:41, made 76 times");
    assertThat(advice.title()).endsWith(": 50 % of all bytes");
    assertThat(advice.evidence()).contains(reason);
  }

  @Test
  void ofASiteThatWasNeverCountedNeitherSizeNorNumberIsMadeUp() {
    SiteReport sampled = site("byte[]", SiteState.REFUSED, "returned to the caller", 5 * MB, 0, 0);
    assertThat(SiteAdvisor.advise(List.of(sampled), 10 * MB).get(0).title())
        .isEqualTo("byte[] at Export.java:41, which is returned: 50 % of all bytes");
    SiteReport grows = site("x.Buffer", SiteState.REFUSED, "", 5 * MB, 0, 310_000);
    assertThat(SiteAdvisor.advise(List.of(grows), 10 * MB).get(0).title())
        .isEqualTo("Buffer at Export.java:41 grows 32 bytes -> 310 KB: 50 % of all bytes");
  }

  @Test
  void nothingIsSaidOfWhatIsColdOrHelped() {
    assertThat(
            SiteAdvisor.advise(
                List.of(
                    site("byte[]", SiteState.ACTIVE, "", 9 * MB, 655_360, 0),
                    site("byte[]", SiteState.COUNTED, "", 9 * MB, 655_360, 0),
                    site("byte[]", SiteState.REFUSED, "returned", 0.05 * MB, 655_360, 0),
                    site("byte[]", SiteState.REFUSED, "returned", 0.5 * MB, 655_360, 0)),
                100 * MB))
        .isEmpty();
  }
}
