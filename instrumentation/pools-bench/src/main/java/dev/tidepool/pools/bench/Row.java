package dev.tidepool.pools.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * One line of a table: a situation, and what each peer took in it.
 *
 * @param situation what is measured, for people
 * @param figures by peer
 * @param failures why there is no figure, by peer
 */
public record Row(String situation, Map<String, Figure> figures, Map<String, String> failures) {

  /** A line with nothing in it yet. */
  public static Row of(String situation) {
    return new Row(situation, new LinkedHashMap<>(), new LinkedHashMap<>());
  }

  /**
   * What one peer took.
   *
   * @param nanos median processor time of an operation
   * @param error half the 99.9 % confidence interval
   * @param bytes allocated by an operation
   */
  public record Figure(double nanos, double error, double bytes) {
    /** What JMH measured. */
    public static Figure of(RunResult result) {
      Result<?> time = result.getPrimaryResult();
      Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
      return new Figure(
          time.getStatistics().getPercentile(50),
          time.getScoreError(),
          allocated == null ? 0 : allocated.getScore());
    }
  }
}
