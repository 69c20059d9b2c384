package dev.tidepool.rewriting.remedy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.site.GuardedCall;
import dev.tidepool.rewriting.site.LoaderRef;
import dev.tidepool.rewriting.site.TypeRef;
import dev.tidepool.rewriting.site.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.util.Textifier;
import org.objectweb.asm.util.TraceMethodVisitor;

/**
 * Each treatment's bytecode before and after, as files to be read and reviewed. After a change that
 * is meant, {@code mvn test -Dtest=GoldenTest -DargLine=-Dtidepool.golden=write} writes them anew.
 */
class GoldenTest {
  private static final String NAME = "fixtures.Golden";

  @ParameterizedTest
  @CsvSource({
    "counted, count",
    "copied, count",
    "pooled, pool",
    "perRound, pool",
    "guarded, pool",
    "insideTry, pool",
    "locked, pool",
    "<init>, pool",
    "grown, presize",
    "grownFrom, presize",
    "drawn, draw",
    "drawnCopy, draw",
    "drawnRange, draw",
    "pooledCopy, pool",
    "owned, own",
    "ownedPerRound, own",
    "built, own",
    "builtPlain, own",
    "result, result",
    "resultPerRound, result",
    "outgrown, replace",
    "handed, replace",
    "resultAsked, result",
    "handedBack, handBack",
    "coderMade, coder",
    "coderClosed, coder",
    "several, keep",
    "returned, keep",
    "severalReturned, keep"
  })
  void rewrittenBytecodeIsAsReviewed(String name, String treatment) throws Exception {
    byte[] before = Fixture.compile("Golden", 17).get(NAME);
    MethodNode node = method(before, name);
    SitePlan plan =
        switch (treatment) {
          case "presize" -> presized(node);
          case "own" -> owned(node);
          case "result" -> result(node);
          case "replace" -> replaced(node);
          case "handBack" -> new SitePlan(1234, node.name, node.desc, 0, new RecycleHandedBack());
          case "coder" -> coder(node);
          default -> plan(node, treatment);
        };
    RewrittenClass after = new ClassRewriter().rewrite(before, List.of(plan));
    assertThat(after.refused()).isEmpty();
    String text = text(before, name) + "\n=== becomes\n\n" + text(after.classFile(), name);
    Path golden = Path.of("src/test/resources/golden", name.replaceAll("[<>]", "") + ".txt");
    if ("write".equals(System.getProperty("tidepool.golden"))) {
      Files.writeString(golden, text);
    }
    assertThat(text).isEqualTo(Files.readString(golden));
  }

  private static SitePlan plan(MethodNode method, String how) {
    List<AbstractInsnNode> instructions = ClassCode.instructions(method);
    int site = -1;
    GuardedCall[] guards = {};
    for (int i = 0; i < instructions.size(); i++) {
      AbstractInsnNode insn = instructions.get(i);
      boolean copy = insn instanceof MethodInsnNode call && call.name.startsWith("copyOf");
      if (insn.getOpcode() == Opcodes.NEWARRAY || (copy && site < 0)) {
        site = i;
      } else if (insn instanceof MethodInsnNode call && call.name.equals("write")) {
        guards = new GuardedCall[] {new GuardedCall(i, 0, 42)};
      }
    }
    Treatment treatment =
        switch (how) {
          case "count" -> new Treatment.Count();
          case "draw" -> new Draw("PoolOwned");
          case "keep" ->
              Fixture.keep(
                  method.name.startsWith("several"), method.name.endsWith("eturned"), guards);
          default -> Fixture.pool(method.name.equals("perRound"), guards);
        };
    return new SitePlan(1234, method.name, method.desc, site, treatment);
  }

  /** Of the object made first; its constructor is the first that is called after that. */
  private static SitePlan owned(MethodNode method) {
    List<AbstractInsnNode> instructions = ClassCode.instructions(method);
    int site = -1;
    int construction = -1;
    for (int i = 0; i < instructions.size(); i++) {
      AbstractInsnNode insn = instructions.get(i);
      site = insn.getOpcode() == Opcodes.NEW && site < 0 ? i : site;
      boolean constructs = insn instanceof MethodInsnNode call && call.name.equals("<init>");
      construction = constructs && construction < 0 ? i : construction;
    }
    TypeRef owner = new TypeRef(((TypeInsnNode) instructions.get(site)).desc, LoaderRef.BOOT);
    Verdict.Owned owned =
        new Verdict.Owned(construction, owner, List.of(new Verdict.Field(owner, "buf", "[B")));
    return planOwned(method, site, owned);
  }

