package dev.tidepool.rewriting.live;

import dev.tidepool.pools.PrimitivePools;
import dev.tidepool.rewriting.Nomination;
import dev.tidepool.rewriting.RewritingSettings;
import dev.tidepool.rewriting.SiteReport;
import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.LoaderRef;
import dev.tidepool.rewriting.site.SiteState;
import dev.tidepool.rewriting.site.TypeRef;
import dev.tidepool.rewriting.site.Verdict;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.MessageDigest;
import java.security.ProtectionDomain;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import workload.Workload;

/** What scenarios share: a proof thread with short times, waiting, hashing. */
final class Scenario {
  static final Workload WORKLOAD = new Workload();
  static final Workload.Filter FILTER = new Workload.Filter();

  private Scenario() {}

  static RewritingSettings quick() {
    return RewritingSettings.defaults()
        .withHot(1, 0.0)
        .withTimes(Duration.ofMillis(50), Duration.ofMillis(200));
  }

  /** Proves everything, resting on the site's class and on who overrides Filter.look. */
  static ProofThread start(Instrumentation instrumentation) {
    TypeRef filter =
        new TypeRef(
            Workload.Filter.class.getName().replace('.', '/'),
            LoaderRef.of(Workload.class.getClassLoader()));
    return start(
        instrumentation,
        (proof, world, site) ->
            new Verdict.Proven(
                false,
                false,
                List.of(),
                Set.of(
                    new Dependency.Body(site.method().owner()),
                    new Dependency.Overrides(filter, "look", "([B)I"))));
  }

  static ProofThread start(Instrumentation instrumentation, Prover.Judge judge) {
    return start(instrumentation, judge, new PrimitivePools(50_000_000));
  }

  static ProofThread start(
      Instrumentation instrumentation, Prover.Judge judge, PrimitivePools pools) {
    return new ProofThread(instrumentation, pools, quick(), (before, report) -> {}, judge);
  }

  static Nomination nomination(Class<?> type, String method, String descriptor) {
    return Nomination.of(type.getName(), type.getClassLoader(), method, descriptor);
  }

  static Nomination work() {
    return nomination(
        Workload.class, "work", "(L" + Workload.Filter.class.getName().replace('.', '/') + ";)I");
  }

  static Nomination transfer() {
    return nomination(InputStream.class, "transferTo", "(Ljava/io/OutputStream;)J");
  }

  /** Runs the workload until the condition holds. */
  static void workUntil(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.call()) {
      check(System.nanoTime() < end, what);
      for (int i = 0; i < 100; i++) {
        WORKLOAD.work(FILTER);
        WORKLOAD.transfer();
      }
      Thread.sleep(1);
    }
  }

  static SiteReport site(ProofThread thread, String method) {
    for (SiteReport report : thread.sites()) {
      if (report.method().equals(method)) {
        return report;
      }
    }
    return null;
  }

  static boolean is(ProofThread thread, String method, SiteState state) {
    SiteReport report = site(thread, method);
    return report != null && report.state() == state;
  }

  static void check(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("not so: " + what);
    }
  }

  static byte[] bytes(Class<?> type) throws Exception {
    String name = type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class";
    try (InputStream in = type.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  /** The digest of what the virtual machine runs for the class, taken behind every transformer. */
  static String hash(Instrumentation instrumentation, Class<?> type) throws Exception {
    byte[] file = runs(instrumentation, type);
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
  }

  /** Its methods one by one: the constant pool may have grown by what is not used any more. */
  static List<Long> digests(Instrumentation instrumentation, Class<?> type) throws Exception {
    ClassCode code = ClassCode.read(runs(instrumentation, type));
    return code.node().methods.stream()
        .map(method -> MethodDigest.of(code, method.name, method.desc))
        .toList();
  }

  private static byte[] runs(Instrumentation instrumentation, Class<?> type) throws Exception {
    byte[][] seen = new byte[1][];
    ClassFileTransformer last =
        new ClassFileTransformer() {
          @Override
          public byte[] transform(
              ClassLoader loader, String name, Class<?> of, ProtectionDomain domain, byte[] file) {
            if (of == type) {
              seen[0] = file;
            }
            return null;
          }
        };
    instrumentation.addTransformer(last, true);
    try {
      instrumentation.retransformClasses(type);
    } finally {
      instrumentation.removeTransformer(last);
    }
    return seen[0];
  }

  /** Defines copies of classes of the workload by itself. */
  static final class Copies extends ClassLoader {
    Copies() {
      super(Scenario.class.getClassLoader());
    }

    Class<?> define(Class<?> original) throws Exception {
      byte[] file = bytes(original);
      return defineClass(original.getName(), file, 0, file.length);
    }
  }
}
