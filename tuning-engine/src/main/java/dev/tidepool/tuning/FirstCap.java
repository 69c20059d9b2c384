package dev.tidepool.tuning;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import dev.tidepool.tuning.levers.OwnFlags;
import dev.tidepool.tuning.signals.Cgroup;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The cap that the container's limit dictates, set before the application's first instruction.
 *
 * <p>A process whose maximum heap does not fit its container is killed within seconds of its first
 * traffic, and on an overloaded machine the agent's own thread may come later than that. So this
 * runs on the thread that starts the application: it reads the limit (a few small files), and only
 * where the limit is near enough to matter it wakes the diagnostic bean, some ten milliseconds, and
 * lowers the soft maximum where the collector honours one, else the free ratios. The engine takes
 * over from there. No lambda, no string concatenation and no collection beans: each of them would
 * cost more than all the rest.
 */
public final class FirstCap {
  /** Until the rest of the process is known: measured to hold on 17 and 25. */
  private static final double SHARE_OF_LIMIT = 0.60;

  /**
   * Less for ZGC, which keeps for minutes what it has committed once: the first traffic, with the
   * collector not warm yet, leads far past the soft maximum, and from there is no way back.
   */
  private static final double SHARE_FOR_ZGC = 0.50;

  private static final double NEAR = 0.85;
  private static final int TIGHT_FREE_RATIO = 20;

  private final HotSpotDiagnosticMXBean bean;
  private final Map<String, String> found = new LinkedHashMap<>();

  private FirstCap(HotSpotDiagnosticMXBean bean) {
    this.bean = bean;
  }

  /**
   * Reads the limit and acts where it must; never throws.
   *
   * @param usersLimit limit of the whole process in bytes that the user has set, 0 for none
   * @return the flags that were moved with the values they had
   */
  public static Map<String, String> apply(long usersLimit) {
    try {
      long limit = limit(usersLimit);
      if (limit == 0 || Runtime.getRuntime().maxMemory() < NEAR * SHARE_OF_LIMIT * limit) {
        return Map.of();
      }
      HotSpotDiagnosticMXBean bean =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      if (bean == null) {
        return Map.of();
      }
      FirstCap cap = new FirstCap(bean);
      cap.tryTo(limit);
      return cap.found;
    } catch (RuntimeException | LinkageError e) {
      // Another VM, an image without jdk.management: the engine says so in its capabilities.
      return Map.of();
    }
  }

  private static long limit(long usersLimit) {
    Cgroup group = Cgroup.find().orElse(null);
    long container = group == null ? 0 : group.limitBytes();
    long users = usersLimit < TuningSettings.LEAST_LIMIT ? 0 : usersLimit;
    return container == 0 ? users : users == 0 ? container : Math.min(users, container);
  }

  private void tryTo(long limit) {
    try {
      act(limit);
    } catch (IllegalArgumentException e) {
      // A VM that refuses a value: what was moved until then is known, and goes back in the end.
      restore(found);
    }
  }

  /** Puts flags back; for an agent that could not start. */
  public static void restore(Map<String, String> found) {
    if (found.isEmpty()) {
      return;
    }
    HotSpotDiagnosticMXBean bean =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    // Lowered from the minimum on, so raised from the maximum on.
    List<Map.Entry<String, String>> flags = new ArrayList<>(found.entrySet());
    for (int i = flags.size() - 1; i >= 0; i--) {
      OwnFlags.remember(flags.get(i).getKey(), flags.get(i).getValue());
      bean.setVMOption(flags.get(i).getKey(), flags.get(i).getValue());
    }
    found.clear();
  }

  private void act(long limit) {
    long most = Long.parseLong(bean.getVMOption("MaxHeapSize").getValue());
    if (Long.parseLong(bean.getVMOption("MinHeapSize").getValue()) >= most) {
      return;
    }
    if (isOn("UseZGC")) {
      softMax((long) (SHARE_FOR_ZGC * limit) >> 21 << 21);
    } else if (isOn("UseShenandoahGC")) {
      softMax((long) (SHARE_OF_LIMIT * limit) >> 21 << 21);
    } else if (isOn("UseG1GC")) {
      freeRatios();
    }
    // Serial pays for tight ratios with full collections from the first moment on, where the limit
    // may never come near: there the engine acts once what is committed does.
  }

  private boolean isOn(String name) {
    try {
      return bean.getVMOption(name).getValue().equals("true");
    } catch (IllegalArgumentException e) {
      // Built without that collector.
      return false;
    }
  }

  private void softMax(long cap) {
    VMOption flag = bean.getVMOption("SoftMaxHeapSize");
    if (isFree(flag) && cap < Long.parseLong(flag.getValue())) {
      set(flag, Long.toString(cap));
    }
  }

  private void freeRatios() {
    VMOption least = bean.getVMOption("MinHeapFreeRatio");
    VMOption most = bean.getVMOption("MaxHeapFreeRatio");
    if (isFree(least) && isFree(most) && Long.parseLong(most.getValue()) > TIGHT_FREE_RATIO) {
      // The VM refuses a minimum above the maximum: downward the minimum goes first.
      set(least, Integer.toString(TIGHT_FREE_RATIO / 2));
      set(most, Integer.toString(TIGHT_FREE_RATIO));
    }
  }

  private void set(VMOption flag, String value) {
    bean.setVMOption(flag.getName(), value);
    found.put(flag.getName(), flag.getValue());
  }

  private static boolean isFree(VMOption flag) {
    VMOption.Origin origin = flag.getOrigin();
    return flag.isWriteable()
        && (origin == VMOption.Origin.DEFAULT
            || origin == VMOption.Origin.ERGONOMIC
            || OwnFlags.has(flag.getName(), flag.getValue()));
  }
}
