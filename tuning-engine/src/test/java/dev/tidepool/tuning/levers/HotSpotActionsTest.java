package dev.tidepool.tuning.levers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidepool.tuning.Collector;
import dev.tidepool.tuning.signals.SnapshotSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

class HotSpotActionsTest {
  private static final int COMPRESSORS = 200;

  /** Far below what one takes: which of its pages it has touched is the C library's affair. */
  private static final long BYTES_OF_ONE = 32 << 10;

  @Test
  void whatTheLibraryHoldsFreeGoesBack() {
    VmFlags flags = HotSpotFlags.open();
    HotSpotActions actions =
        new HotSpotActions(
            Collector.OTHER,
            Levers.of(flags, Collector.OTHER, 0, false),
            flags,
            SnapshotSource::residentBytes);
    Optional<Trimmed> first = actions.trimNative();
    assumeTrue(first.isPresent(), "this JDK cannot be asked to");
    List<Deflater> compressors = new ArrayList<>();
    for (int i = 0; i < COMPRESSORS; i++) {
      Deflater compressor = new Deflater();
      compressor.setInput(new byte[100]);
      compressor.deflate(new byte[10]);
      compressors.add(compressor);
    }
    Deflater last = compressors.remove(COMPRESSORS - 1);
    compressors.forEach(Deflater::end);
    Trimmed trimmed = actions.trimNative().orElseThrow();
    last.end();
    assertThat(trimmed.bytes()).isGreaterThan(COMPRESSORS * BYTES_OF_ONE);
    assertThat(trimmed.seconds()).isPositive();
  }
}
