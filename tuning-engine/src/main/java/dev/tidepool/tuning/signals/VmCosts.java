package dev.tidepool.tuning.signals;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.Optional;

/**
 * Counters that only newer VMs have, looked for by name: what all threads have allocated (21) and
 * what collections have cost in CPU time (26).
 */
final class VmCosts {
  private final OperatingSystemMXBean system;
  private final MethodHandle allocated;
  private final MethodHandle collectorNanos;

  private VmCosts(OperatingSystemMXBean system, MethodHandle allocated, MethodHandle nanos) {
    this.system = system;
    this.allocated = allocated;
    this.collectorNanos = nanos;
  }

  static VmCosts find() {
    return new VmCosts(
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class),
        bound(
            ThreadMXBean.class,
            ManagementFactory.getThreadMXBean(),
            "getTotalThreadAllocatedBytes"),
        bound(MemoryMXBean.class, ManagementFactory.getMemoryMXBean(), "getTotalGcCpuTime"));
  }

  private static MethodHandle bound(Class<?> type, Object bean, String name) {
    if (!type.isInstance(bean)) {
      return null;
    }
    try {
      return MethodHandles.publicLookup()
          .findVirtual(type, name, MethodType.methodType(long.class))
          .bindTo(bean);
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  double processSeconds() {
    return system == null ? 0 : Math.max(0, system.getProcessCpuTime() / 1e9);
  }

  /** Bytes allocated since the start, 0 where the VM does not tell. */
  long allocatedBytes() {
    return Math.max(0, call(allocated));
  }

  Optional<Double> collectorSeconds() {
    long nanos = call(collectorNanos);
    return nanos < 0 ? Optional.empty() : Optional.of(nanos / 1e9);
  }

  private static long call(MethodHandle handle) {
    if (handle == null) {
      return -1;
    }
    try {
      return (long) handle.invoke();
    } catch (Throwable e) {
      return -1;
    }
  }
}
