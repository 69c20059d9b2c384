package dev.tidepool.rewriting.live;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Whether the process touches memory that is new to it all the time.
 *
 * <p>What a C library gives back to the system when it is freed costs a page fault for every 4 KB
 * when it is had again, several times what zlib needs to make a state in memory that stayed. A heap
 * that fills for the first time faults as well: so it must go on for a while.
 */
final class PageFaults {
  /** About a hundredth of a core. */
  private static final double MANY_PER_SECOND = 5_000;

  private static final int LOOKS = 4;

  /** Fields of {@code /proc/self/stat} behind the command's name, which may hold blanks. */
  private static final int MINOR_FAULTS = 7;

  private final Path statistics;
  private long faults = -1;
  private long lookedAt;
  private int high;

  PageFaults() {
    this(Path.of("/proc/self/stat"));
  }

  PageFaults(Path statistics) {
    this.statistics = statistics;
  }

  /** One look; some seconds after the one before. */
  void look(long now) {
    long before = faults;
    faults = read();
    double seconds = (now - lookedAt) / 1e9;
    boolean many = before >= 0 && faults - before > MANY_PER_SECOND * seconds;
    high = many ? Math.min(high + 1, LOOKS) : 0;
    lookedAt = now;
  }

  /** Whether all the last looks have found it so; where nothing can be read, it may be so. */
  boolean areMany() {
    return faults < 0 ? lookedAt != 0 : high >= LOOKS;
  }

  private long read() {
    // no channel: it would leave a direct buffer behind, which the application can see
    try (InputStream in = new FileInputStream(statistics.toFile())) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Long.parseLong(
          text.substring(text.lastIndexOf(')') + 1).trim().split(" ", -1)[MINOR_FAULTS]);
    } catch (IOException | RuntimeException notLinux) {
      return -1;
    }
  }
}
