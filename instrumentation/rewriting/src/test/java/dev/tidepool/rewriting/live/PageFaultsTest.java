package dev.tidepool.rewriting.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageFaultsTest {
  @TempDir Path directory;

  private long now = TimeUnit.SECONDS.toNanos(1000);

  private void look(PageFaults faults, long total) throws IOException {
    Files.writeString(directory.resolve("stat"), "1 (a (b) c) S 2 3 4 5 6 7 " + total + " 9 10");
    now += TimeUnit.SECONDS.toNanos(5);
    faults.look(now);
  }

  @Test
  void onlyWhatGoesOnIsMany() throws IOException {
    PageFaults faults = new PageFaults(directory.resolve("stat"));
    for (int i = 0; i < 4; i++) {
      look(faults, 40_000L * i);
      assertThat(faults.areMany()).isFalse(); // a heap that fills
    }
    look(faults, 160_000);
    assertThat(faults.areMany()).isTrue();
    look(faults, 160_100);
    assertThat(faults.areMany()).isFalse();
  }

  @Test
  void whereNothingCanBeReadItMayBeSo() {
    PageFaults faults = new PageFaults(directory.resolve("none"));
    assertThat(faults.areMany()).isFalse();
    faults.look(now);
    assertThat(faults.areMany()).isTrue();
  }

  @Test
  void thisProcessIsRead() {
    PageFaults faults = new PageFaults();
    faults.look(now);
    assertThat(faults.areMany()).isFalse();
  }
}
