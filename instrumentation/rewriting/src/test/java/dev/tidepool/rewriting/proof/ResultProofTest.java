package dev.tidepool.rewriting.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.site.GuardedCall;
import dev.tidepool.rewriting.site.Verdict;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
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
        "fromOnesOfManyRounds",
        "fromAbove",
        "letOut",
        "passedOn"
      })
  void anythingElseIsRefused(String method) {
    Verdict verdict = prove(method);
    assertThat(verdict).as(verdict.toString()).isInstanceOf(Verdict.Refused.class);
  }

  @ParameterizedTest
  @CsvSource({
    "fromOpenClass, bytes",
    "fromInterface, make",
    "fromStreamOfAnyKind, readNBytes",
    "fromHelperOfStream, readNBytes"
  })
  void whatAnyReceiverMakesIsAskedOfIt(String method, String usuallyMadeIn) {
    Verdict.Proven proven = proven(method);
    assertThat(proven.guards()).hasSize(1).allMatch(GuardedCall::result);
    assertThat(proven.sources()).extracting(s -> s.method().name()).contains(usuallyMadeIn);
  }

  static Stream<Arguments> receivers() {
    ByteArrayInputStream honest = new ByteArrayInputStream(new byte[1]);
    InputStream hoarder = new ResultFixtures.Hoarder();
    return Stream.of(
        Arguments.of(honest, true),
        Arguments.of(new ResultFixtures.Wrapper(honest), true),
        Arguments.of(new ResultFixtures.Wrapper(new ResultFixtures.Wrapper(honest)), true),
        Arguments.of(hoarder, false),
        Arguments.of(new ResultFixtures.Wrapper(new ResultFixtures.Wrapper(hoarder)), false),
        Arguments.of(new ResultFixtures.Sharer(), false),
        Arguments.of(new ResultFixtures.Turncoat(honest), false),
        Arguments.of(new ResultFixtures.Wrapper(null), false),
        Arguments.of(null, false));
  }

  @ParameterizedTest
  @MethodSource("receivers")
  void aReceiverAnswersForWhatItMakes(InputStream receiver, boolean allowed) {
    GuardTable guards = new GuardTable(type -> {}, on -> true);
    ReceiverQuestion question = ReceiverQuestion.ofResult("readAllBytes", "()[B");
    int guard = guards.guard(new Condition(AccessPath.argument(0), question));
    EscapeProof proof = new EscapeProof(world, guards, Duration.ofSeconds(20));
    assertThat(guards.allows(receiver, guard)).as("before it is judged").isFalse();
    while (guards.decidePending(() -> proof, 0)) {
      guards.allows(receiver, guard); // has what it wraps judged too
    }
    assertThat(guards.allows(receiver, guard)).as(guards.denial(guard)).isEqualTo(allowed);
  }
}
