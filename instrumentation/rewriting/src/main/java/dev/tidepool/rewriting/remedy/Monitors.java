package dev.tidepool.rewriting.remedy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/** How many monitors a method's own code holds at each instruction, at most. */
final class Monitors {
  /** Deeper nests are not told apart; code that locks in an unbounded loop ends here too. */
  private static final int DEEPEST = 16;

  private final MethodNode method;
  private final InsnList code;
  private final int[] depth;
  private final Deque<Integer> work = new ArrayDeque<>();

  private Monitors(MethodNode method) {
    this.method = method;
    this.code = method.instructions;
    this.depth = new int[code.size()];
    Arrays.fill(depth, -1);
  }

  /** The instructions that run while a {@code monitorenter} of this method is in force. */
  static Set<AbstractInsnNode> held(MethodNode method, List<AbstractInsnNode> instructions) {
    if (instructions.stream().noneMatch(insn -> insn.getOpcode() == Opcodes.MONITORENTER)) {
      return Set.of();
    }
    Monitors monitors = new Monitors(method);
    monitors.flow();
    List<AbstractInsnNode> held = new ArrayList<>();
    for (AbstractInsnNode insn : instructions) {
      if (monitors.depth[method.instructions.indexOf(insn)] > 0) {
        held.add(insn);
      }
    }
    return Set.copyOf(held);
  }

  private void flow() {
    reach(0, 0);
    while (!work.isEmpty()) {
      int at = work.remove();
      AbstractInsnNode insn = code.get(at);
      int after =
          switch (insn.getOpcode()) {
            case Opcodes.MONITORENTER -> Math.min(DEEPEST, depth[at] + 1);
            case Opcodes.MONITOREXIT -> Math.max(0, depth[at] - 1);
            default -> depth[at];
          };
      reachHandlers(at);
      follow(insn, at, after);
    }
  }

  private void reachHandlers(int at) {
    for (TryCatchBlockNode block : method.tryCatchBlocks) {
      if (code.indexOf(block.start) <= at && at < code.indexOf(block.end)) {
        reach(code.indexOf(block.handler), depth[at]);
        if (block.type == null) {
          // the outer handlers see nothing of what a catch-all has caught
          return;
        }
      }
    }
  }

  private void follow(AbstractInsnNode insn, int at, int after) {
    if (insn instanceof JumpInsnNode jump) {
      reach(code.indexOf(jump.label), after);
    } else if (insn instanceof TableSwitchInsnNode table) {
      reachAll(table.labels, table.dflt, after);
    } else if (insn instanceof LookupSwitchInsnNode lookup) {
      reachAll(lookup.labels, lookup.dflt, after);
    }
    if (fallsThrough(insn.getOpcode())) {
      reach(at + 1, after);
    }
  }

  private static boolean fallsThrough(int opcode) {
    return opcode != Opcodes.GOTO
        && opcode != Opcodes.TABLESWITCH
        && opcode != Opcodes.LOOKUPSWITCH
        && opcode != Opcodes.ATHROW
        && (opcode < Opcodes.IRETURN || opcode > Opcodes.RETURN);
  }

  private void reachAll(List<LabelNode> labels, LabelNode otherwise, int held) {
    labels.forEach(label -> reach(code.indexOf(label), held));
    reach(code.indexOf(otherwise), held);
  }

  private void reach(int at, int held) {
    if (at < depth.length && depth[at] < held) {
      depth[at] = held;
      work.add(at);
    }
  }
}
