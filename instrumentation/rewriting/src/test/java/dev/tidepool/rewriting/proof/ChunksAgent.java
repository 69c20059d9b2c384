package dev.tidepool.rewriting.proof;

import dev.tidepool.pools.PrimitivePools;
import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.gate.GateInstall;
import dev.tidepool.rewriting.gate.GateRuntime;
import dev.tidepool.rewriting.gate.SiteMode;
import dev.tidepool.rewriting.gate.SiteSpec;
import dev.tidepool.rewriting.gate.Verification;
import dev.tidepool.rewriting.remedy.ClassRewriter;
import dev.tidepool.rewriting.remedy.PoolLocal;
import dev.tidepool.rewriting.remedy.RewrittenClass;
import dev.tidepool.rewriting.remedy.SitePlan;
import dev.tidepool.rewriting.site.MethodKey;
import dev.tidepool.rewriting.site.SiteKey;
import dev.tidepool.rewriting.site.TypeRef;
import dev.tidepool.rewriting.site.Verdict;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassDefinition;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Proves what this JDK's {@code InputStream.readNBytes} makes, pools it with every released array
 * poisoned, and reads streams to their ends. Silent when all is as it should be.
 */
public final class ChunksAgent {
  private static final int[] SIZES = {0, 1, 8191, 8192, 8193, 16383, 16384, 16385, 100_000};

  private static Instrumentation instrumentation;
  private static GateInstall.Installed gate;

  private ChunksAgent() {}

  public static void premain(String arguments, Instrumentation given) {
    instrumentation = given;
    gate = GateInstall.install(given);
  }

  public static void main(String[] arguments) throws Exception {
    for (Verification verification : List.of(Verification.POISON, Verification.OFF)) {
      GateRuntime runtime =
          new GateRuntime(new PrimitivePools(10_000_000), (to, guard) -> true, verification);
      runtime.connect(gate.type(), (host, bytes) -> {});
      List<Integer> sites = pool(runtime);
      check(sites.size() >= 2, "the chunk and its shorter copy are proven: " + sites);
      long hits = 0;
      for (int round = 0; round < 20; round++) {
        read(round);
      }
      for (int site : sites) {
        hits += runtime.counts(site).hits();
      }
      check(hits > 100, verification + ": chunks come from the pool: " + hits);
      check(runtime.drainEvents().isEmpty(), "nothing is written after its release");
      GateRuntime.disconnect(gate.type());
    }
  }

  private static List<Integer> pool(GateRuntime runtime) throws Exception {
    FileWorld world = Worlds.withFixtures();
    TypeRef type = world.type("java/io/InputStream").orElseThrow();
    byte[] original = world.bytes(type).orElseThrow();
    ClassCode code = ClassCode.read(original);
    MethodNode method = code.method("readNBytes", "(I)[B");
    List<AbstractInsnNode> instructions = ClassCode.instructions(method);
    List<SitePlan> plans = new ArrayList<>();
    for (int i = 0; i < instructions.size(); i++) {
      AbstractInsnNode insn = instructions.get(i);
      if (insn.getOpcode() != Opcodes.NEWARRAY && !OwnedArrays.copies(insn)) {
        continue;
      }
      MethodKey key = new MethodKey(type, method.name, method.desc);
      Verdict verdict = Worlds.proof(world).prove(new SiteKey(key, code.bytecodeIndex(method, i)));
      if (verdict instanceof Verdict.Proven proven) {
        int site = runtime.open(new SiteSpec(Opcodes.T_BYTE, 16, false, false));
        runtime.mode(site, SiteMode.POOL);
        plans.add(new SitePlan(site, method.name, method.desc, i, new PoolLocal(proven)));
      }
    }
    RewrittenClass after = new ClassRewriter(gate.internalName()).rewrite(original, plans);
    check(after.refused().isEmpty(), "all are rewritten: " + after.refused());
    instrumentation.redefineClasses(new ClassDefinition(InputStream.class, after.classFile()));
    return plans.stream().map(SitePlan::id).toList();
  }

  private static void read(int round) throws IOException {
    List<byte[]> results = new ArrayList<>();
    List<byte[]> expected = new ArrayList<>();
    for (int size : SIZES) {
      byte[] content = new byte[size];
      new Random(size + round).nextBytes(content);
      for (boolean shorter : new boolean[] {false, true}) {
        results.add(new Plain(content, shorter, Integer.MAX_VALUE).readAllBytes());
        expected.add(content);
        results.add(new Plain(content, shorter, Integer.MAX_VALUE).readNBytes(size));
        expected.add(content);
        try {
          new Plain(content, shorter, size / 2).readAllBytes();
          check(false, "a stream that fails fails");
        } catch (IOException cut) {
          check(cut.getMessage().equals("cut"), "by its own doing");
        }
      }
    }
    // not before the end: what was returned must stay as it was
    for (int i = 0; i < results.size(); i++) {
      check(Arrays.equals(results.get(i), expected.get(i)), "same bytes, result " + i);
    }
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("not so: " + what);
    }
  }

  /** Inherits readAllBytes and readNBytes. */
  private static final class Plain extends InputStream {
    private final InputStream in;
    private final Random shorter;
    private int untilFailure;

    Plain(byte[] content, boolean shortReads, int failsAt) {
      in = new ByteArrayInputStream(content);
      shorter = shortReads ? new Random(content.length) : null;
      untilFailure = failsAt;
    }

    @Override
    public int read() throws IOException {
      return in.read();
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
      if (untilFailure <= 0) {
        throw new IOException("cut");
      }
      int most = shorter == null || len == 0 ? len : 1 + shorter.nextInt(len);
      int got = in.read(b, off, Math.min(most, untilFailure));
      untilFailure -= Math.max(0, got);
      return got;
    }
  }
}
