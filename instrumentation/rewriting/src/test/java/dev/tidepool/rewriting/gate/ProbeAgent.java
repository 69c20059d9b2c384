package dev.tidepool.rewriting.gate;

import dev.tidepool.pools.PrimitivePools;
import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.remedy.ClassRewriter;
import dev.tidepool.rewriting.remedy.PoolLocal;
import dev.tidepool.rewriting.remedy.RewrittenClass;
import dev.tidepool.rewriting.remedy.SitePlan;
import dev.tidepool.rewriting.remedy.Treatment;
import dev.tidepool.rewriting.site.Verdict;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassDefinition;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Installs the gate in a real JVM and pools the buffer of InputStream.transferTo. */
public final class ProbeAgent {
  private static Instrumentation instrumentation;
  private static GateInstall.Installed gate;

  private ProbeAgent() {}

  public static void premain(String arguments, Instrumentation given) {
    instrumentation = given;
    gate = GateInstall.install(given);
  }

  public static void main(String[] arguments) throws Exception {
    check(gate.fresh(), "first install is fresh");
    check(gate.way() == GateInstall.Way.JAVA_LANG, "gate is in java.lang");
    GateInstall.Installed again = GateInstall.install(instrumentation);
    check(!again.fresh() && again.type() == gate.type(), "second install finds the first");
    check(gate.type().getClassLoader() == null, "the boot loader has it");

    GateRuntime runtime =
        new GateRuntime(new PrimitivePools(10_000_000), (to, id) -> true, Verification.POISON);
    runtime.connect(gate.type(), (host, bytes) -> {});
    byte[] original = bytes(InputStream.class);
    byte[] counted = rewritten(runtime, original, new Treatment.Count(), SiteMode.COUNT);
    instrumentation.redefineClasses(new ClassDefinition(InputStream.class, counted));
    transfer(10);
    check(runtime.counts(0).allocations() == 10, "ten transfers counted");
    check(runtime.counts(0).bytes() >= 10 * 8192, "with their bytes");

    PoolLocal pool = new PoolLocal(new Verdict.Proven(false, false, List.of(), Set.of()));
    instrumentation.redefineClasses(
        new ClassDefinition(InputStream.class, rewritten(runtime, original, pool, SiteMode.POOL)));
    transfer(50);
    check(runtime.counts(1).allocations() == 50, "fifty transfers from the pool");
    check(runtime.counts(1).hits() > 30, "most of them hits: " + runtime.counts(1));
    check(runtime.drainEvents().isEmpty(), "no event");

    GateRuntime.disconnect(gate.type());
    transfer(5);
    check(runtime.counts(1).allocations() == 50, "nothing behind the gate any more");
    instrumentation.redefineClasses(new ClassDefinition(InputStream.class, original));
    transfer(5);
  }

  private static void transfer(int times) throws Exception {
    byte[] data = new byte[100_000];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (i * 31);
    }
    for (int i = 0; i < times; i++) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      // ByteArrayInputStream has a transferTo of its own
      new Plain(new ByteArrayInputStream(data)).transferTo(out);
      check(Arrays.equals(data, out.toByteArray()), "same bytes");
    }
  }

  private static byte[] rewritten(
      GateRuntime runtime, byte[] original, Treatment treatment, SiteMode mode) {
    int site = runtime.open(new SiteSpec(8, 1024, false, false));
    runtime.mode(site, mode);
    MethodNode method = ClassCode.read(original).method("transferTo", "(Ljava/io/OutputStream;)J");
    List<SitePlan> plans = new ArrayList<>();
    List<AbstractInsnNode> instructions = ClassCode.instructions(method);
    for (int i = 0; i < instructions.size(); i++) {
      if (instructions.get(i).getOpcode() == Opcodes.NEWARRAY) {
        plans.add(new SitePlan(site, method.name, method.desc, i, treatment));
      }
    }
    RewrittenClass after = new ClassRewriter(gate.internalName()).rewrite(original, plans);
    check(plans.size() == 1 && after.refused().isEmpty(), "one site: " + after.refused());
    return after.classFile();
  }

  static byte[] bytes(Class<?> type) throws Exception {
    String name = type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class";
    try (InputStream in = type.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  static void check(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("not so: " + what);
    }
  }

  private static final class Plain extends InputStream {
    private final InputStream in;

    Plain(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      return in.read();
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
      return in.read(b, off, len);
    }
  }
}
