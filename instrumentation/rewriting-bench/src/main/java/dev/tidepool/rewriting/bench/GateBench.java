package dev.tidepool.rewriting.bench;

import dev.tidepool.pools.PrimitivePools;
import dev.tidepool.rewriting.gate.Gate;
import dev.tidepool.rewriting.gate.GateRuntime;
import dev.tidepool.rewriting.gate.SiteMode;
import dev.tidepool.rewriting.gate.SiteSpec;
import dev.tidepool.rewriting.gate.Verification;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** One array of a site, asked for and given back; the way through gate and all. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
public class GateBench {
  @Param({"4096", "65536"})
  public int bytes;

  private PrimitivePools pools;
  private int meter;
  private byte[] original;
  private int pooled;
  private int cleared;
  private int counted;
  private int disabled;

  @Setup
  public void open() {
    pools = new PrimitivePools(64 << 20);
    meter = pools.openMeter();
    GateRuntime runtime = new GateRuntime(pools, (receiver, guard) -> true, Verification.SAMPLE);
    runtime.connect(Gate.class, (host, classFile) -> {});
    original = new byte[bytes];
    pooled = open(runtime, SiteMode.POOL);
    cleared = runtime.open(new SiteSpec(8, 1024, false, false));
    runtime.mode(cleared, SiteMode.POOL);
    counted = open(runtime, SiteMode.COUNT);
    disabled = open(runtime, SiteMode.INVALID);
  }

  private static int open(GateRuntime runtime, SiteMode mode) {
    int site = runtime.open(new SiteSpec(8, 1024, true, false));
    runtime.mode(site, mode);
    return site;
  }

  @TearDown
  public void close() {
    GateRuntime.disconnect(Gate.class);
  }

  @Benchmark
  public void pooled(Blackhole hole) {
    byte[] array = Gate.acquireBytes(bytes, pooled);
    hole.consume(array);
    Gate.release(array, pooled);
  }

  /** What the same costs without the gate. */
  @Benchmark
  public void poolsAlone(Blackhole hole) {
    Object array = pools.acquire(8, bytes, meter, false);
    hole.consume(array);
    pools.release(array, 8, meter);
  }

  @Benchmark
  public void pooledCleared(Blackhole hole) {
    byte[] array = Gate.acquireBytes(bytes, cleared);
    hole.consume(array);
    Gate.release(array, cleared);
  }

  @Benchmark
  public void pooledCopy(Blackhole hole) {
    Object copy = Gate.copyOf(original, bytes, pooled);
    hole.consume(copy);
    Gate.release(copy, pooled);
  }

  @Benchmark
  public void plainCopy(Blackhole hole) {
    hole.consume(Arrays.copyOf(original, bytes));
  }

  @Benchmark
  public void guarded(Blackhole hole) {
    Object array = Gate.acquireBytes(bytes, pooled);
    array = Gate.guard(hole, array, 0, pooled);
    hole.consume(array);
    Gate.release(array, pooled);
  }

  @Benchmark
  public void counted() {
    Gate.count(bytes, counted);
  }

  @Benchmark
  public void turnedOff(Blackhole hole) {
    byte[] array = Gate.acquireBytes(bytes, disabled);
    hole.consume(array);
    Gate.release(array, disabled);
  }

  @Benchmark
  public void plainNew(Blackhole hole) {
    hole.consume(new byte[bytes]);
  }
}
