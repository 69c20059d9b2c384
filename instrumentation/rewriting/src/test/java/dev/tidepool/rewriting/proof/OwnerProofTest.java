package dev.tidepool.rewriting.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnerProofTest {
  private final FileWorld world = Worlds.withFixtures(OwnerFixtures.class);

  private Verdict prove(String method) {
    return Worlds.proveOwner(world, OwnerFixtures.class.getName(), method);
  }

  private Verdict.Proven proven(String method) {
    Verdict verdict = prove(method);
    assertThat(verdict).as(verdict.toString()).isInstanceOf(Verdict.Proven.class);
    return (Verdict.Proven) verdict;
  }

  @ParameterizedTest
  @CsvSource({
    "own, buf",
    "collected, buf",
    "text, buf",
    "chars, buf",
    "chained, hb",
    "selfLed, buf",
    "heldHarmlessly, buf",
    "buffered, buf",
    "bufferedOut, buf",
    "lines, cb",
    "writes, cb",
    "writesTo, buf",
    "cleaned, buf",
    "zipped, buf"
  })
  void anOwnerKeptToItsMethodOwnsWhatItMadeForItself(String method, String field) {
    assertThat(proven(method).owned().fields()).extracting(f -> f.name()).contains(field);
  }

  @Test
  void anArrayThatItsMakerGaveItIsNotItsOwn() {
    assertThat(proven("givenByItsMaker").owned().fields())
        .extracting(f -> f.name())
        .containsExactly("buf");
  }

  @Test
  void anOwnerThatOnlyTakesBytesNeedsNoGuard() {
    assertThat(proven("own").guards()).isEmpty();
    assertThat(proven("collected").guards()).isEmpty();
    assertThat(proven("chars").guards()).isEmpty();
  }

  @Test
  void whatAnObjectDoesByAMethodOfItsOwnIsLookedAtAndNotAsked() {
    // asked, the object would have to answer for whatever stream may be
    Verdict verdict = Worlds.proveOwner(world, OwnerFixtures.Template.class.getName(), "first");
    assertThat(verdict).as(verdict.toString()).isInstanceOf(Verdict.Proven.class);
    assertThat(((Verdict.Proven) verdict).guards())
        .isNotEmpty()
        .noneMatch(guard -> guard.operand() == 0 && guard.ordinal() > 6);
    assertThat(((Verdict.Proven) verdict).dependencies())
        .anyMatch(on -> on instanceof Dependency.Overrides over && over.name().equals("count"));
  }

  @Test
  void aStreamThatIsHandedTheArrayIsAskedFirst() {
    assertThat(proven("buffered").guards()).isNotEmpty();
    assertThat(proven("writesTo").guards()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "returned, returned to the caller",
    "stored, stored in field OwnerFixtures.kept",
    "shown, returned to the caller",
    "lent, no array of its own",
    "over, no array of its own",
    "registered, stored in field",
    "twice, no array of its own",
    "leaksItself, stored in field OwnerFixtures.kept",
    "finalized, finalizer",
    "swapped, stored in field",
    "shared, stored in field OwnerFixtures.Many.a",
    "putFromOutside, no array of its own",
    "putByTheHolder, no array of its own",
    "putThroughTheHolder, no array of its own",
    "putIntoOneOfTwo, no array of its own",
    "putByItsMaker, no array of its own",
    "ledInAKnot, stored in field",
    "wiped, kept until something is done about its end",
    "inThread, captured by a lambda"
  })
  void anythingElseIsRefused(String method, String reason) {
    Verdict verdict = prove(method);
    assertThat(verdict).as(verdict.toString()).isInstanceOf(Verdict.Refused.class);
    assertThat(((Verdict.Refused) verdict).reason()).contains(reason);
  }
}
