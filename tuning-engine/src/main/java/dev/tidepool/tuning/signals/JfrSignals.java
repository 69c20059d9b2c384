package dev.tidepool.tuning.signals;

import dev.tidepool.tuning.Snapshot.Pauses;
import java.time.Duration;
import java.util.Map;

/**
 * What the JFR stream has seen since it began; all counts only grow.
 *
 * @param sampledBytes weight of all allocation samples
 * @param primitiveArrayBytes the part of it in arrays of primitive type
 * @param bytesByClass weight of the classes that weigh most, at most a few dozen
 * @param stalls allocation stalls of ZGC
 * @param longestStall of those
 * @param stallTimes how long those of the last minutes were
 * @param evacuationFailures evacuation and promotion failures of G1, Serial and Parallel
 * @param systemGcs explicit collections
 * @param systemGcCaller method that asked for the last one, or null
 * @param lostBytes what JFR could not deliver
 */
public record JfrSignals(
    long sampledBytes,
    long primitiveArrayBytes,
    Map<String, Long> bytesByClass,
    long stalls,
    Duration stallTime,
    Duration longestStall,
    Pauses stallTimes,
    long evacuationFailures,
    long systemGcs,
    String systemGcCaller,
    long lostBytes) {

  public static final JfrSignals NONE =
      new JfrSignals(0, 0, Map.of(), 0, Duration.ZERO, Duration.ZERO, Pauses.NONE, 0, 0, null, 0);

  public JfrSignals {
    bytesByClass = Map.copyOf(bytesByClass);
  }
}
