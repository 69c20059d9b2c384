package dev.tidepool.tuning.levers;

import java.util.Map;
import java.util.Optional;

/**
 * The pair of free ratios moved as one: the value is the larger, the smaller follows at half of it.
 * The VM refuses a minimum above the maximum, so the order of the two writes depends on the way.
 */
public final class FreeRatioLever implements Lever {
  private final FlagLever min;
  private final FlagLever max;

  private FreeRatioLever(FlagLever min, FlagLever max) {
    this.min = min;
    this.max = max;
  }

  public static Optional<Lever> of(VmFlags flags, boolean override, Map<String, String> found) {
    Optional<FlagLever> min = FlagLever.of(flags, "MinHeapFreeRatio", 1, 100, override, found);
    Optional<FlagLever> max = FlagLever.of(flags, "MaxHeapFreeRatio", 5, 100, override, found);
    return min.isPresent() && max.isPresent()
        ? Optional.of(new FreeRatioLever(min.get(), max.get()))
        : Optional.empty();
  }

  @Override
  public String name() {
    return max.name();
  }

  @Override
  public long value() {
    return max.value();
  }

  @Override
  public long original() {
    return max.original();
  }

  @Override
  public long least() {
    return max.least();
  }

  @Override
  public long most() {
    return max.most();
  }

  @Override
  public boolean active() {
    return min.active() || max.active();
  }

  @Override
  public String blocked() {
    return min.blocked().isEmpty() ? max.blocked() : min.blocked();
  }

  @Override
  public long set(long wanted) {
    long most = Math.max(least(), Math.min(most(), wanted));
    long least = most == max.original() ? min.original() : most / 2;
    if (most < min.value()) {
      min.set(least);
      return max.set(most);
    }
    long kept = max.set(most);
    min.set(least);
    return kept;
  }

  @Override
  public boolean restore() {
    if (!active()) {
      return true;
    }
    // Upward the maximum goes first, downward the minimum.
    boolean upward = max.original() >= min.value();
    boolean first = upward ? max.restore() : min.restore();
    boolean second = upward ? min.restore() : max.restore();
    return first && second;
  }
}
