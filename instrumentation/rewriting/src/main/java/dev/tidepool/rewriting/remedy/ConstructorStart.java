package dev.tidepool.rewriting.remedy;

import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Finds the call of {@code super()} or {@code this()} in a constructor's code. */
final class ConstructorStart {
  private ConstructorStart() {}

  /**
   * The call, or null where the code is not laid out as compilers do: one such call, and everything
   * that runs after it stands after it. Should this be fooled, the verifier refuses the class.
   */
  static AbstractInsnNode find(
      MethodNode method, List<AbstractInsnNode> instructions, String className, String superName) {
    AbstractInsnNode start = null;
    int made = 0;
    for (AbstractInsnNode insn : instructions) {
      if (insn.getOpcode() == Opcodes.NEW) {
        made++;
      } else if (insn instanceof MethodInsnNode call
          && call.getOpcode() == Opcodes.INVOKESPECIAL
          && call.name.equals("<init>")) {
        if (made > 0) {
          made--;
        } else if (start == null
            && (call.owner.equals(className) || call.owner.equals(superName))) {
          start = call;
        } else {
          return null;
        }
      }
    }
    return start == null || jumpsBack(start) ? null : start;
  }

  /** Whether a frame after the call still has {@code this} uninitialised. */
  private static boolean jumpsBack(AbstractInsnNode start) {
    for (AbstractInsnNode insn = start; insn != null; insn = insn.getNext()) {
      if (insn instanceof FrameNode frame && frame.local.contains(Opcodes.UNINITIALIZED_THIS)) {
        return true;
      }
    }
    return false;
  }
}
