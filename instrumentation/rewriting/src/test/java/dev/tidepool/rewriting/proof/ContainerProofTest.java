package dev.tidepool.rewriting.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.site.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerProofTest {
  private final FileWorld world = Worlds.withFixtures(ContainerFixtures.class);

  private Verdict prove(String method) {
    return Worlds.prove(world, ContainerFixtures.class.getName(), method, 0);
  }

  private Verdict.Proven proven(String method) {
    return proven(prove(method));
  }

  private static Verdict.Proven proven(Verdict verdict) {
    assertThat(verdict).as(verdict.toString()).isInstanceOf(Verdict.Proven.class);
    return (Verdict.Proven) verdict;
  }

  private static void refused(Verdict verdict, String reason) {
    assertThat(verdict).as(verdict.toString()).isInstanceOf(Verdict.Refused.class);
    assertThat(((Verdict.Refused) verdict).reason()).contains(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"iterated", "indexed", "queued", "rows", "ofHonestSubclass"})
  void arraysOfAContainerThatDiesWithTheMethodAreAllGivenBack(String method) {
    Verdict.Proven proven = proven(method);
    assertThat(proven.several()).isTrue();
    assertThat(proven.returned()).isFalse();
    assertThat(proven.releaseOnReallocation()).isFalse();
    assertThat(proven.guards()).isEmpty();
  }

  @Test
  void aContainerThatDiesWithTheRoundLeavesNothingToKeep() {
    Verdict.Proven proven = proven("onePerList");
    assertThat(proven.several()).isFalse();
    assertThat(proven.releaseOnReallocation()).isTrue();
  }

  @Test
  void theChunksOfAStreamReadToItsEndAreProven() {
    Verdict.Proven proven = proven(Worlds.prove(world, "java.io.InputStream", "readNBytes", 0));
    assertThat(proven.several()).isTrue();
    assertThat(proven.returned()).isTrue();
    assertThat(proven.guards()).as("the stream itself, asked to read").hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void theResultOfAStreamReadToItsEndIsTheCallers(int nth) {
    refused(
        Worlds.prove(world, "java.io.InputStream", "readNBytes", nth), "returned to the caller");
  }

  @ParameterizedTest
  @CsvSource({
    "listReturned, returned to the caller",
    "listStored, stored in field ContainerFixtures.field",
    "listPassed, stored in field ContainerFixtures.kept",
    "listPassedFirst, stored in field ContainerFixtures.kept",
    "listCaptured, captured by a lambda",
    "listToThread, captured by a lambda",
    "iteratorKept, stored in field ContainerFixtures.kept",
    "iteratorReturned, returned to the caller",
    "elementKept, stored in field ContainerFixtures.kept",
    "nextKept, stored in field ContainerFixtures.kept",
    "viewKept, stored in field ContainerFixtures.kept",
    "partKept, stored in field ContainerFixtures.kept",
    "copyKept, in an object from outside",
    "listOfListsKept, stored in field ContainerFixtures.kept",
    "partReturnedByAnother, stored in field ContainerFixtures.kept",
    "ofLeakingSubclass, stored in field ContainerFixtures.kept",
    "ofSubclassThatLeaksWhenRead, stored in field ContainerFixtures.kept",
    "ofFinalizedSubclass, finalizer",
    "listHashed, stored in field ContainerFixtures.kept",
    "listOfferedFirst, handed over before it is made",
    "listOfferedEachRound, handed over before it is made",
    "boxOfferedFirst, handed over before it is made",
    "innerOfferedFirst, handed over before it is made",
  })
  void whatLetsTheContainerOutLetsTheArrayOut(String method, String reason) {
    refused(prove(method), reason);
  }

  @Test
  void whatIsCertainOfTheContainerIsKnownToTheMethodItIsHandedTo() {
    Verdict.Proven proven = proven("helped");
    assertThat(proven.guards()).isEmpty();
    assertThat(proven.several()).isTrue();
  }

  /** A list whose class is not certain here is asked when the time comes, and says no. */
  @ParameterizedTest
  @ValueSource(strings = {"listGiven", "perhapsGiven", "partsReturned"})
  void aContainerThatMayBeAnyIsNotTrusted(String method) {
    Verdict verdict = prove(method);
    boolean asks = verdict instanceof Verdict.Proven proven && !proven.guards().isEmpty();
    assertThat(asks || verdict instanceof Verdict.Refused).as(verdict.toString()).isTrue();
    ReceiverQuestion add =
        new ReceiverQuestion(
            "add", "(Ljava/lang/Object;)Z", 1 << 1, false, true, java.util.Map.of());
    assertThat(
            Worlds.proof(world)
                .judge(world.type("java/util/ArrayList").orElseThrow(), add)
                .allowed())
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"listOfferedWhenFull", "freshListOfferedEachRound"})
  void aFullContainerMayBeOffered(String method) {
    assertThat(proven(method).guards()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fitted", "fittedAsObject", "oneOfMany", "fromBox"})
  void anArrayReturnedNowAndThenIsProven(String method) {
    assertThat(proven(method).returned()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "always",
        "alwaysButNull",
        "alwaysOnceMade",
        "alwaysOneOfTwo",
        "madeToBeReturned",
        "perhapsInList",
        "perhapsInArray",
        "rowsReturned"
      })
  void anArrayReturnedAlwaysOrUnseenIsRefused(String method) {
    refused(prove(method), "returned to the caller");
  }

  @Test
  void anArrayReturnedAndKeptIsRefused() {
    refused(prove("returnedAndKept"), "stored in field ContainerFixtures.kept");
  }

  private Verdict proveResult(String method) {
    return Worlds.proveResult(world, ContainerFixtures.class.getName(), method);
  }

  @Test
  void anArrayThatStoodInADeadListIsTheCallers() {
    assertThat(proven(proveResult("ofCollected")).sources()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ofCollectedIntoMine", "ofCollectedAndKept"})
  void anArrayThatStandsInALiveListIsNot(String method) {
    refused(proveResult(method), "the array may be one that somebody else has");
  }
}
