package dev.tidepool.pools.bench;

import dev.tidepool.pools.PoolPressure;
import dev.tidepool.pools.QueuePool;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/** A queue for one request: taken, one element through it, given back. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class QueueBench {

  /** Where the queue comes from. */
  public enum QueuePeer {
    NEW,
    TIDEPOOL
  }

  /** What the parameter below goes through. */
  static final List<String> CAPACITIES = List.of("16", "128", "1024");

  @Param({"TIDEPOOL"})
  public QueuePeer peer;

  @Param({"16", "128", "1024"})
  public int capacity;

  private QueuePool<Object> pool;

  @Setup
  public void open() {
    pool = peer == QueuePeer.NEW ? null : QueuePool.of("bench", 1 << 20, PoolPressure.shared());
  }

  @TearDown
  public void close() {
    if (pool != null) {
      pool.close();
    }
  }

  @Benchmark
  public void request(Blackhole hole) {
    BlockingQueue<Object> queue =
        pool == null ? new ArrayBlockingQueue<>(capacity) : pool.acquire(capacity);
    hole.consume(queue); // others see it: that is what a queue is for
    boolean put = queue.offer(this);
    hole.consume(put);
    hole.consume(queue.poll());
    if (pool != null) {
      pool.release(queue);
    }
  }
}
