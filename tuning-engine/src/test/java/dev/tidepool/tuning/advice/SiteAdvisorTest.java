package dev.tidepool.tuning.advice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.SiteReport;
import dev.tidepool.rewriting.site.Breaker;
import dev.tidepool.rewriting.site.SiteState;
import dev.tidepool.tuning.Advice;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SiteAdvisorTest {
  private static final double MB = 1e6;

  private static SiteReport site(
      String allocates, SiteState state, String reason, double rate, long bytes, long to) {
    return site("com.example.Export$Sheet.write:41", allocates, state, reason, rate, bytes, to);
  }

  private static SiteReport site(
      String place,
      String allocates,
      SiteState state,
      String reason,
      double rate,
      long bytes,
      long to) {
    StackTraceElement at = at(place);
    boolean application = place.startsWith("com.");
    return new SiteReport(
        place,
        at.getClassName(),
        at.getMethodName(),
        "()V",
        7,
        at.getLineNumber(),
        allocates,
        state,
        Breaker.CLOSED,
        null,
        "refused",
        reason,
        List.of(),
        rate,
        bytes == 0 ? 0 : 10,
        0,
        0,
        0,
        bytes,
        to == 0 ? 0 : 32,
        to,
        bytes == 0,
        application ? null : at("com.example.Export$Sheet.write:44"));
  }

  private static StackTraceElement at(String place) {
    int line = place.indexOf(':');
    int method = place.lastIndexOf('.');
    return new StackTraceElement(
        place.substring(0, method),
        place.substring(method + 1, line),
        null,
        Integer.parseInt(place.substring(line + 1)));
  }

  private static String title(SiteReport... sites) {
    return SiteAdvisor.advise(List.of(sites), 10 * MB).get(0).title();
  }

  @Test
  void whatWasNeverCountedHasNoSizeAndItsRateIsAbout() {
    String kept = "escapes at Export.java:41: stored in field Export.last";
    assertThat(title(site("byte[]", SiteState.REFUSED, kept, 5 * MB, 0, 0)))
        .isEqualTo("byte[] at Export.java:41, is kept in a field: about 50 % of all bytes");
  }

  @Test
  void whatTheJdkMakesIsLaidToWhoAskedForIt() {
    SiteReport array =
        site(
            "java.nio.HeapByteBuffer.<init>:64",
            "byte[]",
            SiteState.REFUSED,
            "made before the constructor has called super()",
            5 * MB,
            655_360,
            0);
    assertThat(title(array))
        .isEqualTo(
            "byte[] of 66 KB of ByteBuffer.allocate at Export.java:44, made 76 times a second,"
                + " lives as long as that object: 50 % of all bytes");
    SiteReport owner =
        site(
            "java.nio.HeapByteBuffer",
            SiteState.REFUSED,
            "escapes at Export.java:41: stored in field Export.last",
            0,
            0,
            0);
    assertThat(title(array, owner)).contains("at Export.java:41, made 76 times", "kept in a field");
    assertThat(SiteAdvisor.advise(List.of(array), 0).get(0).action()).startsWith("reuse one");
  }

  @Test
  void whatGrewInVainIsLaidToWhereItIsMade() {
    SiteReport array =
        site(
            "java.io.ByteArrayOutputStream.ensureCapacity:100",
            "byte[]",
            SiteState.REVERTED,
            "no gain: 0 % of its bytes came from the pool",
            5 * MB,
            655_360,
            0);
    assertThat(title(array))
        .isEqualTo(
            "ByteArrayOutputStream at Export.java:44 outgrows its array 76 times a second,"
                + " for 66 KB on average: 50 % of all bytes");
    SiteReport maker = growing();
    assertThat(SiteAdvisor.advise(List.of(array, maker), 10 * MB))
        .extracting(Advice::title)
        .containsExactly(
            "ByteArrayOutputStream at Export.java:41 grows 32 bytes -> 310 KB 10 times a second:"
                + " 50 % of all bytes");
  }

  @Test
  void noSiteIsLeftOut() {
    List<SiteReport> many = new ArrayList<>();
    for (int line = 1; line <= 30; line++) {
      many.add(
          site("com.A.b:" + line, "byte[]", SiteState.REFUSED, "returned", MB / 4, 655_360, 0));
    }
    assertThat(SiteAdvisor.advise(many, 10 * MB)).hasSize(30);
  }

  @Test
  void whatTheUserTookBackOrIsTooSmallIsNoMatterOfTheCode() {
    String small = "no gain: its arrays are too often smaller than pooling.min-bytes, 1024 here";
    String off = "PoolLocal is switched off: pooling.without";
    assertThat(
            SiteAdvisor.advise(
                List.of(
                    site("byte[]", SiteState.REVERTED, small, 5 * MB, 6_553, 0),
                    site("byte[]", SiteState.REVERTED, "taken back by user", 5 * MB, 65_536, 0),
                    site("byte[]", SiteState.REFUSED, off, 5 * MB, 65_536, 0)),
                10 * MB))
        .isEmpty();
  }

  private static SiteReport growing() {
    return site(
        "java.io.ByteArrayOutputStream",
        SiteState.REFUSED,
        "its capacity may be seen: it is returned",
        4.8 * MB,
        4_800_000,
        310_000);
  }

  @Test
  void growthIsOneSentenceWithNumbers() {
    SiteReport grows = growing();
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
