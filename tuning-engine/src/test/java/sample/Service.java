package sample;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * A small service: a cache of live objects, requests that arrive at a set rate whether or not the
 * last one is done, and now and then a cache entry that is replaced. Arguments are {@code
 * name=value}; the last line it prints is the result.
 *
 * <p>{@code live} MB held, {@code rate} MB/s allocated by requests after {@code ramp} seconds,
 * {@code seconds} of work, {@code native} MB of direct buffers added each minute, {@code spike} MB
 * held in addition from {@code spikeFrom} for {@code spikeSeconds}, {@code idleAfter} second from
 * which no requests come, {@code churn} share of cache entries replaced per second, {@code work}
 * rounds of sums over each request's bytes, {@code squeeze} MB to which the soft maximum is set
 * after ten seconds.
 */
public final class Service {
  private static final int REQUEST_BYTES = 64 << 10;
  private static final int THREADS = 2;

  private final long started = System.nanoTime();
  private final double rate;
  private final double ramp;
  private final double seconds;
  private final double idleAfter;
  private final double churn;
  private final int work;
  private final double squeeze;
  private final byte[][][] cache;
  private final AtomicLong served = new AtomicLong();
  private final ConcurrentHistogram latency = new ConcurrentHistogram(3_600_000_000L, 3);
  private final ConcurrentHistogram lateLatency = new ConcurrentHistogram(3_600_000_000L, 3);
  static volatile Object sink;
  static volatile long sums;

  private Service(String[] args) {
    rate = number(args, "rate", 400) * (1 << 20);
    ramp = number(args, "ramp", 5);
    seconds = number(args, "seconds", 60);
    idleAfter = number(args, "idleAfter", 1e9);
    churn = number(args, "churn", 0.02);
    work = (int) number(args, "work", 0);
    squeeze = number(args, "squeeze", 0);
    cache = new byte[(int) (number(args, "live", 150) * 1024 / 34)][][];
  }

  public static void main(String[] args) throws Exception {
    Service service = new Service(args);
    ServiceMeter meter = new ServiceMeter();
    for (int i = 0; i < service.cache.length; i++) {
      service.cache[i] = entry();
    }
    long[] served = service.run(args, meter);
    System.out.println(service.result(meter, served));
  }

