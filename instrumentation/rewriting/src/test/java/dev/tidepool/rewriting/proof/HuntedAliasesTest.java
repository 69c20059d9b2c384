package dev.tidepool.rewriting.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.site.TypeRef;
import dev.tidepool.rewriting.site.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holes that were found once: an array that two names lead to. */
class HuntedAliasesTest {
  private final FileWorld world = Worlds.withFixtures(HuntedAliases.class);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "erased",
        "erasedTwice",
        "generic",
        "supplied",
        "pageKept",
        "latePages",
        "viewed",
        "inner",
        "innerArray",
        "failed",
        "inFinally",
        "reflected",
        "putThroughUnseen",
        "ledThroughUnseen",
        "inVarargs"
      })
  void anOwnersArrayKnownByAnotherNameIsNotGivenBack(String method) {
    Verdict verdict = Worlds.proveOwner(world, HuntedAliases.class.getName(), method);
    assertThat(verdict).isInstanceOf(Verdict.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "asksAnotherName",
        "asksBox",
        "asksErased",
        "asksException",
        "asksLambda",
        "asksPage",
        "asksElement"
      })
  void aResultKnownByAnotherNameIsNotTheCallersAlone(String method) {
    Verdict verdict = Worlds.proveResult(world, HuntedAliases.class.getName(), method);
    assertThat(verdict).isInstanceOf(Verdict.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"asksFine"})
  void aResultWithTwoNamesInItsMethodAloneIs(String method) {
    Verdict verdict = Worlds.proveResult(world, HuntedAliases.class.getName(), method);
    assertThat(verdict).as(verdict.toString()).isInstanceOf(Verdict.Proven.class);
  }

  @Test
  void aThreadLocalIsAskedAndSaysNo() {
    Verdict verdict = Worlds.proveOwner(world, HuntedAliases.class.getName(), "threadLocal");
    assertThat(((Verdict.Proven) verdict).guards()).isNotEmpty();
    ReceiverQuestion set = new ReceiverQuestion("set", "(Ljava/lang/Object;)V", 1 << 1);
    TypeRef local = world.type("java/lang/ThreadLocal").orElseThrow();
    assertThat(Worlds.proof(world).judge(local, set).allowed()).isFalse();
  }

  @Test
  void aFieldHiddenByASubclassIsGivenBackOnce() {
    Verdict verdict = Worlds.proveOwner(world, HuntedAliases.class.getName(), "hidden");
    assertThat(((Verdict.Proven) verdict).owned().fields())
        .extracting(field -> field.owner().name())
        .containsExactly(HuntedAliases.Plain.class.getName().replace('.', '/'));
  }
}
