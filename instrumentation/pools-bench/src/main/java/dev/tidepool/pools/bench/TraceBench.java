package dev.tidepool.pools.bench;

import java.util.Random;
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

/**
 * A trace of mixed sizes: from 64 B to 64 KB, spread evenly over the powers of two, eight buffers
 * out at a time, the oldest given back before the next is taken.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TraceBench {
  private static final int LENGTH = 4096;
  private static final int OUT = 8;

  @Param({"TIDEPOOL"})
  public TracePeer peer;

  private final int[] sizes = new int[LENGTH];
  private Buffers buffers;

  /** What one thread has out. */
  @State(Scope.Thread)
  public static class Holder {
    private final Object[] out = new Object[OUT];
    private int at;
  }

  @Setup
  public void open() {
    Random random = new Random(42);
    for (int i = 0; i < LENGTH; i++) {
      int power = 6 + random.nextInt(10);
      sizes[i] = (1 << power) + random.nextInt(1 << power);
    }
    buffers = peer.open();
  }

  @TearDown
  public void close() throws Exception {
    buffers.close();
  }

  @Benchmark
  public void step(Holder holder, Blackhole hole) throws Exception {
    int at = holder.at++;
    Object old = holder.out[at & (OUT - 1)];
    if (old != null) {
      buffers.give(old);
    }
    Object buffer = buffers.take(sizes[at & (LENGTH - 1)]);
    hole.consume(buffer);
    holder.out[at & (OUT - 1)] = buffer;
  }
}
