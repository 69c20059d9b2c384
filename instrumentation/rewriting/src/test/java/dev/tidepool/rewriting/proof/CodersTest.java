package dev.tidepool.rewriting.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.site.SiteKey;
import dev.tidepool.rewriting.site.Verdict;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodersTest {
  private final FileWorld world = Worlds.withFixtures();

  @ParameterizedTest
  @CsvSource({"StreamDecoder, readBytes, read", "StreamEncoder, writeBytes, write"})
  void theBufferIsGivenBackWhenItsCoderIsClosed(String type, String method, String stream) {
    List<SiteKey> made =
        Worlds.sites(
            world,
            "sun.nio.cs." + type,
            "<init>",
            insn -> "java/nio/HeapByteBuffer".equals(Factories.made(insn)));
    Verdict verdict = Worlds.proof(world).prove(made.get(0));
    assertThat(verdict).as(verdict.toString()).isInstanceOf(Verdict.Proven.class);
    Verdict.Replaced buffer = ((Verdict.Proven) verdict).replaced();
    assertThat(buffer.field().name()).isEqualTo("bb");
    assertThat(buffer.closes()).isTrue();
    assertThat(buffer.uses())
        .filteredOn(use -> use.operand() == Verdict.FieldUse.CLOSES)
        .allMatch(use -> use.method().equals("close"))
        .hasSize(2);
    assertThat(buffer.uses())
        .filteredOn(use -> use.operand() == Verdict.FieldUse.DRAWS)
        .extracting(Verdict.FieldUse::method)
        .contains("<init>");
    assertThat(buffer.uses())
        .filteredOn(use -> use.hands() && use.method().equals(method))
        .anyMatch(use -> !use.kept() && use.guards().size() == 1);
  }
}
