package dev.tidepool.rewriting.gate;

import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.remedy.ClassRewriter;
import dev.tidepool.rewriting.remedy.PoolLocal;
import dev.tidepool.rewriting.remedy.RewrittenClass;
import dev.tidepool.rewriting.remedy.SitePlan;
import dev.tidepool.rewriting.remedy.Treatment;
import dev.tidepool.rewriting.site.Verdict;
import java.io.InputStream;
import java.lang.instrument.ClassDefinition;
import java.lang.instrument.Instrumentation;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Rewrites every {@code newarray} of java.base in the JVM it runs in, under full verification.
 * There is nothing behind the gate, so the JDK goes on working as before.
 */
public final class SweepAgent {
  private static Instrumentation instrumentation;
  private static ClassRewriter rewriter;

  private SweepAgent() {}

  public static void premain(String arguments, Instrumentation given) {
    instrumentation = given;
    rewriter = new ClassRewriter(GateInstall.install(given).internalName());
  }

  public static void main(String[] arguments) throws Exception {
    List<Path> files;
    Path base = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules", "java.base");
    try (Stream<Path> all = Files.walk(base)) {
      files = all.filter(file -> file.toString().endsWith(".class")).toList();
    }
    int sites = 0;
    int classes = 0;
    int refused = 0;
    Treatment pool = new PoolLocal(new Verdict.Proven(true, false, List.of(), Set.of()));
    for (Treatment treatment : List.of(new Treatment.Count(), pool)) {
      for (Path file : files) {
        byte[] original = Files.readAllBytes(file);
        List<SitePlan> plans = plans(original, treatment);
        if (plans.isEmpty()) {
          continue;
        }
        RewrittenClass after = rewriter.rewrite(original, plans);
        for (String reason : after.refused().values()) {
          boolean known =
              reason.contains("before the constructor's call") || reason.contains("8000 bytes");
          ProbeAgent.check(known, file + ": " + reason);
        }
        refused += after.refused().size();
        sites += plans.size();
        if (after.classFile() != null && redefine(base.relativize(file), after.classFile())) {
          classes++;
        }
      }
    }
    work();
    System.out.println("sites " + sites + " classes " + classes + " refused " + refused);
  }

  private static boolean redefine(Path file, byte[] classFile) throws Exception {
    String name = file.toString().replace('/', '.').replaceAll("\\.class$", "");
    Class<?> type = Class.forName(name, false, null);
    if (!instrumentation.isModifiableClass(type)) {
      return false;
    }
    try {
      instrumentation.redefineClasses(new ClassDefinition(type, classFile));
      return true;
    } catch (Throwable failed) {
      throw new IllegalStateException(name, failed);
    }
  }

  private static List<SitePlan> plans(byte[] classFile, Treatment treatment) {
    List<SitePlan> plans = new ArrayList<>();
    for (MethodNode method : ClassCode.read(classFile).node().methods) {
      List<AbstractInsnNode> instructions = ClassCode.instructions(method);
      for (int i = 0; i < instructions.size(); i++) {
        if (instructions.get(i).getOpcode() == Opcodes.NEWARRAY) {
          plans.add(new SitePlan(plans.size(), method.name, method.desc, i, treatment));
        }
      }
    }
    return plans;
  }

  /** A little of what the rewritten classes are for. */
  private static void work() throws Exception {
    byte[] data = "a tide pool ".repeat(1000).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    var out = new java.io.ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(data);
    }
    InputStream in =
        new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(out.toByteArray()));
    ProbeAgent.check(java.util.Arrays.equals(data, in.readAllBytes()), "gzip");
    String text = Base64.getEncoder().encodeToString(data);
    ProbeAgent.check(java.util.Arrays.equals(data, Base64.getDecoder().decode(text)), "Base64");
    byte[] digest = java.security.MessageDigest.getInstance("SHA-256").digest(data);
    ProbeAgent.check(
        new java.math.BigInteger(1, digest)
                .modPow(java.math.BigInteger.TEN, java.math.BigInteger.TWO)
            != null,
        "digest and big numbers");
  }
}
