package dev.tidepool.pools.bench;

import java.util.Map;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * One line of a table: a situation, and what each peer took in it.
 *
 * @param situation what is measured, for people
 * @param figures by peer
 */
public record Row(String situation, Map<String, Figure> figures) {

  /**
   * What one peer took.
   *
   * @param nanos median processor time of an operation
   * @param error half the 99.9 % confidence interval
   * @param bytes allocated by an operation
   */
  public record Figure(double nanos, double error, double bytes) {
    /**
     * What JMH measured.
     *
     * @param share of the time in which a thread had a core
     */
    public static Figure of(RunResult result, double share) {
      Result<?> time = result.getPrimaryResult();
      Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
      return new Figure(
          time.getStatistics().getPercentile(50) * share,
          time.getScoreError() * share,
          allocated == null ? 0 : allocated.getScore());
    }
  }
}
