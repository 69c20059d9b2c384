package dev.tidepool.rewriting.proof;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/** Which instructions of a method may run after which, every throw included. */
final class CodePaths {
  private final MethodNode method;

  CodePaths(MethodNode method) {
    this.method = method;
  }

  /** Whether {@code to} may run after {@code from}, itself where both are the same. */
  boolean reaches(AbstractInsnNode from, AbstractInsnNode to) {
    return reaches(from, to, null);
  }

  /**
   * As {@link #reaches(AbstractInsnNode, AbstractInsnNode)}, on a way that does not lead beyond a
   * certain instruction.
   */
  boolean reaches(AbstractInsnNode from, AbstractInsnNode to, AbstractInsnNode beyond) {
    Set<AbstractInsnNode> seen = new HashSet<>();
    Deque<AbstractInsnNode> work = new ArrayDeque<>();
    successors(from, work);
    while (!work.isEmpty()) {
      AbstractInsnNode insn = work.pop();
      if (insn == to) {
        return true;
      }
      if (insn != beyond && seen.add(insn)) {
        successors(insn, work);
      }
    }
    return false;
  }

  /** The instruction that certainly runs next, or null at the end of the code. */
  static AbstractInsnNode next(AbstractInsnNode from) {
    AbstractInsnNode insn = from.getNext();
    Set<AbstractInsnNode> seen = new HashSet<>();
    while (insn != null && (insn.getOpcode() < 0 || insn.getOpcode() == Opcodes.GOTO)) {
      boolean jump = insn instanceof JumpInsnNode;
      if (jump && !seen.add(insn)) {
        return null;
      }
      insn = jump ? ((JumpInsnNode) insn).label : insn.getNext();
    }
    return insn;
  }

  private void successors(AbstractInsnNode insn, Deque<AbstractInsnNode> work) {
    int at = method.instructions.indexOf(insn);
    for (TryCatchBlockNode block : method.tryCatchBlocks) {
      if (method.instructions.indexOf(block.start) <= at
          && at < method.instructions.indexOf(block.end)) {
        work.push(block.handler);
      }
    }
    int opcode = insn.getOpcode();
    if (insn instanceof JumpInsnNode jump) {
      work.push(jump.label);
    } else if (insn instanceof TableSwitchInsnNode table) {
      work.push(table.dflt);
      table.labels.forEach(work::push);
    } else if (insn instanceof LookupSwitchInsnNode lookup) {
      work.push(lookup.dflt);
      lookup.labels.forEach(work::push);
    }
    boolean ends =
        opcode == Opcodes.GOTO
            || opcode == Opcodes.ATHROW
            || opcode == Opcodes.TABLESWITCH
            || opcode == Opcodes.LOOKUPSWITCH
            || (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN);
    if (!ends && insn.getNext() != null) {
      work.push(insn.getNext());
    }
  }
}
