package dev.tidepool.tuning.levers;

import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * Keeps a collection cycle that the agent's own classes bring from shrinking the heap.
 *
 * <p>Where class metadata grow past a threshold of the VM (21 MB at first) G1 begins a concurrent
 * cycle, and at its end lets go of what is more than {@code MaxHeapFreeRatio} free. The agent and
 * what it wakes of the JDK are some 14 MB of metadata, so that many an application has such a cycle
 * with the agent and would have none without; its heap went from 380 to 89 MB and its young
 * collections came six times as often. So while the threshold is about to be passed for the first
 * time the ratio stands at 100. From then on the threshold is higher by as much as is ours, and
 * what the application loads itself has the effect it would have had without us.
 *
 * <p>Whoever moves the ratio meanwhile has it.
 */
public final class ShrinkHold {
  /** What the agent, JFR and JMX come to, measured on 17 and 25, and something over. */
  private static final long OURS = 16L << 20;

  private static final long NEAR = 4L << 20;
  private static final double BROUGHT_UP_SECONDS = 60;

  /** A program that has not passed the threshold by then does so by itself. */
  private static final double MOST_SECONDS = 600;

  /** From passing the threshold to the end of the marking that it brings. */
  private static final double MARKING_SECONDS = 10;

  /** The value of the ratio at which the heap does not shrink. */
  public static final long KEEP_ALL = 100;

  /** Why the ratio is moved, in words. */
  public static final String HOLDS = "a cycle that our own classes bring must not shrink the heap";

  private static final String LETS_GO = "class metadata grow no more, or their cycle is over";

  /** How much is committed, and what passes for much. */
  public interface Metaspace {
    long committed();

    /** At which the VM begins the next cycle for its sake. */
    long threshold();
  }

  private final FlagLever ratio;
  private final Metaspace metaspace;
  private final DoubleSupplier second;
  private double since = Double.NaN;
  private double passed = Double.NaN;
  private boolean holds;
  private boolean over;

  private ShrinkHold(FlagLever ratio, Metaspace metaspace, DoubleSupplier second) {
    this.ratio = ratio;
    this.metaspace = metaspace;
    this.second = second;
    this.over = ratio == null;
  }

  /** One that holds nothing. */
  public static ShrinkHold none() {
    return new ShrinkHold(null, null, () -> 0);
  }

  /**
   * The hold of a VM that runs with G1; one that holds nothing where the ratio is a user's or has
   * been moved already.
   *
   * @param moved flags that we have moved before
   * @param second of any clock that goes on
   */
  public static ShrinkHold of(
      VmFlags flags, Map<String, String> moved, Metaspace metaspace, DoubleSupplier second) {
    if (moved.containsKey(Levers.FREE_RATIO)) {
      return none();
    }
    return FlagLever.of(flags, Levers.FREE_RATIO, 0, KEEP_ALL, false, Map.of())
        .filter(ratio -> ratio.blocked().isEmpty() && ratio.value() < KEEP_ALL)
        .map(ratio -> new ShrinkHold(ratio, metaspace, second))
        .orElseGet(ShrinkHold::none);
  }

  /**
   * Holds or lets go; to be called once a second or so.
   *
   * @return why the ratio was moved just now; empty mostly
   */
  public synchronized Optional<String> look() {
    if (over) {
      return Optional.empty();
    }
    double now = second.getAsDouble();
    since = Double.isNaN(since) ? now : since;
    long room = metaspace.threshold() - metaspace.committed();
    if (room < 0 && Double.isNaN(passed)) {
      passed = now;
    }
    if (now - since > MOST_SECONDS || now - passed > MARKING_SECONDS) {
      return end();
    }
    boolean wanted = room < (now - since < BROUGHT_UP_SECONDS ? OURS : NEAR);
    if (wanted && !holds && Double.isNaN(passed)) {
      return hold();
    }
    return wanted || !holds ? Optional.empty() : letGo();
  }

  private Optional<String> hold() {
    try {
      ratio.set(KEEP_ALL);
      holds = true;
      return Optional.of(HOLDS);
    } catch (IllegalArgumentException refused) {
      over = true;
      return Optional.empty();
    }
  }

  private Optional<String> letGo() {
    boolean ours = holds && ratio.value() == KEEP_ALL;
    holds = false;
    return ours && ratio.restore() ? Optional.of(LETS_GO) : Optional.empty();
  }

  /** Lets go for good. */
  public synchronized Optional<String> end() {
    over = true;
    return letGo();
  }

  /** Where the ratio stood. */
  public long original() {
    return ratio.original();
  }

  /** Whether the ratio stands where it does because of this. */
  public synchronized boolean holds() {
    return holds && ratio.value() == KEEP_ALL;
  }
}
