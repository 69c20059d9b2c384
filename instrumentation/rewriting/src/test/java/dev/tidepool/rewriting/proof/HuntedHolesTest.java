package dev.tidepool.rewriting.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.proof.elsewhere.Settled;
import dev.tidepool.rewriting.proof.elsewhere.Stranger;
import dev.tidepool.rewriting.site.LoaderRef;
import dev.tidepool.rewriting.site.TypeRef;
import dev.tidepool.rewriting.site.Verdict;
import java.io.FilterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways out that the proof once overlooked, or might. */
class HuntedHolesTest {
  private static final ReceiverQuestion READ = new ReceiverQuestion("read", "([BII)I", 1 << 1);

  private final FileWorld world =
      Worlds.withFixtures(HuntedFixtures.class, Stranger.class, Settled.class);

  private Verdict prove(String method) {
    return Worlds.prove(world, HuntedFixtures.class.getName(), method, 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "freshFromHelper",
        "freshArrayReturned",
        "packagePrivate",
        "dormantClass",
        "dormantDefault",
        "putAndKept",
        "listElementKept",
        "iteratedKept",
        "caughtAndKept",
        "clonedArrayKept",
        "copiedArrayKept",
        "atomicKept",
        "worker",
        "viewKept",
        "anonymousKept",
        "sameKept",
        "linkedBeforeFilled",
        "madeInsideKept",
        "maybeOutside",
        "deflating",
        "stored",
        "recordKept",
        "manyObjects"
      })
  void whatLetsTheBufferOutIsRefused(String method) {
    Verdict verdict = prove(method);
    assertThat(verdict).as(verdict.toString()).isInstanceOf(Verdict.Refused.class);
  }

  @Test
  void aHelpersFreshObjectThatKeepsTheBufferForbidsReleaseEachRound() {
    Verdict verdict = prove("freshAcrossRounds");
    assertThat(
            verdict instanceof Verdict.Refused
                || !((Verdict.Proven) verdict).releaseOnReallocation())
        .as(verdict.toString())
        .isTrue();
  }

  /** A proof only with a guard: the receiver decides what becomes of the argument of equals. */
  @Test
  void equalsIsNotTakenOnTrust() {
    Verdict verdict = prove("equalTo");
    assertThat(verdict instanceof Verdict.Refused || !((Verdict.Proven) verdict).guards().isEmpty())
        .as(verdict.toString())
        .isTrue();
  }

  @Test
  void aMethodOfAnotherPackageIsNotMistakenForAnOverride() {
    TypeRef stranger = type(Stranger.class);
    assertThat(
            Worlds.proof(world)
                .judge(stranger, new ReceiverQuestion("take", "([B)V", 1 << 1))
                .allowed())
        .isFalse();
  }

  /** HexFormat gives its digits to a string that shares the array. */
  @Test
  void aStringThatSharesTheArrayLetsItOut() {
    var sites = Worlds.sites(world, "java.util.HexFormat", "formatOptDelimiter");
    assertThat(sites).isNotEmpty();
    for (var site : sites) {
      Verdict verdict = Worlds.proof(world).prove(site);
      assertThat(verdict).as(verdict.toString()).isInstanceOf(Verdict.Refused.class);
    }
  }

  @ParameterizedTest
  @ValueSource(classes = {HuntedFixtures.Swapped.class, HuntedFixtures.Updated.class})
  void aFieldWrittenThroughAHandleIsNotLookedAtBeforehand(Class<?> wrapper) {
    EscapeProof.Judgement judgement = Worlds.proof(world).judge(type(wrapper), READ);
    assertThat(!judgement.allowed() || judgement.conditions().isEmpty())
        .as(judgement.toString())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(classes = {Settled.class, FilterInputStream.class})
  void aFieldSetOnceIsLookedAtBeforehand(Class<?> wrapper) {
    EscapeProof.Judgement judgement = Worlds.proof(world).judge(type(wrapper), READ);
    assertThat(judgement.conditions()).as(judgement.toString()).isNotEmpty();
  }

  /** Proven only with a question to the receiver, and that one is answered with no. */
  @Test
  void aThreadLocalIsAskedAndDenied() {
    assertThat(prove("threadLocal")).isInstanceOf(Verdict.Proven.class);
    ReceiverQuestion set = new ReceiverQuestion("set", "(Ljava/lang/Object;)V", 1 << 1);
    assertThat(
            Worlds.proof(world)
                .judge(world.type("java/lang/ThreadLocal").orElseThrow(), set)
                .allowed())
        .isFalse();
  }

  /** Between being told of what a judgement rests on and the answer a class may load. */
  @Test
  void aJudgementOvertakenByAClassLoadIsNotAllowed() {
    for (boolean unmoved : new boolean[] {true, false}) {
      GuardTable[] table = new GuardTable[1];
      table[0] =
          new GuardTable(
              type -> {},
              on -> {
                on.forEach(dependency -> table[0].invalidate(dependency.type()));
                return unmoved;
              });
      assertThat(allowedOnceJudged(table[0])).isFalse();
      assertThat(allowedOnceJudged(new GuardTable(type -> {}, on -> unmoved))).isTrue();
    }
  }

  private boolean allowedOnceJudged(GuardTable table) {
    EscapeProof proof = new EscapeProof(world, table, java.time.Duration.ofSeconds(20));
    int guard = table.guard(new Condition(AccessPath.argument(0), READ));
    Object honest = new java.io.ByteArrayInputStream(new byte[1]);
    assertThat(table.allows(honest, guard)).isFalse();
    table.decidePending(() -> proof, 0);
    return table.allows(honest, guard);
  }

  /** What only came at a bad moment is asked again, later and later. */
  @Test
  void aJudgementOvertakenIsMadeAgain() {
    GuardTable[] table = new GuardTable[1];
    boolean[] loading = {true};
    table[0] =
        new GuardTable(
            type -> {},
            on -> {
              if (loading[0]) {
                on.forEach(dependency -> table[0].invalidate(dependency.type()));
              }
              return true;
            });
    EscapeProof proof = new EscapeProof(world, table[0], java.time.Duration.ofSeconds(20));
    int guard = table[0].guard(new Condition(AccessPath.argument(0), READ));
    Object honest = new java.io.ByteArrayInputStream(new byte[1]);
    assertThat(table[0].allows(honest, guard)).isFalse();
    table[0].decidePending(() -> proof, 0);
    loading[0] = false;
    table[0].decidePending(() -> proof, 1_900_000_000L);
    assertThat(table[0].allows(honest, guard)).as("not yet").isFalse();
    table[0].decidePending(() -> proof, 2_000_000_000L);
    assertThat(table[0].allows(honest, guard)).as("asked again").isTrue();
  }

  private static TypeRef type(Class<?> type) {
    return new TypeRef(type.getName().replace('.', '/'), LoaderRef.of(type.getClassLoader()));
  }
}
