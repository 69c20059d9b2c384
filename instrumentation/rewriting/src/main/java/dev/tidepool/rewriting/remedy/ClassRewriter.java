package dev.tidepool.rewriting.remedy;

import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.gate.GateInstall;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.tree.MethodNode;

/**
 * Rewrites class files by plan. The same bytes and plans give the same result; nothing is loaded or
 * looked up, since all frames are kept and the few that change are known without a hierarchy.
 */
public final class ClassRewriter {
  /** HotSpot compiles no method above this many bytes of code (-XX:HugeMethodLimit). */
  private static final int HUGE_METHOD = 8000;

  private final GateCalls gate;

  /** Rewrites for the gate in {@code java.lang}. */
  public ClassRewriter() {
    this(GateInstall.GATE_NAME);
  }

  /**
   * Rewrites for a gate of another name.
   *
   * @param gateName internal name of the gate, see {@link GateInstall.Installed#internalName()}
   */
  public ClassRewriter(String gateName) {
    gate = new GateCalls(gateName);
  }

  /**
   * Carries out every plan that can be; never throws for odd code.
   *
   * @param original the class file before any rewriting of ours
   * @param plans for this class, in any order
   */
  public RewrittenClass rewrite(byte[] original, List<SitePlan> plans) {
    Map<Integer, String> refused = new TreeMap<>();
    Map<String, List<SitePlan>> byMethod = new LinkedHashMap<>();
    List<SitePlan> inOrder = new ArrayList<>(plans);
    inOrder.sort(Comparator.comparingInt(SitePlan::ordinal).thenComparingInt(SitePlan::id));
    for (SitePlan plan : inOrder) {
      byMethod.computeIfAbsent(key(plan), method -> new ArrayList<>()).add(plan);
    }
    try {
      return new RewrittenClass(rewrite(original, byMethod, refused), refused);
    } catch (RuntimeException odd) {
      refuse(plans, "the class file cannot be read: " + odd, refused);
      return new RewrittenClass(null, refused);
    }
  }

  /** Tries until no method is too large any more; each round takes at least one method out. */
  private byte[] rewrite(
      byte[] original, Map<String, List<SitePlan>> byMethod, Map<Integer, String> refused) {
    while (!byMethod.isEmpty()) {
      Pass pass = new Pass(original, byMethod, refused);
      byte[] result;
      try {
        result = pass.run();
      } catch (MethodTooLargeException large) {
        String method = large.getMethodName() + large.getDescriptor();
        refuse(byMethod.remove(method), "the rewritten method would pass 64 KB", refused);
        continue;
      }
      Set<String> huge = result == null ? Set.of() : grownHuge(original, result, pass.changed);
      if (huge.isEmpty()) {
        return result;
      }
      for (String method : huge) {
        refuse(
            byMethod.remove(method),
            "the rewritten method would pass the 8000 bytes up to which HotSpot compiles",
            refused);
      }
    }
    return null;
  }

  private static String key(SitePlan plan) {
    return plan.method() + plan.descriptor();
  }

  private static void refuse(List<SitePlan> plans, String reason, Map<Integer, String> refused) {
    for (SitePlan plan : plans) {
      refused.putIfAbsent(plan.id(), reason);
    }
  }

  private static Set<String> grownHuge(byte[] before, byte[] after, Set<String> changed) {
    Map<String, Integer> now = CodeSizes.of(after, changed);
    Set<String> huge = new HashSet<>();
    for (Map.Entry<String, Integer> method : now.entrySet()) {
      if (method.getValue() > HUGE_METHOD) {
        huge.add(method.getKey());
      }
    }
    if (!huge.isEmpty()) {
      CodeSizes.of(before, huge)
          .forEach(
              (method, size) -> {
                if (size > HUGE_METHOD) {
                  huge.remove(method);
                }
              });
    }
    return huge;
  }

  /** One pass over a class: methods with plans become trees, all others are copied as they are. */
  private final class Pass extends ClassVisitor {
    private final ClassReader reader;
    private final Map<String, List<SitePlan>> byMethod;
    private final Map<Integer, String> refused;
    private final Set<String> changed = new HashSet<>();
    private final Set<String> seen = new HashSet<>();
    private final ClassWriter writer;
    private String className;
    private String superName;
    private int version;

    Pass(byte[] original, Map<String, List<SitePlan>> byMethod, Map<Integer, String> refused) {
      super(ClassCode.API);
      this.reader = new ClassReader(original);
      this.writer = new ClassWriter(reader, 0);
      this.cv = writer;
      this.byMethod = byMethod;
      this.refused = refused;
    }

    byte[] run() {
      reader.accept(this, ClassReader.EXPAND_FRAMES);
      byMethod.forEach(
          (method, plans) -> {
            if (!seen.contains(method)) {
              refuse(plans, "the class declares no method " + method, refused);
            }
          });
      return changed.isEmpty() ? null : writer.toByteArray();
    }

    @Override
    public void visit(
        int version, int access, String name, String sig, String superName, String[] interfaces) {
      this.version = version & 0xFFFF;
      this.className = name;
      this.superName = superName;
      super.visit(version, access, name, sig, superName, interfaces);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      MethodVisitor target = super.visitMethod(access, name, descriptor, signature, exceptions);
      String method = name + descriptor;
      List<SitePlan> plans = byMethod.get(method);
      if (plans == null) {
        return target;
      }
      seen.add(method);
      return new MethodNode(ClassCode.API, access, name, descriptor, signature, exceptions) {
        @Override
        public void visitEnd() {
          MethodRewriter rewriter = new MethodRewriter(gate, className, superName, version, this);
          if (rewriter.carryOut(plans, refused)) {
            changed.add(method);
          }
          accept(target);
        }
      };
    }
  }
}
