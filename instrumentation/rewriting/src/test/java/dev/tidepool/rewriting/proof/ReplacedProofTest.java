package dev.tidepool.rewriting.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.site.SiteKey;
import dev.tidepool.rewriting.site.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplacedProofTest {
  private final FileWorld world = Worlds.withFixtures(ReplacedFixtures.class);

  private Verdict prove(String type, String method) {
    List<SiteKey> puts = Worlds.puts(world, type, method);
    return Worlds.proof(world).prove(puts.get(puts.size() - 1));
  }

  private Verdict.Replaced proven(String type, String method) {
    Verdict verdict = prove(type, method);
    assertThat(verdict).as(verdict.toString()).isInstanceOf(Verdict.Proven.class);
    return ((Verdict.Proven) verdict).replaced();
  }

  private static String fixture(String name) {
    return ReplacedFixtures.class.getName() + "$" + name;
  }

  @ParameterizedTest
  @CsvSource({
    "java.io.ByteArrayOutputStream, ensureCapacity, buf",
    "java.io.BufferedReader, close, cb",
    "java.io.BufferedWriter, close, cb",
    "java.io.CharArrayWriter, write, buf",
    "java.io.PushbackReader, close, buf"
  })
  void theJdkReplacesArraysUnderItsOwnLocks(String type, String method, String field) {
    assertThat(proven(type, method).field().name()).isEqualTo(field);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Locked", "LockedByObject", "Hands"})
  void whatOnlyTheClassTouchesUnderOneLockIsDeadOnceReplaced(String fixture) {
    assertThat(proven(fixture(fixture), "grow").uses()).anyMatch(use -> !use.hands());
  }

  @ParameterizedTest
  @CsvSource({
    "Unlocked, no lock is certainly held",
    "OtherLock, no lock is certainly held",
    "ChangingLock, no lock is certainly held",
    "UsedOutside, in hand without a lock",
    "InHandAcrossGrowth, in hand at",
    "Shows, let out at",
    "Stores, let out at",
    "Takes, may not be its own",
    "PutsTwice, may not be its own",
    "PutsInTwo, let out at",
    "OfAnother, in another object",
    "Copied, copies of its object",
    "Sent, copies of its object",
    "Visible, other classes may touch it",
    "Nested, touched in another way by look",
    "ByReference, no lock is certainly held",
    "NestedByReference, touched in another way by",
    "ByName, touched in another way by handle",
    "StillBuilding, still in hand behind",
    "ReadsTheOneBefore, still in hand behind",
    "HandsOnTheOneBefore, still in hand behind",
    "ReadsTheOneBeforeNextTime, still in hand behind",
    "JoinsInBetween, while other code runs",
    "CalledByNobody, no lock is certainly held",
    "Waits, in hand at",
    "ReleasedHalfWay, no lock is certainly held"
  })
  void elseItMayStillBeInUse(String fixture, String why) {
    Verdict verdict = prove(fixture(fixture), "grow");
    assertThat(verdict).as(verdict.toString()).isInstanceOf(Verdict.Refused.class);
    assertThat(((Verdict.Refused) verdict).reason()).contains(why);
  }

  @Test
  void whoeverIsHandedTheArrayIsAskedOrMayKeepIt() {
    List<Verdict.FieldUse> reads = hands(proven("java.io.BufferedReader", "close"));
    assertThat(reads).hasSize(1).allMatch(use -> use.method().equals("fill") && !use.kept());
    assertThat(reads.get(0).guards()).hasSize(1);
    assertThat(reads.get(0).operand()).isEqualTo(1);

    List<Verdict.FieldUse> writes =
        hands(proven("java.io.ByteArrayOutputStream", "ensureCapacity"));
    assertThat(writes)
        .filteredOn(use -> use.method().equals("writeTo"))
        .isNotEmpty()
        .allMatch(use -> use.kept() || !use.guards().isEmpty());
    assertThat(writes)
        .filteredOn(use -> use.method().equals("toString") && use.descriptor().contains("Charset"))
        .isNotEmpty();
  }

  private static List<Verdict.FieldUse> hands(Verdict.Replaced replaced) {
    return replaced.uses().stream().filter(Verdict.FieldUse::hands).toList();
  }

  @Test
  void aStreamThatIsClosedWithoutItsLockIsNot() {
    assertThat(prove("java.io.PushbackInputStream", "close")).isInstanceOf(Verdict.Refused.class);
    assertThat(prove("java.lang.AbstractStringBuilder", "ensureCapacityInternal"))
        .isInstanceOf(Verdict.Refused.class);
  }
}
