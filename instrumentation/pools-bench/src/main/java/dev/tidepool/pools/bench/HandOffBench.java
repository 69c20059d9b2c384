package dev.tidepool.pools.bench;

import java.util.concurrent.TimeUnit;
import org.jctools.queues.SpscArrayQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Control;

/** One thread takes a buffer, another gives it back; a queue between them, the same for all. */
@State(Scope.Group)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HandOffBench {

  @Param({"TIDEPOOL"})
  public BufferPeer peer;

  @Param({"4096"})
  public int bytes;

  private static final int SPINS = 100;

  /** Shorter than the smallest part of a bounded peer, so that nobody waits for an empty pool. */
  private final SpscArrayQueue<Object> between = new SpscArrayQueue<>(8);

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
  @Group("handOff")
  @GroupThreads(1)
  public void take(Control control) throws Exception {
    Object buffer = buffers.take(bytes);
    for (int spin = 0; !between.relaxedOffer(buffer); spin++) {
      if (control.stopMeasurement) {
        buffers.give(buffer);
        return;
      }
      pause(spin);
    }
  }

  @Benchmark
  @Group("handOff")
  @GroupThreads(1)
  public void give(Control control) throws Exception {
    Object buffer = between.relaxedPoll();
    for (int spin = 0; buffer == null; spin++) {
      if (control.stopMeasurement) {
        return;
      }
      pause(spin);
      buffer = between.relaxedPoll();
    }
    buffers.give(buffer);
  }

  /** Lets the other side run where it has no core of its own just now. */
  private static void pause(int spin) {
    if (spin < SPINS) {
      Thread.onSpinWait();
    } else {
      Thread.yield();
    }
  }
}
