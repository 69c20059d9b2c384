package sample;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/** An agent of the tests' own, loaded to say what has become of the classes. */
public final class Witness {
  private static final String GATE = "java.lang.TidepoolGate";
  private static final long LONGEST_NANOS = 30_000_000_000L;
  private static final long ENOUGH_BYTES = 20 << 20;

  private Witness() {}

  /**
   * Writes what it saw to a file.
   *
   * @param options {@code hashes=FILE}: name and SHA-256 of every class that can be changed, as an
   *     agent gets it to see; {@code calls=FILE}: how often the gate was asked for an array while
   *     the main thread allocated 20 MB
   */
  public static void agentmain(String options, Instrumentation instrumentation) throws Exception {
    String[] words = options.split("=", 2);
    String seen = words[0].equals("hashes") ? hashes(instrumentation) : calls();
    Files.writeString(Path.of(words[1]), seen);
  }

  private static String hashes(Instrumentation instrumentation) throws Exception {
    Map<String, byte[]> files = new ConcurrentHashMap<>();
    ClassFileTransformer copy =
        new ClassFileTransformer() {
          @Override
          public byte[] transform(
              ClassLoader loader,
              String name,
              Class<?> redefined,
              ProtectionDomain domain,
              byte[] file) {
            if (redefined != null) {
              files.put(name + "@" + (loader == null ? "boot" : loader.getClass().getName()), file);
            }
            // an answer, though the same: from now on the virtual machine keeps the file it was
            // made
            // from, where else it would write one anew, each time with other numbers of constants
            return file.clone();
          }
        };
    List<Class<?>> wanted = new ArrayList<>();
    for (Class<?> loaded : instrumentation.getAllLoadedClasses()) {
      boolean tests = loaded == Witness.class || loaded.getNestHost() == Witness.class;
      boolean ours = loaded.getName().startsWith("dev.tidepool.") || loaded.getName().equals(GATE);
      if (!tests && !ours && !loaded.isHidden() && instrumentation.isModifiableClass(loaded)) {
        wanted.add(loaded);
      }
    }
    instrumentation.addTransformer(copy, true);
    try {
      instrumentation.retransformClasses(wanted.toArray(new Class<?>[0]));
    } finally {
      instrumentation.removeTransformer(copy);
    }
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    StringBuilder lines = new StringBuilder();
    new TreeMap<>(files)
        .forEach(
            (name, file) ->
                lines
                    .append(name)
                    .append(' ')
                    .append(HexFormat.of().formatHex(digest.digest(file)))
                    .append('\n'));
    return lines.toString();
  }

  private static String calls() throws Exception {
    Field acquire = Class.forName(GATE, true, null).getField("acquire");
    @SuppressWarnings("unchecked")
    LongFunction<Object> before = (LongFunction<Object>) acquire.get(null);
    AtomicLong calls = new AtomicLong();
    LongFunction<Object> counting =
        siteAndLength -> {
          calls.incrementAndGet();
          return before == null ? null : before.apply(siteAndLength);
        };
    acquire.set(null, counting);
    try {
      awaitAllocation();
    } finally {
      acquire.set(null, before);
    }
    return calls + "\n";
  }

  private static void awaitAllocation() throws InterruptedException {
    var threads = ManagementFactory.getPlatformMXBean(com.sun.management.ThreadMXBean.class);
    long main = idOfMain();
    long from = threads.getThreadAllocatedBytes(main);
    long end = System.nanoTime() + LONGEST_NANOS;
    while (threads.getThreadAllocatedBytes(main) - from < ENOUGH_BYTES) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("the main thread does nothing");
      }
      Thread.sleep(1);
    }
  }

  private static long idOfMain() {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("main")) {
        return thread.getId();
      }
    }
    throw new IllegalStateException("no main thread");
  }
}
