package dev.tidepool.pools.bench;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that JMH measures in: as Netty documents its use, so that its caches and its recycler
 * work, while to everybody else they are threads like any other. With {@code -Dbench.virtual=true}
 * they are virtual.
 */
public final class BenchThreads extends ThreadPoolExecutor {

  /** As JMH calls it for {@code -Djmh.executor=CUSTOM}. */
  public BenchThreads(int threads, String prefix) {
    super(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory(prefix));
  }

  private static ThreadFactory factory(String prefix) {
    if (Boolean.getBoolean("bench.virtual")) {
      VirtualThreads virtual = VirtualThreads.ofThisJdk();
      return worker ->
          virtual.unstarted(() -> FastThreadLocalThread.runWithFastThreadLocal(worker));
    }
    return worker -> {
      Thread thread = new FastThreadLocalThread(worker, prefix);
      thread.setDaemon(true);
      return thread;
    };
  }
}
