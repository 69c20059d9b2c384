package dev.tidepool.rewriting.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.site.SiteKey;
import dev.tidepool.rewriting.site.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Buffers that a static method of the JDK makes. */
class BuffersTest {
  private final FileWorld world = Worlds.withFixtures(BufferFixtures.class);

  private Verdict prove(String method) {
    return Worlds.proof(world).prove(sites(method).get(0));
  }

  private List<SiteKey> sites(String method) {
    return Worlds.sites(
        world, BufferFixtures.class.getName(), method, insn -> Factories.made(insn) != null);
  }

  private Verdict.Proven proven(String method) {
    Verdict verdict = prove(method);
    assertThat(verdict).as(verdict.toString()).isInstanceOf(Verdict.Proven.class);
    return (Verdict.Proven) verdict;
  }

  @ParameterizedTest
  @CsvSource({"heap, HeapByteBuffer", "letters, HeapCharBuffer", "lengthOfArray, HeapByteBuffer"})
  void aBufferKeptToItsMethodOwnsItsArray(String method, String type) {
    Verdict.Owned owned = proven(method).owned();
    assertThat(owned.type().name()).isEqualTo("java/nio/" + type);
    assertThat(owned.fields()).extracting(Verdict.Field::name).containsExactly("hb");
    assertThat(owned.isMemory()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "viewed", "rounds", "ofTheRoundBefore"})
  void theMemoryOfADirectBufferDiesWithIt(String method) {
    assertThat(proven(method).owned().isMemory()).isTrue();
  }

  @Test
  void aBufferOfTheRoundBeforeIsEndedOnlyWhereNobodyReadsItAnyMore() {
    assertThat(proven("rounds").releaseOnReallocation()).isTrue();
    assertThat(proven("ofTheRoundBefore").releaseOnReallocation()).isFalse();
  }

  @Test
  void aChannelThatIsHandedTheBufferIsAskedFirst() {
    assertThat(proven("direct").guards()).isEmpty();
    assertThat(proven("written").guards()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "returned, returned to the caller",
    "chained, returned to the caller",
    "stored, stored in field BufferFixtures.kept",
    "sliced, stored in field BufferFixtures.kept",
    "duplicateOfSlice, stored in field BufferFixtures.kept",
    "longs, returned to the caller",
    "charsOfHeap, returned to the caller",
    "array, returned to the caller",
    "readOnly, stored in field BufferFixtures.kept",
    "captured, captured by a lambda",
    "arrayWatched, kept until something is done about its end",
    "arrayWatchedByAHelper, kept until something is done about its end",
    "oneOfTwo, returned to the caller",
    "thrown, escapes at Throwable.java",
    "previous, returned to the caller"
  })
  void anythingElseIsRefused(String method, String reason) {
    Verdict verdict = prove(method);
    assertThat(verdict).as(verdict.toString()).isInstanceOf(Verdict.Refused.class);
    assertThat(((Verdict.Refused) verdict).reason()).contains(reason);
  }

  @Test
  void everyMethodOfTheListMakesOneObjectForItsCaller() {
    List<SiteKey> sites = sites("kinds");
    assertThat(sites).hasSize(10);
    assertThat(sites)
        .allSatisfy(
            site -> assertThat(Worlds.proof(world).prove(site)).isInstanceOf(Verdict.Proven.class));
  }
}
