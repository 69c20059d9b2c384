package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.code.ReviewedList;
import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.SiteKey;
import dev.tidepool.rewriting.site.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Pairs of methods of one class, of which one makes arrays and the other is handed those that are
 * used no more: the reviewed list {@code handbacks.txt}.
 */
public final class HandBacks {
  private static final List<Pair> PAIRS = load();

  private HandBacks() {}

  private record Pair(String owner, String gives, String takes) {}

  private static List<Pair> load() {
    List<Pair> pairs = new ArrayList<>();
    for (String line : ReviewedList.lines(HandBacks.class, "handbacks.txt")) {
      String[] words = line.split(" +", -1);
      pairs.add(new Pair(words[0], words[1], words[2]));
    }
    return pairs;
  }

  /** Whether the class has such a pair; its code then tells more. */
  public static boolean has(String className) {
    return PAIRS.stream().anyMatch(pair -> pair.owner().equals(className));
  }

  /** The method that is handed back what this one has made, or null where there is none. */
  public static MethodNode takes(ClassCode code, String name, String descriptor) {
    for (Pair pair : PAIRS) {
      if (pair.owner().equals(code.shell().name) && pair.gives().equals(name + descriptor)) {
        return method(code, pair.takes());
      }
    }
    return null;
  }

  private static MethodNode method(ClassCode code, String called) {
    int descriptor = called.indexOf('(');
    return code.method(called.substring(0, descriptor), called.substring(descriptor));
  }

  /** What the method is handed was made by the other of its pair, and is used no more. */
  static Verdict prove(ClassFiles.Found method) {
    ClassCode code = method.code();
    MethodNode takes = method.node();
    for (Pair pair : PAIRS) {
      MethodNode gives =
          pair.owner().equals(method.owner().name()) && pair.takes().equals(takes.name + takes.desc)
              ? method(code, pair.gives())
              : null;
      if (gives != null && doesNothing(takes) && onlyMakes(gives, takes)) {
        SiteKey source =
            new SiteKey(
                new ClassFiles.Found(method.owner(), code, gives).key(),
                code.bytecodeIndex(gives, 1));
        return new Verdict.Proven(
            false,
            false,
            List.of(),
            Set.of(new Dependency.Body(method.owner())),
            null,
            Set.of(source),
            Set.of(),
            false,
            false,
            new Verdict.Replaced(null, List.of()));
      }
    }
    return EscapeProof.refused("nothing is known to be handed back there");
  }

  private static boolean doesNothing(MethodNode takes) {
    return (takes.access & Opcodes.ACC_STATIC) == 0
        && ClassCode.instructions(takes).size() == 1
        && ClassCode.instructions(takes).get(0).getOpcode() == Opcodes.RETURN;
  }

  /** Whether all it does is {@code return new ..[length]}, of the type that the other takes. */
  private static boolean onlyMakes(MethodNode gives, MethodNode takes) {
    List<AbstractInsnNode> code = ClassCode.instructions(gives);
    return (gives.access & Opcodes.ACC_STATIC) == 0
        && code.size() == 3
        && code.get(0) instanceof VarInsnNode length
        && length.getOpcode() == Opcodes.ILOAD
        && code.get(1) instanceof IntInsnNode made
        && made.getOpcode() == Opcodes.NEWARRAY
        && code.get(2).getOpcode() == Opcodes.ARETURN
        && takes.desc.equals("(" + Type.getReturnType(gives.desc).getDescriptor() + ")V");
  }
}
