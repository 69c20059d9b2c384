package dev.tidepool.rewriting.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.site.Verdict;
import org.junit.jupiter.api.Test;

/** Real methods of this JDK, judged as a person who reads them would. */
class JdkSitesTest {

  private static Verdict prove(String type, String method, int nth) {
    return Worlds.prove(Worlds.withFixtures(), type, method, nth);
  }

  private static void proven(String type, String method, int nth) {
    assertThat(prove(type, method, nth)).isInstanceOf(Verdict.Proven.class);
  }

  @Test
  void copyLoopsOfStreamsAndReadersAreProvenWithGuards() {
    Verdict transfer = prove("java.io.InputStream", "transferTo", 0);
    assertThat(transfer).isInstanceOf(Verdict.Proven.class);
    assertThat(((Verdict.Proven) transfer).guards()).hasSize(2);
    proven("java.io.Reader", "transferTo", 0);
  }

  @Test
  void theSourceCopyOfBase64IsProvenAndItsResultIsNot() {
    Verdict result = prove("java.util.Base64$Encoder", "encode", 1);
    assertThat(result).isInstanceOf(Verdict.Refused.class);
    assertThat(Worlds.sites(Worlds.withFixtures(), "java.util.Base64$Encoder", "encode"))
        .anySatisfy(
            site ->
                assertThat(Worlds.proof(Worlds.withFixtures()).prove(site))
                    .isInstanceOf(Verdict.Proven.class));
  }

  @Test
  void countingSortIsProven() {
    assertThat(Worlds.sites(Worlds.withFixtures(), "java.util.DualPivotQuicksort", "countingSort"))
        .isNotEmpty()
        .allSatisfy(
            site ->
                assertThat(Worlds.proof(Worlds.withFixtures()).prove(site))
                    .isInstanceOf(Verdict.Proven.class));
  }

  @Test
  void aGrowableStreamsBufferIsRefusedByItsField() {
    Verdict verdict = prove("java.io.ByteArrayOutputStream", "<init>", 0);
    assertThat(verdict).isInstanceOf(Verdict.Refused.class);
    assertThat(((Verdict.Refused) verdict).reason())
        .startsWith("escapes at ByteArrayOutputStream.java:")
        .contains("stored in field ByteArrayOutputStream.buf");
  }
}
