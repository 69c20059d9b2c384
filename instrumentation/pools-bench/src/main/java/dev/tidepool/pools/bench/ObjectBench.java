package dev.tidepool.pools.bench;

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

/** Take an object that costs something to make (an array deque of 256) and give it back. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ObjectBench {

  @Param({"TIDEPOOL"})
  public ObjectPeer peer;

  private Buffers objects;

  @Setup
  public void open() {
    objects = peer.open();
  }

  @TearDown
  public void close() throws Exception {
    objects.close();
  }

  @Benchmark
  public void takeAndGive(Blackhole hole) throws Exception {
    Object object = objects.take(0);
    hole.consume(object);
    objects.give(object);
  }
}
