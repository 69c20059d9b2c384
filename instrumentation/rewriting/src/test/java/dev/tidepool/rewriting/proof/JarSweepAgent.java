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
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassDefinition;
import java.lang.instrument.Instrumentation;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipFile;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Proves every array, owner and result of other people's jars offline, rewrites what is proven, and
 * has the virtual machine verify it. Prints a line a jar, then how long the proofs took, the
 * refusals by kind and what could not be linked.
 *
 * <p>Arguments: the jars, then {@code --} and the jars that they need, which are not swept.
 */
public final class JarSweepAgent {
  private static final int LONGEST = 3;

  private static Instrumentation instrumentation;
  private static ClassRewriter rewriter;
  private static final Map<String, Integer> REFUSALS = new TreeMap<>();
  private static final ProofTimes TIMES = new ProofTimes();
  private static final List<String> UNLINKED = new ArrayList<>();
  private static int tooLarge;

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
    boolean swept = true;
    for (String jar : jars) {
      if (jar.equals("--")) {
        swept = false;
        continue;
      }
      List<String> classes = add(world, jar);
      urls.add(Path.of(jar).toUri().toURL());
      if (swept) {
        names.put(Path.of(jar).getFileName().toString(), classes);
      }
    }
    try (URLClassLoader loader = new URLClassLoader(urls.toArray(new URL[0]))) {
      for (Map.Entry<String, List<String>> jar : names.entrySet()) {
        Counts counts = new Counts();
        EscapeProof proof = new EscapeProof(world, Worlds.guards(), ProofTimes.BUDGET);
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
    System.out.printf(
        Locale.ROOT,
        "times\t%,d\t%.2f\t%.1f\t%.0f\t%d%n",
        TIMES.count(),
        TIMES.millis(0.5),
        TIMES.millis(0.95),
        TIMES.millis(1),
        tooLarge);
    for (ProofTimes.Took took : TIMES.longest(LONGEST)) {
      MethodKey method = took.site().method();
      System.out.printf(
          Locale.ROOT,
          "long\t%.0f\t%s.%s%s@%d%n",
          took.millis(),
          method.owner().sourceName(),
          method.name(),
          method.descriptor(),
          took.site().bytecodeIndex());
    }
    REFUSALS.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(12)
        .forEach(each -> System.out.println("refused\t" + each.getValue() + "\t" + each.getKey()));
    UNLINKED.forEach(each -> System.out.println("unlinked\t" + each));
  }

  private static List<String> add(FileWorld world, String jar) throws IOException {
    List<String> names = new ArrayList<>();
    // of a class that has several versions the one that this virtual machine loads
    try (JarFile file = new JarFile(new File(jar), false, ZipFile.OPEN_READ, Runtime.version())) {
      for (JarEntry entry : (Iterable<JarEntry>) file.versionedStream()::iterator) {
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
      unlinked(name, "another jar has one of that name", counts);
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
    if (!array && !owner) {
      return null;
    }
    counts.arrays += array ? 1 : 0;
    counts.owners += array ? 0 : 1;
    SiteKey site =
        new SiteKey(
            new MethodKey(type, method.name, method.desc), code.bytecodeIndex(method, ordinal));
    Verdict verdict = TIMES.prove(proof, site);
    if (verdict instanceof Verdict.Refused refused) {
      tooLarge += refused.reason().startsWith("too large to prove") ? 1 : 0;
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

  private static void unlinked(String name, String why, Counts counts) {
    counts.unlinkable++;
    UNLINKED.add(name.replace('/', '.') + "\t" + why);
  }

  private static void verify(String name, byte[] classFile, ClassLoader loader, Counts counts)
      throws Exception {
    Class<?> type;
    try {
      type = Class.forName(name.replace('/', '.'), false, loader);
      // links it as it is, with the libraries that are there
      Objects.requireNonNull(type.getDeclaredMethods());
    } catch (ClassNotFoundException | LinkageError missing) {
      unlinked(name, missing.toString(), counts);
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
      unlinked(name, missing.toString(), counts);
    }
  }
}
