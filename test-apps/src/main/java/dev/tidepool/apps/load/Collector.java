package dev.tidepool.apps.load;

import java.util.Locale;

/** A garbage collector of HotSpot by its flag. */
public enum Collector {
  G1("-XX:+UseG1GC"),
  PARALLEL("-XX:+UseParallelGC"),
  SERIAL("-XX:+UseSerialGC"),
  ZGC("-XX:+UseZGC"),
  SHENANDOAH("-XX:+UseShenandoahGC");

  private final String flag;

  Collector(String flag) {
    this.flag = flag;
  }

  /** The command-line flag that chooses it. */
  public String flag() {
    return flag;
  }

  /** Name in commands and tables. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Finds one by its {@link #id}. */
  public static Collector of(String id) {
    return valueOf(id.toUpperCase(Locale.ROOT));
  }
}
