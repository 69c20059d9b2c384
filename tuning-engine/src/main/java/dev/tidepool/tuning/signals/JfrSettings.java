package dev.tidepool.tuning.signals;

/**
 * How much the JFR stream looks at.
 *
 * @param samplesPerSecond upper bound of allocation samples, the VM's own throttle
 * @param nominateBytes weight within a few seconds from which a method is nominated
 * @param leastFreeBytes free space the repository's disk must have; a full disk under a running
 *     recording ends the whole process, so the stream stops itself before
 */
public record JfrSettings(int samplesPerSecond, long nominateBytes, long leastFreeBytes) {
  public static final JfrSettings DEFAULT = new JfrSettings(150, 1 << 20, 64L << 20);
}