  /** Of the field that is put last, and handed to whatever is written to. */
  private static SitePlan replaced(MethodNode method) {
    List<AbstractInsnNode> instructions = ClassCode.instructions(method);
    List<Verdict.FieldUse> uses = new ArrayList<>();
    for (int i = 0; i < instructions.size(); i++) {
      AbstractInsnNode insn = instructions.get(i);
      if (insn.getOpcode() == Opcodes.PUTFIELD) {
        uses.add(new Verdict.FieldUse(method.name, method.desc, i, -1, false, List.of()));
      } else if (insn instanceof MethodInsnNode call && call.name.equals("write")) {
        List<GuardedCall> guards = List.of(new GuardedCall(i, 0, 42));
        uses.add(new Verdict.FieldUse(method.name, method.desc, i, 1, false, guards));
      }
    }
    TypeRef owner = new TypeRef(NAME.replace('.', '/'), LoaderRef.BOOT);
    return new SitePlan(
        1234,
        method.name,
        method.desc,
        uses.get(0).ordinal(),
        new RecycleOutgrown(new Verdict.Field(owner, "kept", "[B"), uses));
  }

  /** Of the buffer that is allocated, or of the object that is closed. */
  private static SitePlan coder(MethodNode method) {
    List<AbstractInsnNode> instructions = ClassCode.instructions(method);
    int site = -1;
    int does = 0;
    for (int i = 0; i < instructions.size(); i++) {
      AbstractInsnNode insn = instructions.get(i);
      boolean draws = insn instanceof MethodInsnNode call && call.name.equals("allocate");
      boolean closes = insn instanceof FieldInsnNode put && put.name.equals("closed");
      if (draws || closes) {
        site = i;
        does = draws ? Verdict.FieldUse.DRAWS : Verdict.FieldUse.CLOSES;
      }
    }
    TypeRef owner = new TypeRef(NAME.replace('.', '/'), LoaderRef.BOOT);
    Verdict.Field field = new Verdict.Field(owner, "buffer", "Ljava/nio/ByteBuffer;");
    Verdict.FieldUse use =
        new Verdict.FieldUse(method.name, method.desc, site, does, false, List.of());
    return new SitePlan(
        1234, method.name, method.desc, site, new RecycleOutgrown(field, List.of(use)));
  }

  private static SitePlan result(MethodNode method) {
    List<AbstractInsnNode> instructions = ClassCode.instructions(method);
    int site = 0;
    while (!Copies.returnsArray(instructions.get(site))) {
      site++;
    }
    return planOwned(method, site, null);
  }

  private static SitePlan planOwned(MethodNode method, int site, Verdict.Owned owned) {
    boolean perRound = method.name.endsWith("PerRound");
    boolean asked = method.name.endsWith("Asked");
    List<GuardedCall> guards = asked ? List.of(new GuardedCall(site, 0, 42, true)) : List.of();
    Verdict.Proven proven =
        new Verdict.Proven(perRound, false, guards, Set.of(), owned, Set.of(), Set.of());
    return new SitePlan(1234, method.name, method.desc, site, new PoolOwned(proven));
  }

  private static SitePlan presized(MethodNode method) {
    List<AbstractInsnNode> instructions = ClassCode.instructions(method);
    for (int i = 0; i < instructions.size(); i++) {
      GrowableCall made = GrowableCall.of(instructions.get(i));
      if (made != null) {
        int given = made.constant() == null ? 32 : made.constant();
        Presize remedy = new Presize(made.call().owner, given, true);
        return new SitePlan(1234, method.name, method.desc, i, remedy);
      }
    }
    throw new AssertionError("nothing grows in " + method.name);
  }

  private static MethodNode method(byte[] classFile, String name) {
    ClassNode node = new ClassNode();
    new ClassReader(classFile).accept(node, 0);
    return node.methods.stream().filter(m -> m.name.equals(name)).findFirst().orElseThrow();
  }

  private static String text(byte[] classFile, String name) throws IOException {
    MethodNode method = method(classFile, name);
    Textifier text = new Textifier();
    method.accept(new TraceMethodVisitor(text));
    try (StringWriter out = new StringWriter()) {
      out.append(method.name).append(method.desc).append('\n');
      PrintWriter writer = new PrintWriter(out);
      text.print(writer);
      writer.flush();
      return out.toString();
    }
  }
}
