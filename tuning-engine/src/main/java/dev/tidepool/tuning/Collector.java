package dev.tidepool.tuning;

import java.util.Collection;

/** The collector of a JVM, with what of it can be moved while it runs. */
public enum Collector {
  SERIAL("Serial", false),
  PARALLEL("Parallel", false),
  G1("G1", false),
  ZGC("ZGC", true),
  SHENANDOAH("Shenandoah", true),
  OTHER("unknown", false);

  private final String label;
  private final boolean softMax;

  Collector(String label, boolean softMax) {
    this.label = label;
    this.softMax = softMax;
  }

  public String label() {
    return label;
  }

  /** Whether {@code SoftMaxHeapSize} has an effect. */
  public boolean hasSoftMax() {
    return softMax;
  }

  /** The collector whose beans carry these names. */
  public static Collector of(Collection<String> beanNames) {
    for (String name : beanNames) {
      if (name.startsWith("G1 ")) {
        return G1;
      } else if (name.startsWith("ZGC")) {
        return ZGC;
      } else if (name.startsWith("Shenandoah")) {
        return SHENANDOAH;
      } else if (name.startsWith("PS ")) {
        return PARALLEL;
      } else if (name.equals("MarkSweepCompact") || name.equals("Copy")) {
        return SERIAL;
      }
    }
    return OTHER;
  }
}
