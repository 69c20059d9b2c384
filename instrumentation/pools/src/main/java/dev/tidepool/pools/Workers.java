package dev.tidepool.pools;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounded workers: the JDK's executor, set up so that work which finds no room runs in its caller.
 *
 * <pre>{@code
 * ThreadPoolExecutor workers = Workers.bounded("resize", 4, 100);
 * images.forEach(image -> workers.execute(() -> resize(image)));
 * }</pre>
 */
public final class Workers {
  private Workers() {}

  /**
   * Daemon threads that come with the work and end after a minute without.
   *
   * @param threads the most at a time
   * @param queued the most tasks that wait; one more runs in the thread that brings it, which is
   *     what slows a caller down that brings more than can be done
   */
  public static ThreadPoolExecutor bounded(String name, int threads, int queued) {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor workers =
        new ThreadPoolExecutor(
            threads,
            threads,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(queued),
            task -> {
              Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.CallerRunsPolicy());
    workers.allowCoreThreadTimeOut(true);
    return workers;
  }
}
