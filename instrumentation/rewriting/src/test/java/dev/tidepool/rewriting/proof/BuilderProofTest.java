package dev.tidepool.rewriting.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.site.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BuilderProofTest {
  private final FileWorld world = Worlds.withFixtures(BuilderFixtures.class);

  private Verdict prove(String method) {
    return Worlds.proveOwner(world, BuilderFixtures.class.getName(), method);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sized", "plain", "copied", "eachRound", "concatenated"})
  void whatStaysWithStringsAndBuildersIsProven(String method) {
    Verdict verdict = prove(method);
    assertThat(verdict).as(verdict.toString()).isInstanceOf(Verdict.Proven.class);
    Verdict.Proven proven = (Verdict.Proven) verdict;
    assertThat(proven.releaseOnReallocation()).isTrue();
    assertThat(proven.zeroExcused()).isTrue();
    assertThat(proven.owned().fields()).extracting(Verdict.Field::name).containsExactly("value");
    assertThat(proven.owned().isMemory()).isFalse();
  }

  @Test
  void theBuilderOfTheRoundBeforeMayStillBeRead() {
    Verdict verdict = prove("roundBefore");
    assertThat(verdict).as(verdict.toString()).isInstanceOf(Verdict.Proven.class);
    assertThat(((Verdict.Proven) verdict).releaseOnReallocation()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "withText, made with a text",
    "returned, it is returned",
    "returnedAsText, it is returned",
    "stored, it is stored in a static field",
    "storedInField, it is stored in a field",
    "formatted, it is stored in an array",
    "captured, it is captured by a lambda",
    "bound, it is handed to java.util.Objects.requireNonNull",
    "handed, it is handed to",
    "asked, capacity() is asked",
    "viewed, chars() is asked",
    "either, it is returned",
    "part, it is returned"
  })
  void anythingElseIsRefused(String method, String why) {
    Verdict verdict = prove(method);
    assertThat(verdict).as(verdict.toString()).isInstanceOf(Verdict.Refused.class);
    assertThat(((Verdict.Refused) verdict).reason()).contains(why);
  }
}
