package dev.tidepool.apps.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Of one measured run.
 *
 * @param values by what was measured
 * @param gcCount collections in the measured time, as counted
 * @param checksum of one operation for each seed
 * @param mismatches operations that gave another checksum than the first of their seed
 */
public record Figures(Map<Measure, Double> values, long gcCount, String checksum, long mismatches) {

  /**
   * Figures from what the two sides said.
   *
   * @param before gauges of the measured process when measuring began
   * @param after the same at its end
   * @param load what the operating side answered
   */
  static Figures of(JsonNode before, JsonNode after, JsonNode load, String checksum) {
    double operations = Math.max(1, load.get("operations").asDouble());
    double collections = delta(before, after, "gcCount");
    Map<Measure, Double> values = new EnumMap<>(Measure.class);
    values.put(Measure.THROUGHPUT, operations / load.get("seconds").asDouble());
    values.put(Measure.P50, load.get("p50Micros").asDouble() / 1e3);
    values.put(Measure.P99, load.get("p99Micros").asDouble() / 1e3);
    values.put(Measure.ALLOCATED, delta(before, after, "allocatedBytes") / operations / 1024);
    values.put(Measure.OWN_ALLOCATED, delta(before, after, "agentBytes") / operations / 1024);
    values.put(Measure.GC_COUNT, collections * 1e3 / operations);
    values.put(Measure.GC_CPU, delta(before, after, "gcCpuSeconds") * 1e6 / operations);
    values.put(Measure.CPU, delta(before, after, "cpuSeconds") * 1e6 / operations);
    values.put(Measure.OWN_CPU, delta(before, after, "agentCpuSeconds") * 1e6 / operations);
    values.put(Measure.RSS_NOW, after.get("rssBytes").asDouble() / (1 << 20));
    values.put(Measure.RSS, after.get("rssPeakBytes").asDouble() / (1 << 20));
    return new Figures(values, (long) collections, checksum, load.get("mismatches").asLong());
  }

  private static double delta(JsonNode before, JsonNode after, String key) {
    return after.get(key).asDouble() - before.get(key).asDouble();
  }

  public double get(Measure measure) {
    return values.get(measure);
  }

  /** The middle of several runs' values and how far they lie apart. */
  public record Spread(double low, double median, double high) {
    /** Of at least one value. */
    public static Spread of(List<Double> values) {
      List<Double> sorted = values.stream().sorted().toList();
      return new Spread(sorted.get(0), at(sorted, 0.5), sorted.get(sorted.size() - 1));
    }

    /** Of at least one value; low and high are the quartiles in place of the ends. */
    public static Spread quartiles(List<Double> values) {
      List<Double> sorted = values.stream().sorted().toList();
      return new Spread(at(sorted, 0.25), at(sorted, 0.5), at(sorted, 0.75));
    }

    /** Between two values it is in proportion. */
    private static double at(List<Double> sorted, double share) {
      double place = share * (sorted.size() - 1);
      double below = sorted.get((int) place);
      double above = sorted.get((int) Math.ceil(place));
      return below + (above - below) * (place - Math.floor(place));
    }

    /** Of one measure over several runs. */
    public static Spread of(List<Figures> runs, Measure measure) {
      return of(runs.stream().map(run -> run.get(measure)).toList());
    }
  }
}
