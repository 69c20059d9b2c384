package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.gate.Exclusions;
import dev.tidepool.rewriting.gate.GateInstall;
import dev.tidepool.rewriting.remedy.ClassRewriter;
import dev.tidepool.rewriting.remedy.Draw;
import dev.tidepool.rewriting.remedy.PoolLocal;
import dev.tidepool.rewriting.remedy.PoolOwned;
import dev.tidepool.rewriting.remedy.RewrittenClass;
import dev.tidepool.rewriting.remedy.SitePlan;
import dev.tidepool.rewriting.remedy.Treatment;
import dev.tidepool.rewriting.site.MethodKey;
import dev.tidepool.rewriting.site.SiteKey;
import dev.tidepool.rewriting.site.TypeRef;
import dev.tidepool.rewriting.site.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassDefinition;
import java.lang.instrument.Instrumentation;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Proves every array, owner and result of other people's jars offline, rewrites what is proven, and
 * has the virtual machine verify it. Prints a line a jar, then the refusals by kind.
 */
public final class JarSweepAgent {
  private static final int EVERY_OWNER = 8;

  private static Instrumentation instrumentation;
  private static ClassRewriter rewriter;
  private static final Map<String, Integer> REFUSALS = new TreeMap<>();

  private JarSweepAgent() {}

  public static void premain(String arguments, Instrumentation given) {
    instrumentation = given;
    rewriter = new ClassRewriter(GateInstall.install(given).internalName());
  }

  /** What came of one jar. */
  private static final class Counts {
    int classes;
    int arrays;
    int proven;
    int owners;
    int ownersProven;
    int rewritten;
    int unlinkable;
  }

  public static void main(String[] jars) throws Exception {
    FileWorld world = Worlds.withFixtures();
    Map<String, List<String>> names = new LinkedHashMap<>();
    names.put("java.base", List.copyOf(world.names()));
    List<URL> urls = new ArrayList<>();
    for (String jar : jars) {
      names.put(Path.of(jar).getFileName().toString(), add(world, jar));
      urls.add(Path.of(jar).toUri().toURL());
    }
    try (URLClassLoader loader = new URLClassLoader(urls.toArray(new URL[0]))) {
      for (Map.Entry<String, List<String>> jar : names.entrySet()) {
        Counts counts = new Counts();
        EscapeProof proof = new EscapeProof(world, Worlds.guards(), Duration.ofSeconds(2));
        for (String name : jar.getValue()) {
          sweep(world, proof, name, loader, counts);
        }
        System.out.println(
            String.join(
                "\t",
                jar.getKey(),
                "" + counts.classes,
                "" + counts.arrays,
                "" + counts.proven,
                "" + counts.owners,
                "" + counts.ownersProven,
                "" + counts.rewritten,
                "" + counts.unlinkable));
      }
    }
    REFUSALS.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(12)
        .forEach(each -> System.out.println("refused\t" + each.getValue() + "\t" + each.getKey()));
  }

  private static List<String> add(FileWorld world, String jar) throws IOException {
    List<String> names = new ArrayList<>();
    try (JarFile file = new JarFile(jar)) {
      for (JarEntry entry : (Iterable<JarEntry>) file.stream()::iterator) {
        String name = entry.getName();
        if (name.endsWith(".class") && !name.contains("-info") && !name.startsWith("META-INF")) {
          world.add(file.getInputStream(entry).readAllBytes(), false);
          names.add(name.substring(0, name.length() - ".class".length()));
        }
      }
    }
    return names;
  }

  private static void sweep(
      FileWorld world, EscapeProof proof, String name, ClassLoader loader, Counts counts)
      throws Exception {
    TypeRef type = world.type(name).orElse(null);
    if (type == null || Exclusions.excludes(name)) {
      return;
    }
    counts.classes++;
    byte[] original = world.bytes(type).orElseThrow();
    if (!type.loader().isBoot() && !Arrays.equals(original, loaded(loader, name))) {
      // two jars have it, or there is a version of it for this JDK: what is loaded is another
      counts.unlinkable++;
      return;
    }
    ClassCode code = ClassCode.read(original);
    List<SitePlan> plans = new ArrayList<>();
    for (MethodNode method : code.node().methods) {
      List<AbstractInsnNode> all = ClassCode.instructions(method);
      for (int i = 0; i < all.size(); i++) {
        Treatment treatment = treatment(proof, type, code, method, i, all.get(i), counts);
        if (treatment != null) {
          plans.add(new SitePlan(plans.size(), method.name, method.desc, i, treatment));
        }
      }
    }
    RewrittenClass after = rewriter.rewrite(original, plans);
    if (after.classFile() != null) {
      verify(name, after.classFile(), type.loader().isBoot() ? null : loader, counts);
    }
  }

  private static byte[] loaded(ClassLoader loader, String name) throws IOException {
    try (InputStream in = loader.getResourceAsStream(name + ".class")) {
      return in == null ? null : in.readAllBytes();
    }
  }

  private static Treatment treatment(
      EscapeProof proof,
      TypeRef type,
      ClassCode code,
      MethodNode method,
      int ordinal,
      AbstractInsnNode insn,
      Counts counts) {
    boolean array = insn.getOpcode() == Opcodes.NEWARRAY || OwnedArrays.copies(insn);
    boolean owner =
        insn.getOpcode() == Opcodes.NEW
            || Factories.made(insn) != null
            || OwnedArrays.returnsArray(insn);
    if (!array && (!owner || counts.owners++ % EVERY_OWNER != 0)) {
      return null;
    }
    counts.arrays += array ? 1 : 0;
    SiteKey site =
        new SiteKey(
            new MethodKey(type, method.name, method.desc), code.bytecodeIndex(method, ordinal));
    Verdict verdict = proof.prove(site);
    if (verdict instanceof Verdict.Refused refused) {
      if (refused.reason().startsWith("cannot be analysed")) {
        throw new IllegalStateException(site + ": " + refused.reason());
      }
      if (array) {
        String what = refused.reason().replaceFirst("^escapes at [^ ]+: ", "");
        REFUSALS.merge(what.replaceFirst("(field|native|to|run) .*", "$1 ..."), 1, Integer::sum);
      }
      // drawn without a proof, as the array of an owner is
      boolean copy = array && !method.name.equals("<clinit>");
      return copy ? new Draw("PoolOwned") : null;
    }
    counts.proven += array ? 1 : 0;
    counts.ownersProven += array ? 0 : 1;
    Verdict.Proven proven = (Verdict.Proven) verdict;
    return array ? new PoolLocal(proven) : new PoolOwned(proven);
  }

  /** Whether the class can be linked as it is, with the libraries that are there. */
  private static boolean isLinked(Class<?> type) {
    try {
      return type.getDeclaredMethods() != null;
    } catch (LinkageError missing) {
      return false;
    }
  }

  private static void verify(String name, byte[] classFile, ClassLoader loader, Counts counts)
      throws Exception {
    Class<?> type;
    try {
      type = Class.forName(name.replace('/', '.'), false, loader);
    } catch (ClassNotFoundException | LinkageError missing) {
      counts.unlinkable++;
      return;
    }
    if (!isLinked(type)) {
      counts.unlinkable++;
      return;
    }
    try {
      if (instrumentation.isModifiableClass(type)) {
        instrumentation.redefineClasses(new ClassDefinition(type, classFile));
        counts.rewritten++;
      }
    } catch (VerifyError | ClassFormatError | InternalError broken) {
      throw new IllegalStateException(name, broken);
    } catch (LinkageError missing) {
      counts.unlinkable++;
    }
  }
}
