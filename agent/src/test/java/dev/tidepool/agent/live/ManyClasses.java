package dev.tidepool.agent.live;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads classes until the VM has begun a collection cycle for their sake, and says what became of
 * the heap.
 */
final class ManyClasses {
  private static final long ENOUGH = 25L << 20;
  private static final int MOST = 20_000;
  private static final List<Object> KEPT = new ArrayList<>();

  private ManyClasses() {}

  private static final class Copies extends ClassLoader {
    Copies() {
      super(ManyClasses.class.getClassLoader());
    }

    Class<?> define(String name, byte[] content) {
      return defineClass(name, content, 0, content.length);
    }
  }

  public static void main(String[] arguments) throws Exception {
    System.out.println("up");
    Thread.sleep(Long.parseLong(arguments[0]));
    MemoryPoolMXBean metaspace =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getName().equals("Metaspace"))
            .findFirst()
            .orElseThrow();
    String name = Run.class.getName();
    byte[] content;
    try (InputStream in = ManyClasses.class.getResourceAsStream("Run.class")) {
      content = in.readAllBytes();
    }
    for (int i = 0; i < MOST && metaspace.getUsage().getCommitted() < ENOUGH; i++) {
      Class<?> copy = new Copies().define(name, content);
      KEPT.add(copy.getDeclaredMethods()); // links it
      Thread.sleep(i % 20 == 0 ? 1 : 0);
    }
    Thread.sleep(3_000); // the marking ends
    System.out.println("committed " + (Runtime.getRuntime().totalMemory() >> 20));
    HotSpotDiagnosticMXBean flags =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    while (!flags.getVMOption("MaxHeapFreeRatio").getValue().equals("70")) {
      Thread.sleep(50);
    }
    System.out.println("as found");
    Thread.sleep(60_000);
  }
}
