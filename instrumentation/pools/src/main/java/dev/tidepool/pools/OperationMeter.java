package dev.tidepool.pools;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts an operation, its failures and how long it takes, with a latency histogram of about 6 %
 * resolution from a nanosecond to two minutes. Recording is one atomic instruction on a row of
 * counters that threads at work seldom share; nothing blocks and nothing is allocated.
 *
 * <p>A row is taken for the time of two additions. One that is taken is passed over; who finds none
 * adds atomically to a row that is never taken.
 *
 * <pre>{@code
 * OperationMeter queries = new OperationMeter();
 * long began = System.nanoTime();
 * run(query);
 * queries.record(System.nanoTime() - began);
 *
 * log("99 % within " + queries.snapshot().p99Nanos() + " ns");
 * }</pre>
 */
public final class OperationMeter {
  private static final int SUB_BITS = 3; // 8 steps to a power of two
  private static final int SUBS = 1 << SUB_BITS;
  private static final int LARGEST_POWER = 37;
  private static final int BUCKETS = (LARGEST_POWER - SUB_BITS + 1) * SUBS + SUBS;
  private static final int TOTAL = BUCKETS;
  private static final int FAILURES = BUCKETS + 1;
  private static final int TAKEN = BUCKETS + 2;
  private static final int ROW = (BUCKETS + 3 + 31) & ~15; // with a cache line to spare
  private static final int PROBES = 2;
  private static final int STRIPES =
      Integer.highestOneBit(Math.max(1, 4 * Runtime.getRuntime().availableProcessors() - 1));

  /**
   * What was recorded up to a moment.
   *
   * @param count operations, failures included
   * @param failures those that failed
   * @param totalNanos time of all
   * @param p50Nanos half of them took at most this
   * @param p99Nanos 99 % of them took at most this
   * @param maxNanos none took longer than this; to the histogram's resolution, as the others are
   */
  public record Snapshot(
      long count, long failures, long totalNanos, long p50Nanos, long p99Nanos, long maxNanos) {}

  private static final int SHARED = STRIPES * ROW; // the row that is never taken
  private static final VarHandle COUNTER = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] counters = new long[SHARED + ROW];

  /** A meter that has recorded nothing. */
  public OperationMeter() {}

  /** Records an operation that went well. */
  public void record(long nanos) {
    record(nanos, 0);
  }

  /** Records an operation that failed. */
  public void recordFailure(long nanos) {
    record(nanos, 1);
  }

  private void record(long nanos, int failures) {
    long[] c = counters;
    int bucket = bucket(nanos);
    int row = row();
    for (int i = 0; i < PROBES; i++) {
      if ((long) COUNTER.getOpaque(c, row + TAKEN) == 0
          && COUNTER.compareAndSet(c, row + TAKEN, 0L, 1L)) {
        c[row + bucket]++;
        c[row + TOTAL] += nanos;
        c[row + FAILURES] += failures;
        COUNTER.setRelease(c, row + TAKEN, 0L); // the next to take the row sees the sums
        return;
      }
      row = (row + ROW) % SHARED;
    }
    COUNTER.getAndAdd(c, SHARED + bucket, 1L);
    COUNTER.getAndAdd(c, SHARED + TOTAL, nanos);
    COUNTER.getAndAdd(c, SHARED + FAILURES, (long) failures);
  }

  /** What was recorded so far; records going on meanwhile may be in it or not. */
  public Snapshot snapshot() {
    long[] buckets = new long[BUCKETS];
    long count = 0;
    long total = 0;
    long failures = 0;
    for (int row = 0; row <= SHARED; row += ROW) {
      for (int i = 0; i < BUCKETS; i++) {
        long n = (long) COUNTER.getOpaque(counters, row + i);
        buckets[i] += n;
        count += n;
      }
      total += (long) COUNTER.getOpaque(counters, row + TOTAL);
      failures += (long) COUNTER.getOpaque(counters, row + FAILURES);
    }
    return new Snapshot(
        count,
        failures,
        total,
        quantile(buckets, (count + 1) / 2),
        quantile(buckets, count - count / 100),
        quantile(buckets, count));
  }

  private static long quantile(long[] buckets, long rank) {
    long seen = 0;
    for (int i = 0; i < buckets.length && rank > 0; i++) {
      seen += buckets[i];
      if (seen >= rank) {
        return largestOf(i);
      }
    }
    return 0;
  }

  private static int row() {
    long mixed = Thread.currentThread().getId() * 0x9E3779B97F4A7C15L;
    return ((int) (mixed >>> 40) & (STRIPES - 1)) * ROW;
  }

  /** Linear up to 8, then 8 steps to each power of two (as HdrHistogram has it). */
  private static int bucket(long nanos) {
    if (nanos < SUBS) {
      return (int) Math.max(0, nanos);
    }
    int power = 63 - Long.numberOfLeadingZeros(nanos);
    if (power > LARGEST_POWER) {
      return BUCKETS - 1;
    }
    return ((power - SUB_BITS + 1) << SUB_BITS)
        + (int) ((nanos >>> (power - SUB_BITS)) & (SUBS - 1));
  }

  private static long largestOf(int bucket) {
    if (bucket < SUBS) {
      return bucket;
    }
    int shift = (bucket >>> SUB_BITS) - 1;
    return ((long) (SUBS + (bucket & (SUBS - 1)) + 1) << shift) - 1;
  }
}
