package dev.tidepool.pools.bench;

import java.util.Map;

/**
 * One line of a table: a situation, and what each peer took in it.
 *
 * @param situation what is measured, for people
 * @param figures by peer
 * @param failures why there is no figure, by peer
 */
record Row(String situation, Map<String, Figure> figures, Map<String, String> failures) {

  /**
   * What one peer took.
   *
   * @param nanos median processor time of an operation
   * @param error half the 99.9 % confidence interval
   * @param bytes allocated by an operation
   */
  record Figure(double nanos, double error, double bytes) {}
}
