package dev.tidepool.tuning.levers;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;

/** The class metadata of this VM, and the threshold at which it collects for their sake. */
public final class MetaspaceRoom implements ShrinkHold.Metaspace {
  private static final String POOL = "Metaspace";
  private static final Pattern CURRENT =
      Pattern.compile("Current GC threshold: ([0-9.]+) ([KMG])B");

  private final Optional<MemoryPoolMXBean> pool =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(each -> each.getName().equals(POOL))
          .findFirst();
  private final long threshold;

  private MetaspaceRoom(long threshold) {
    this.threshold = threshold;
  }

  /** For a VM that has just begun, where the threshold is what its flag says. */
  public static MetaspaceRoom atStart(VmFlags flags) {
    return new MetaspaceRoom(flags.read("MetaspaceSize").map(VmFlags.Flag::number).orElse(0L));
  }

  /** For a VM that has been running, which says where it has moved the threshold to by now. */
  public static MetaspaceRoom now(VmFlags flags) {
    try {
      return new MetaspaceRoom(threshold(DiagnosticCommand.run("vmMetaspace", "basic")));
    } catch (JMException | RuntimeException otherVm) {
      return new MetaspaceRoom(0);
    }
  }

  /** From what {@code jcmd VM.metaspace} prints; 0 where that has no threshold in it. */
  static long threshold(String report) {
    Matcher line = CURRENT.matcher(report);
    if (!line.find()) {
      return 0;
    }
    int shift = "KMG".indexOf(line.group(2)) * 10 + 10;
    return (long) (Double.parseDouble(line.group(1)) * (1L << shift));
  }

  @Override
  public long committed() {
    return pool.map(each -> each.getUsage().getCommitted()).orElse(0L);
  }

  @Override
  public long threshold() {
    return threshold;
  }
}
