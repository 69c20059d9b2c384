package dev.tidepool.pools;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * Keeps callers away from something that fails, and lets one of them try it again now and then.
 *
 * <p>CLOSED lets everybody through. A number of failures in a row opens it: nobody passes. After
 * the recovery time it is HALF_OPEN: one caller passes; if that call succeeds the breaker closes,
 * if it fails the breaker opens again. A trial that is never reported counts as lost after another
 * recovery time, and the next caller may try.
 *
 * <p>While closed, {@link #allows} is one volatile read. Nothing here blocks. Any thread may call
 * anything.
 *
 * <pre>{@code
 * if (breaker.allows()) {
 *   try {
 *     risky();
 *     breaker.succeeded();
 *   } catch (RuntimeException e) {
 *     breaker.failed();
 *     throw e;
 *   }
 * } else {
 *   fallBack();
 * }
 * }</pre>
 */
public final class CircuitBreaker {

  /** What the breaker does with callers. */
  public enum State {
    /** Everybody passes. */
    CLOSED,
    /** Nobody passes. */
    OPEN,
    /** One caller has passed, or may, to see whether things are well again. */
    HALF_OPEN
  }

  private sealed interface Phase permits Closed, Open, Trial {}

  private record Closed() implements Phase {}

  private record Open(long sinceNanos) implements Phase {}

  private record Trial(long sinceNanos) implements Phase {}

  private static final Closed CLOSED = new Closed();

  private final AtomicReference<Phase> phase = new AtomicReference<>(CLOSED);
  private final AtomicInteger failuresInARow = new AtomicInteger();
  private final AtomicLong openings = new AtomicLong();
  private final int failureThreshold;
  private final long recoveryNanos;
  private final LongSupplier nanoTime;

  /**
   * @param failureThreshold failures in a row that open the breaker, at least 1
   * @param recovery how long it stays open before a trial
   */
  public CircuitBreaker(int failureThreshold, Duration recovery) {
    this(failureThreshold, recovery, System::nanoTime);
  }

  /**
   * With a clock of the caller's.
   *
   * @param nanoTime a clock like {@link System#nanoTime}
   */
  public CircuitBreaker(int failureThreshold, Duration recovery, LongSupplier nanoTime) {
    if (failureThreshold < 1) {
      throw new IllegalArgumentException(
          "failureThreshold must be at least 1: " + failureThreshold);
    }
    this.failureThreshold = failureThreshold;
    this.recoveryNanos = recovery.toNanos();
    this.nanoTime = nanoTime;
  }

  /** Whether the caller may go on; it then reports how it went. */
  public boolean allows() {
    return phase.get() == CLOSED || allowsTrial();
  }

  private boolean allowsTrial() {
    Phase now = phase.get();
    if (now instanceof Closed) {
      return true;
    }
    long since = now instanceof Open open ? open.sinceNanos : ((Trial) now).sinceNanos;
    long nanos = nanoTime.getAsLong();
    return nanos - since >= recoveryNanos && phase.compareAndSet(now, new Trial(nanos));
  }

  /** Reports a call that went well. */
  public void succeeded() {
    Phase now = phase.get();
    if (now == CLOSED) {
      if (failuresInARow.get() != 0) { // a line that all callers share is written only if it must
        failuresInARow.set(0);
      }
    } else if (now instanceof Trial) {
      failuresInARow.set(0);
      phase.compareAndSet(now, CLOSED);
    }
  }

  /** Reports a call that failed. */
  public void failed() {
    Phase now = phase.get();
    boolean opens =
        now == CLOSED ? failuresInARow.incrementAndGet() >= failureThreshold : now instanceof Trial;
    if (opens && phase.compareAndSet(now, new Open(nanoTime.getAsLong()))) {
      openings.incrementAndGet();
    }
  }

  /** Opens the breaker at once, whatever was reported. */
  public void trip() {
    if (!(phase.getAndSet(new Open(nanoTime.getAsLong())) instanceof Open)) {
      openings.incrementAndGet();
    }
  }

  /** Closes the breaker at once and forgets the failures. */
  public void reset() {
    failuresInARow.set(0);
    phase.set(CLOSED);
  }

  /** The state a caller would meet now. */
  public State state() {
    Phase now = phase.get();
    if (now instanceof Open open) {
      return nanoTime.getAsLong() - open.sinceNanos < recoveryNanos ? State.OPEN : State.HALF_OPEN;
    }
    return now instanceof Trial ? State.HALF_OPEN : State.CLOSED;
  }

  /** How often it went from letting callers through to keeping them away. */
  public long openings() {
    return openings.get();
  }
}
