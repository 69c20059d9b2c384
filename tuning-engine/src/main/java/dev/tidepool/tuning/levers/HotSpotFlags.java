package dev.tidepool.tuning.levers;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** The flags of this VM through its diagnostic bean; the MBean server is not woken for it. */
public final class HotSpotFlags implements VmFlags {
  private final HotSpotDiagnosticMXBean bean;
  private final LongAdder writes = new LongAdder();

  private HotSpotFlags(HotSpotDiagnosticMXBean bean) {
    this.bean = bean;
  }

  /** The flags, or a set that knows none where the VM has no such bean. */
  public static VmFlags open() {
    try {
      HotSpotDiagnosticMXBean bean =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      return bean == null ? new NoFlags() : new HotSpotFlags(bean);
    } catch (LinkageError | RuntimeException e) {
      // No module jdk.management in this image, or another VM.
      return new NoFlags();
    }
  }

  @Override
  public Optional<Flag> read(String name) {
    try {
      VMOption option = bean.getVMOption(name);
      boolean users =
          isUsers(option.getOrigin()) && !OwnFlags.has(name, String.valueOf(option.getValue()));
      return Optional.of(new Flag(name, option.getValue(), option.isWriteable(), users));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** A value set through management before we came was somebody's choice as well. */
  private static boolean isUsers(VMOption.Origin origin) {
    return origin != VMOption.Origin.DEFAULT && origin != VMOption.Origin.ERGONOMIC;
  }

  @Override
  public void set(String name, String value) {
    bean.setVMOption(name, value);
    writes.increment();
  }

  @Override
  public long writes() {
    return writes.sum();
  }

  @Override
  public void putBack(String name, String value) {
    OwnFlags.remember(name, value);
    set(name, value);
  }

  private static final class NoFlags implements VmFlags {
    @Override
    public Optional<Flag> read(String name) {
      return Optional.empty();
    }

    @Override
    public void set(String name, String value) {
      throw new IllegalArgumentException("this VM has no flags that can be set at run time");
    }
  }
}
