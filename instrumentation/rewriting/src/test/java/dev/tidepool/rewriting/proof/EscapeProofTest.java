package dev.tidepool.rewriting.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.site.SiteKey;
import dev.tidepool.rewriting.site.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EscapeProofTest {
  private final FileWorld world = Worlds.withFixtures(ProofFixtures.class);

  private Verdict prove(String method) {
    return Worlds.prove(world, ProofFixtures.class.getName(), method, 0);
  }

  private Verdict.Proven proven(String method) {
    Verdict verdict = prove(method);
    assertThat(verdict).as(verdict.toString()).isInstanceOf(Verdict.Proven.class);
    return (Verdict.Proven) verdict;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sum",
        "loop",
        "honest",
        "wrapped",
        "copied",
        "recursive",
        "tryFinally",
        "localKeeper",
        "grown"
      })
  void aBufferKeptToItselfIsProvenWithoutGuards(String method) {
    assertThat(proven(method).guards()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"copy", "helped"})
  void aBufferHandedToStreamsIsProvenWithAGuardForEach(String method) {
    assertThat(proven(method).guards()).hasSizeBetween(2, 3);
  }

  @Test
  void aGuardOfAHelperLooksAtTheStreamsHandedToIt() {
    assertThat(proven("helped").guards())
        .extracting(g -> g.operand())
        .containsExactlyInAnyOrder(0, 1);
  }

  @ParameterizedTest
  @CsvSource({
    "returned, returned to the caller",
    "returnedAlias, returned to the caller",
    "staticField, stored in field ProofFixtures.kept",
    "instanceField, stored in field ProofFixtures.field",
    "throughHelper, stored in field ProofFixtures.kept",
    "keeper, stored in field ProofFixtures.Keeper.last",
    "localKeeperReturned, returned",
    "wrappedAndReturned, returned",
    "varargs, stored in field ProofFixtures.kept",
    "lambda, captured by a lambda",
    "toThread, captured by a lambda",
    "locked, used as a lock",
    "identity, asked for its identity",
    "systemIdentity, passed to native System.identityHashCode",
    "finalized, finalizer",
    "weak, put under a reference object",
    "holderFilledLater, stored in field ProofFixtures.Box.inner",
    "holderLetOutByItsConstructor, stored in field ProofFixtures.Registered.last",
  })
  void aBufferLetOutIsRefusedAndTheReasonNamesTheWay(String method, String reason) {
    Verdict verdict = prove(method);
    assertThat(verdict).isInstanceOf(Verdict.Refused.class);
    Verdict.Refused refused = (Verdict.Refused) verdict;
    assertThat(refused.reason()).contains(reason).contains("ProofFixtures.java:");
    assertThat(refused.path()).first().asString().startsWith("allocated at ProofFixtures.java:");
    assertThat(refused.path()).last().asString().contains(" at ProofFixtures.java:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"boxed", "listReturned", "thrown", "reflected", "arrayOfArrays"})
  void otherWaysOutAreRefused(String method) {
    assertThat(prove(method)).isInstanceOf(Verdict.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"listed", "consumer"})
  void anInterfaceIsLeftToTheGuard(String method) {
    assertThat(proven(method).guards()).hasSize(1);
  }

  @Test
  void aBufferMadeEachRoundMayBeReleasedEachRound() {
    assertThat(proven("loop").releaseOnReallocation()).isTrue();
  }

  @Test
  void doubleBufferingForbidsReleaseEachRound() {
    SiteKey inLoop = Worlds.sites(world, ProofFixtures.class.getName(), "doubleBuffer").get(1);
    Verdict verdict = Worlds.proof(world).prove(inLoop);
    assertThat(verdict).isInstanceOf(Verdict.Proven.class);
    assertThat(((Verdict.Proven) verdict).releaseOnReallocation()).isFalse();
  }

  @Test
  void nothingIsPooledBeforeSuper() {
    Verdict early = Worlds.prove(world, ProofFixtures.class.getName(), "<init>", 0);
    assertThat(((Verdict.Refused) early).reason()).contains("super()");
    Verdict late = Worlds.prove(world, ProofFixtures.class.getName(), "<init>", 1);
    assertThat(late).isInstanceOf(Verdict.Proven.class);
  }

  @Test
  void aProofNamesTheCodeItRestsOn() {
    assertThat(proven("recursive").dependencies())
        .anyMatch(d -> d.type().sourceName().equals(ProofFixtures.class.getName()));
  }

  @Test
  void aSpentBudgetIsARefusal() {
    EscapeProof hasty = new EscapeProof(world, Worlds.guards(), java.time.Duration.ofNanos(1));
    Verdict verdict =
        hasty.prove(Worlds.sites(world, ProofFixtures.class.getName(), "helped").get(0));
    assertThat(((Verdict.Refused) verdict).reason()).startsWith("too large to prove");
  }

  /** Nothing can be put into an array of bytes, whatever is put into what holds it. */
  @Test
  void aReceiverThatWrapsTheArrayForItselfIsAllowed() {
    EscapeProof.Judgement judgement =
        Worlds.proof(world)
            .judge(
                world.type(ProofFixtures.Looking.class.getName().replace('.', '/')).orElseThrow(),
                new ReceiverQuestion("write", "([BII)V", 1 << 1));
    assertThat(judgement.allowed()).as(judgement.reason()).isTrue();
  }
}
