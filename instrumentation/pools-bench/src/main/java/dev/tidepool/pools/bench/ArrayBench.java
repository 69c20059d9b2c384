package dev.tidepool.pools.bench;

import java.util.List;
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

/** Take a buffer of one size and give it back; the content is not looked at. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ArrayBench {

  /** What the parameter below goes through. */
  static final List<String> SIZES = List.of("256", "4096", "65536", "1048576");

  @Param({"TIDEPOOL"})
  public BufferPeer peer;

  @Param({"256", "4096", "65536", "1048576"})
  public int bytes;

  private Buffers buffers;

  @Setup
  public void open() {
    buffers = peer.open(bytes);
  }

  @TearDown
  public void close() throws Exception {
    buffers.close();
  }

  @Benchmark
  public void takeAndGive(Blackhole hole) throws Exception {
    Object buffer = buffers.take(bytes);
    hole.consume(buffer);
    buffers.give(buffer);
  }
}
