package dev.tidepool.apps.load;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What figures were measured on. */
public final class Machine {
  private Machine() {}

  /** Processor, cores, memory, system. */
  public static String describe() throws IOException {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return String.format(
        java.util.Locale.ROOT,
        "%s, %d cores, %d GB, %s %s",
        processor(),
        system.getAvailableProcessors(),
        Math.round(system.getTotalMemorySize() / 1e9),
        system.getName(),
        system.getVersion());
  }

  private static String processor() throws IOException {
    Path info = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(info)) {
      return System.getProperty("os.arch");
    }
    return Files.readAllLines(info).stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).trim())
        .findFirst()
        .orElse(System.getProperty("os.arch"));
  }
}
