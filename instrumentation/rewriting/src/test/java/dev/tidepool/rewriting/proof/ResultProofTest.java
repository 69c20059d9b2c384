package dev.tidepool.rewriting.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.site.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResultProofTest {
  private final FileWorld world = Worlds.withFixtures(ResultFixtures.class);

  private Verdict prove(String method) {
    return Worlds.proveResult(world, ResultFixtures.class.getName(), method);
  }

  private Verdict.Proven proven(String method) {
    Verdict verdict = prove(method);
    assertThat(verdict).as(verdict.toString()).isInstanceOf(Verdict.Proven.class);
    return (Verdict.Proven) verdict;
  }

  @ParameterizedTest
  @CsvSource({
    "fromHelper, made",
    "twoLevels, toByteArray",
    "fromStream, toByteArray",
    "encoded, encode",
    "fromFinalClass, bytes"
  })
  void anArrayMadeForTheCallerIsTheCallers(String method, String madeIn) {
    assertThat(proven(method).sources()).extracting(s -> s.method().name()).contains(madeIn);
  }

  @Test
  void everyPlaceThatMakesItIsNamed() {
    assertThat(proven("fromFinalClass").sources()).hasSize(2);
  }

  @Test
  void aCopyIsMadeOnTheSpot() {
    assertThat(proven("copied").sources()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fromKeeper",
        "fromSometimesShared",
        "fromSame",
        "fromHolder",
        "fromField",
        "fromReplaced",
        "fromOpenClass",
        "letOut",
        "passedOn"
      })
  void anythingElseIsRefused(String method) {
    Verdict verdict = prove(method);
    assertThat(verdict).as(verdict.toString()).isInstanceOf(Verdict.Refused.class);
  }
}
