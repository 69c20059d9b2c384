package dev.tidepool.pools.bench;

import java.util.List;
import java.util.Map;

/**
 * All that was measured.
 *
 * @param tables rows by table
 * @param steadyHits part (0..1) of takes that hit, arrays of mixed sizes in steady state
 * @param smallCaches hit ratios with room for 1 % of the keys, by cache
 * @param largeCaches the same with room for 10 %
 * @param twentyMegabytes a hundred jobs with such a buffer each: with new, and from the pool
 */
record Findings(
    Map<String, List<Row>> tables,
    List<Burst.Result> bursts,
    double steadyHits,
    Map<String, Double> smallCaches,
    Map<String, Double> largeCaches,
    Jobs twentyMegabytes) {

  /** Bytes allocated by a hundred jobs. */
  record Jobs(long fresh, long pooled) {}
}
