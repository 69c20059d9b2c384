package dev.tidepool.agent.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What the agent itself costs: the CPU time of its threads and of the JFR stream's. */
final class AgentMetrics implements MeterBinder {
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Map<Long, Long> nanosByThread = new HashMap<>();
  private final AtomicLong totalNanos = new AtomicLong();

  @Override
  public void bindTo(MeterRegistry registry) {
    FunctionCounter.builder("tidepool.agent.cpu.seconds", totalNanos, total -> total.get() / 1e9)
        .description("CPU time of the agent's threads and of the JFR stream's")
        .baseUnit("seconds")
        .register(registry);
  }

  /** Reads the clocks; a thread that has ended keeps what it had used when last seen. */
  void refresh() {
    if (!threads.isThreadCpuTimeSupported() || !threads.isThreadCpuTimeEnabled()) {
      return;
    }
    Thread[] all = new Thread[Thread.activeCount() + 16];
    int count = Thread.enumerate(all);
    for (int i = 0; i < count; i++) {
      if (all[i] != null && all[i].getName().startsWith("tidepool-")) {
        long id = idOf(all[i]);
        nanosByThread.merge(id, threads.getThreadCpuTime(id), Math::max);
      }
    }
    long sum = 0;
    for (long nanos : nanosByThread.values()) {
      sum += nanos;
    }
    totalNanos.accumulateAndGet(sum, Math::max);
  }

  @SuppressWarnings("deprecation") // Thread.threadId() is not in Java 17
  private static long idOf(Thread thread) {
    return thread.getId();
  }
}
