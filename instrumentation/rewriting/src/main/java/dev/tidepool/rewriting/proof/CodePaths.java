package dev.tidepool.rewriting.proof;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
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
    following(from, work);
    while (!work.isEmpty()) {
      AbstractInsnNode insn = work.pop();
      if (insn == to) {
        return true;
      }
      if (insn != beyond && seen.add(insn)) {
        following(insn, work);
      }
    }
    return false;
  }

  /** What may run when the instruction throws. */
  List<AbstractInsnNode> handlers(AbstractInsnNode insn) {
    List<AbstractInsnNode> handlers = new ArrayList<>();
    int at = method.instructions.indexOf(insn);
    for (TryCatchBlockNode block : method.tryCatchBlocks) {
      if (method.instructions.indexOf(block.start) <= at
          && at < method.instructions.indexOf(block.end)) {
        handlers.add(block.handler);
      }
    }
    return handlers;
  }

  /** What may run next when it does not. */
  List<AbstractInsnNode> successors(AbstractInsnNode insn) {
    List<AbstractInsnNode> next = new ArrayList<>();
    int opcode = insn.getOpcode();
    if (insn instanceof JumpInsnNode jump) {
      next.add(jump.label);
    } else if (insn instanceof TableSwitchInsnNode table) {
      next.add(table.dflt);
      next.addAll(table.labels);
    } else if (insn instanceof LookupSwitchInsnNode lookup) {
      next.add(lookup.dflt);
      next.addAll(lookup.labels);
    }
    boolean ends =
        opcode == Opcodes.GOTO
            || opcode == Opcodes.ATHROW
            || opcode == Opcodes.TABLESWITCH
            || opcode == Opcodes.LOOKUPSWITCH
            || (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN);
    if (!ends && insn.getNext() != null) {
      next.add(insn.getNext());
    }
    return next;
  }

  private void following(AbstractInsnNode insn, Deque<AbstractInsnNode> work) {
    handlers(insn).forEach(work::push);
    successors(insn).forEach(work::push);
  }
}
