package dev.tidepool.apps.process;

import com.sun.management.ThreadMXBean;
import dev.tidepool.apps.App;
import dev.tidepool.apps.Fold;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Runs an application's operations in a fixed set of threads.
 *
 * <p>Seeds go round a short circle. The first time round fixes what each seed must give; every
 * later operation is compared with it, so that a wrong byte shows at once and not only at the end.
 */
final class Workers implements AutoCloseable {
  private static final int SEEDS = 36;
  private static final int NANOS_PER_MICRO = 1000;

  private final App app;
  private final ExecutorService pool;
  private final int threads;
  private final long[] expected = new long[SEEDS];
  private final AtomicLong mismatches = new AtomicLong();

  Workers(App app, int threads) throws Exception {
    this.app = app;
    this.threads = threads;
    this.pool = Executors.newFixedThreadPool(threads);
    for (int seed = 0; seed < SEEDS; seed++) {
      expected[seed] = app.operate(seed);
    }
  }

  /** Of one operation for each seed, taken before anything else ran. */
  long checksum() {
    Fold fold = new Fold();
    for (long value : expected) {
      fold.add(value);
    }
    return fold.value();
  }

  /**
   * Runs for a time.
   *
   * @param perSecond operations asked for by all threads together; 0: as many as they can. With a
   *     rate, latency counts from when an operation was due, so that a pause delays all that were
   *     due in it.
   */
  String run(double seconds, double perSecond) throws Exception {
    long begin = System.nanoTime();
    long end = begin + (long) (seconds * 1e9);
    List<Future<Histogram>> running = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      int first = thread;
      running.add(pool.submit(() -> loop(first, begin, end, perSecond)));
    }
    Histogram all = new Histogram(TimeUnit.MINUTES.toMicros(5), 3);
    for (Future<Histogram> one : running) {
      all.add(one.get());
    }
    double took = (System.nanoTime() - begin) / 1e9;
    return new JsonLine()
        .put("operations", all.getTotalCount())
        .put("seconds", took)
        .put("p50Micros", all.getValueAtPercentile(50))
        .put("p99Micros", all.getValueAtPercentile(99))
        .put("maxMicros", all.getMaxValue())
        .put("mismatches", mismatches.get())
        .text();
  }

  private Histogram loop(int first, long begin, long end, double perSecond) throws Exception {
    Histogram histogram = new Histogram(TimeUnit.MINUTES.toMicros(5), 3);
    double gap = perSecond > 0 ? 1e9 * threads / perSecond : 0;
    long due = begin + (long) (gap * first / threads);
    for (long turn = 0; ; turn++) {
      long now = System.nanoTime();
      if (gap > 0) {
        due = begin + (long) (gap * (turn + (double) first / threads));
        while (now < due) {
          LockSupport.parkNanos(due - now);
          now = System.nanoTime();
        }
      } else {
        due = now;
      }
      if (due >= end) {
        return histogram;
      }
      one((int) ((turn * threads + first) % SEEDS));
      histogram.recordValue(Math.max(0, System.nanoTime() - due) / NANOS_PER_MICRO);
    }
  }

  private void one(int seed) throws Exception {
    if (app.operate(seed) != expected[seed]) {
      mismatches.incrementAndGet();
    }
  }

  /** Exactly {@code count} operations in one thread, and the bytes that thread allocated. */
  String times(int count) throws ExecutionException, InterruptedException {
    return pool.submit(
            () -> {
              ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
              Fold fold = new Fold();
              bean.getCurrentThreadAllocatedBytes(); // its own first use allocates
              long before = bean.getCurrentThreadAllocatedBytes();
              for (int turn = 0; turn < count; turn++) {
                fold.add(app.operate(turn));
              }
              long bytes = bean.getCurrentThreadAllocatedBytes() - before;
              return new JsonLine()
                  .put("operations", count)
                  .put("allocatedBytes", bytes)
                  .put("checksum", Long.toHexString(fold.value()))
                  .text();
            })
        .get();
  }

  @Override
  public void close() throws IOException {
    pool.shutdownNow();
    app.close();
  }
}
