package dev.tidepool.rewriting.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.LoaderRef;
import dev.tidepool.rewriting.site.TypeRef;
import dev.tidepool.rewriting.site.Verdict;
import java.io.ByteArrayOutputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LendingTest {
  private static final ReceiverQuestion WRITE = new ReceiverQuestion("write", "([BII)V", 1 << 1);

  private final FileWorld world = Worlds.withFixtures(LendingFixtures.class);

  private Verdict prove(String method) {
    return Worlds.prove(world, LendingFixtures.class.getName(), method, 0);
  }

  private static Verdict.Proven proven(Verdict verdict) {
    assertThat(verdict).as(verdict.toString()).isInstanceOf(Verdict.Proven.class);
    return (Verdict.Proven) verdict;
  }

  private EscapeProof.Judgement judge(Class<?> receiver, ReceiverQuestion question) {
    return Worlds.proof(world).judge(type(receiver), question);
  }

  private static TypeRef type(Class<?> type) {
    return new TypeRef(type.getName().replace('.', '/'), LoaderRef.of(type.getClassLoader()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"own", "caughtHere", "thrownOn", "tellsAndThrows"})
  void anArrayHandedToACompressorIsProvenAndTheCallNamed(String method) {
    assertThat(proven(prove(method)).keepingOnThrow()).as(method).isNotEmpty();
  }

  @Test
  void whereTheReceiverIsAskedTheCallIsNamedToo() {
    Verdict.Proven given = proven(prove("given"));
    assertThat(given.guards()).hasSize(1);
    assertThat(given.keepingOnThrow()).containsExactly(given.guards().get(0).ordinal());
  }

  @ParameterizedTest
  @ValueSource(strings = {"caughtBelow", "caughtTwoBelow", "tellsAndPerhapsThrows"})
  void anArrayIsRefusedWhereTheProgramGoesOnAfterTheThrow(String method) {
    Verdict verdict = prove(method);
    assertThat(verdict).as(method).isInstanceOf(Verdict.Refused.class);
    assertThat(((Verdict.Refused) verdict).reason())
        .startsWith("escapes at LendingFixtures.java:")
        .contains("where it throws, which is caught");
  }

  @Test
  void aReceiverOfACallWhoseThrowIsCaughtMayNotBeACompressor() {
    assertThat(proven(prove("givenAndCaughtBelow")).guards()).hasSize(1);
    assertThat(judge(GZIPOutputStream.class, WRITE.evenOnThrow()).allowed()).isFalse();
    assertThat(judge(GZIPOutputStream.class, WRITE.evenOnThrow()).reason())
        .isEqualTo("kept where it throws, and the caller goes on");
    assertThat(judge(ByteArrayOutputStream.class, WRITE.evenOnThrow()).allowed()).isTrue();
  }

  /** What is asked of the wrapped stream is asked more strictly by who catches. */
  @Test
  void aWrapperThatHidesWhatGoesWrongMayNotWrapACompressor() {
    assertThat(judge(LendingFixtures.Hiding.class, WRITE).conditions())
        .isNotEmpty()
        .noneMatch(condition -> condition.question().onThrow());
    assertThat(judge(java.io.BufferedOutputStream.class, WRITE).conditions())
        .isNotEmpty()
        .allMatch(condition -> condition.question().onThrow());
    assertThat(judge(java.io.BufferedOutputStream.class, WRITE.evenOnThrow()).conditions())
        .isNotEmpty()
        .noneMatch(condition -> condition.question().onThrow());
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        DeflaterOutputStream.class,
        GZIPOutputStream.class,
        ZipOutputStream.class,
        LendingFixtures.Counting.class,
        LendingFixtures.Waiting.class
      })
  void aStreamThatWaitsForItsDeflaterIsAllowed(Class<?> stream) {
    EscapeProof.Judgement judgement = judge(stream, WRITE);
    assertThat(judgement.allowed()).as(judgement.reason()).isTrue();
    assertThat(judgement.on())
        .contains(
            Dependency.Overrides.any(type(DeflaterOutputStream.class)),
            new Dependency.Overrides(type(Deflater.class), "setInput", "([BII)V"),
            new Dependency.Overrides(type(Deflater.class), "needsInput", "()Z"));
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        LendingFixtures.Hasty.class,
        LendingFixtures.Reversed.class,
        LendingFixtures.Mistaken.class,
        LendingFixtures.Elsewhere.class,
        LendingFixtures.Silent.class
      })
  void aStreamThatDoesNotWaitIsDenied(Class<?> stream) {
    EscapeProof.Judgement judgement = judge(stream, WRITE);
    assertThat(judgement.allowed()).isFalse();
    assertThat(judgement.reason()).contains("stored in field Deflater.inputArray");
  }

  /**
   * The loan outlasts the call that begins it: in the site's own method it is asked, and denied.
   */
  @Test
  void aDeflaterItselfIsDenied() {
    Verdict here = Worlds.prove(world, LendingFixtures.Here.class.getName(), "write", 0);
    assertThat(proven(here).guards()).hasSize(1);
    ReceiverQuestion setInput = new ReceiverQuestion("setInput", "([BII)V", 1 << 1);
    assertThat(judge(Deflater.class, setInput).allowed()).isFalse();
  }

  @Test
  void aResultIsProvenUnlessTheThrowWasCaughtWhereItWasMade() {
    String fixtures = LendingFixtures.class.getName();
    proven(Worlds.proveResult(world, fixtures, "result"));
    assertThat(Worlds.proveResult(world, fixtures, "resultCaught"))
        .isInstanceOf(Verdict.Refused.class);
  }

  @Test
  void anOwnerThatHandsItsArrayToACompressorIsProvenAndTheCallNamed() {
    Verdict.Proven owner =
        proven(Worlds.proveOwner(world, LendingFixtures.class.getName(), "owner"));
    assertThat(owner.owned()).isNotNull();
    assertThat(owner.keepingOnThrow()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        LyingFixtures.Liar.class,
        LyingFixtures.Hoarder.class,
        LyingFixtures.Exchanging.class
      })
  void oneClassThatLiesIsEnoughToAllowNone(Class<?> lying) {
    EscapeProof.Judgement judgement =
        Worlds.proof(Worlds.apart(lying)).judge(type(GZIPOutputStream.class), WRITE);
    assertThat(judgement.allowed()).isFalse();
    assertThat(judgement.reason()).contains("stored in field");
  }

  @Test
  void aDeflaterThatOverridesNothingOfThisIsNoMatter() {
    EscapeProof.Judgement judgement =
        Worlds.proof(Worlds.apart(LyingFixtures.Honest.class))
            .judge(type(GZIPOutputStream.class), WRITE);
    assertThat(judgement.allowed()).as(judgement.reason()).isTrue();
  }
}