  private long[] run(String[] args, ServiceMeter meter) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int number = i;
      Thread thread = new Thread(() -> serve(number), "http-" + i);
      threads.add(thread);
      thread.start();
    }
    List<ByteBuffer> direct = new ArrayList<>();
    double nativePerMinute = number(args, "native", 0);
    double spikeFrom = number(args, "spikeFrom", 0);
    double spikeUntil = spikeFrom + number(args, "spikeSeconds", 10);
    byte[][] spike = new byte[(int) number(args, "spike", 0)][];
    boolean spiked = false;
    boolean squeezed = false;
    while (elapsed() < seconds) {
      if (!spiked && elapsed() >= spikeFrom) {
        spiked = true;
        for (int i = 0; i < spike.length; i++) {
          spike[i] = new byte[(1 << 20) - 32];
        }
      }
      Thread.sleep(200);
      while (direct.size() < nativePerMinute * elapsed() / 60) {
        direct.add(ByteBuffer.allocateDirect(1 << 20));
      }
      if (elapsed() > spikeUntil) {
        Arrays.fill(spike, null);
      }
      if (squeeze > 0 && elapsed() > 10 && !squeezed) {
        squeezed = true;
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
            .setVMOption("SoftMaxHeapSize", Long.toString((long) squeeze << 20));
      }
      meter.sample(elapsed(), seconds);
    }
    for (Thread thread : threads) {
      thread.join(10_000);
    }
    return new long[] {direct.size()};
  }

  /** Open loop: requests have a time at which they are due, and latency counts from then. */
  private void serve(int number) {
    long next = 0;
    while (elapsed() < seconds) {
      double due = due(next * THREADS + number);
      if (due >= Math.min(seconds, idleAfter)) {
        return;
      }
      double wait = due - elapsed();
      if (wait > 0.0005) {
        try {
          Thread.sleep((long) (wait * 1_000), (int) (wait * 1e9 % 1_000_000));
        } catch (InterruptedException e) {
          return;
        }
      }
      handle();
      served.incrementAndGet();
      long micros = Math.max(0, (long) ((elapsed() - due) * 1e6));
      latency.recordValue(micros);
      if (due > seconds * ServiceMeter.LATE_FROM) {
        lateLatency.recordValue(micros);
      }
      next++;
    }
  }

  /** When the n-th request is due: rate rises linearly over the ramp, then stays. */
  private double due(long n) {
    double perSecond = rate / REQUEST_BYTES;
    double inRamp = perSecond * ramp / 2;
    return n < inRamp ? Math.sqrt(2 * ramp * n / perSecond) : ramp + (n - inRamp) / perSecond;
  }

  private double wanted() {
    double until = Math.min(seconds, idleAfter);
    return rate / REQUEST_BYTES * (until > ramp ? until - ramp / 2 : until * until / 2 / ramp);
  }

  private void handle() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    List<Object> parts = new ArrayList<>();
    for (int bytes = 0; bytes < REQUEST_BYTES; ) {
      int size = random.nextInt(32, 2_000);
      parts.add(new byte[size]);
      bytes += size + 24;
    }
    sink = parts;
    long sum = 0;
    for (int round = 0; round < work; round++) {
      for (Object part : parts) {
        for (byte b : (byte[]) part) {
          sum += b;
        }
      }
    }
    sums = sum;
    double replaced = churn * cache.length * REQUEST_BYTES / rate;
    if (random.nextDouble() < replaced) {
      cache[random.nextInt(cache.length)] = entry();
    }
  }

  /** About 34 KB in 33 objects, like an entry of a cache of documents. */
  private static byte[][] entry() {
    byte[][] entry = new byte[32][];
    for (int i = 0; i < entry.length; i++) {
      entry[i] = new byte[1_024];
    }
    return entry;
  }

  private double elapsed() {
    return (System.nanoTime() - started) / 1e9;
  }

  private String result(ServiceMeter meter, long[] direct) {
    return String.format(
        Locale.ROOT,
        "RESULT done=1 served=%.4f p50=%.1f p99=%.1f max=%.1f processCpu=%.2f"
            + " gcShare=%.4f lateGcShare=%.4f rssEnd=%.0f committed=%.0f committedEnd=%.0f rss=%.0f peak=%.0f fullGc=%d direct=%d"
            + " lateP99=%.1f lateMax=%.1f lateCommitted=%.0f gcSeconds=%.2f decisions=%d"
            + " lateDecisions=%d lateGcSeconds=%.2f lateCpuSeconds=%.2f",
        served.get() / Math.max(1, wanted()),
        latency.getValueAtPercentile(50) / 1e3,
        latency.getValueAtPercentile(99) / 1e3,
        latency.getMaxValue() / 1e3,
        meter.processCpu(),
        meter.gcShare(),
        meter.lateGcShare(),
        ServiceMeter.residentMegabytes(),
        meter.meanCommitted(),
        meter.lastCommitted(),
        meter.meanRss(),
        meter.peakCommitted(),
        meter.fullCollections(),
        direct[0],
        lateLatency.getValueAtPercentile(99) / 1e3,
        lateLatency.getMaxValue() / 1e3,
        meter.lateCommitted(),
        meter.gcSpent(),
        ServiceMeter.flagChanges(),
        meter.lateFlagChanges(),
        meter.lateGcSpent(),
        meter.lateCpuSpent());
  }

  static double number(String[] args, String name, double otherwise) {
    for (String arg : args) {
      if (arg.startsWith(name + "=")) {
        return Double.parseDouble(arg.substring(name.length() + 1));
      }
    }
    return otherwise;
  }
}
