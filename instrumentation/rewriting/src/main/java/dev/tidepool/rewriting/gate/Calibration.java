package dev.tidepool.rewriting.gate;

import dev.tidepool.pools.PrimitivePools;
import org.objectweb.asm.Opcodes;

/**
 * Finds whether arrays of a kilobyte pay, on this machine and in this virtual machine: whether one
 * that comes from the pool, is cleared and goes back costs less than a new one.
 *
 * <p>Half a millisecond at a time, so that nobody notices it and the optimizing compiler comes to
 * it; of each way the fastest run counts, since whatever else goes on can only make it slower. What
 * the collector costs is left out: it makes a new array dearer still. One thread's own.
 */
public final class Calibration {
  /** Measured to pay wherever that was looked at. */
  public static final int SAFE_BYTES = 2048;

  private static final int SMALL_BYTES = 1024;
  private static final int STEPS = 30;
  private static final int CALLS = 256;
  private static final int WARM_CALLS = 4096;
  private static final int WARM_SIZE = 64;

  /** What is pooled must cost this much less: the call of the gate comes to it. */
  private static final double CLEARLY = 0.8;

  @SuppressWarnings("UnusedVariable") // written so that no compiler leaves the arrays out
  private static volatile Object sink;

  private final PrimitivePools pools = new PrimitivePools(1 << 20); // counts nowhere
  private final SiteRow row;
  private long fresh = Long.MAX_VALUE;
  private long pooled = Long.MAX_VALUE;
  private int steps;

  Calibration(GateRuntime runtime) {
    row = new SiteRow(runtime, pools, -1, new SiteSpec(Opcodes.T_BYTE, 0, false, false));
    row.mode(SiteMode.POOL);
  }

  /**
   * Measures for half a millisecond or so.
   *
   * @return whether this was the last time, and {@link #leastBytes} is known
   */
  public boolean step() {
    makeNew(WARM_SIZE, WARM_CALLS);
    pool(WARM_SIZE, WARM_CALLS);
    fresh = Math.min(fresh, makeNew(SMALL_BYTES, CALLS));
    pooled = Math.min(pooled, pool(SMALL_BYTES, CALLS));
    steps++;
    if (steps == STEPS) {
      row.close();
      pools.close();
    }
    return steps == STEPS;
  }

  /** From which size on pooling pays. */
  public int leastBytes() {
    return pooled < CLEARLY * fresh ? SMALL_BYTES : SAFE_BYTES;
  }

  private static long makeNew(int size, int calls) {
    long begin = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      sink = new byte[size];
    }
    sink = null;
    return System.nanoTime() - begin;
  }

  private long pool(int size, int calls) {
    long begin = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      Object array = row.acquire(size);
      sink = array;
      if (array != null) {
        row.release(array);
      }
    }
    sink = null;
    return System.nanoTime() - begin;
  }
}
