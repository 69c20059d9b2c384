package dev.tidepool.rewriting.proof;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Frame;

/** What locals and stack hold before each instruction of a method, and questions to that. */
final class FlowFrames {
  private final MethodNode method;
  private final Frame<OriginValue>[] frames;

  /** Made when it is first asked for. */
  private Liveness liveness;

  /**
   * @param frames one an instruction, null for those that are never reached
   */
  FlowFrames(MethodNode method, Frame<OriginValue>[] frames) {
    this.method = method;
    this.frames = frames;
  }

  /** Lets the interpreter see each instruction that is reached once. */
  void replay(OriginInterpreter interpreter) throws AnalyzerException {
    for (int i = 0; i < frames.length; i++) {
      AbstractInsnNode insn = method.instructions.get(i);
      if (frames[i] != null && insn.getOpcode() >= 0) {
        new Frame<OriginValue>(frames[i]).execute(insn, interpreter);
      }
    }
  }

  /** What locals and stack hold before the instruction, or null where it is never reached. */
  Frame<OriginValue> at(AbstractInsnNode insn) {
    return frames[method.instructions.indexOf(insn)];
  }

  /** What a call of this method's is given, as far as it is reached; else null. */
  List<OriginValue> operands(MethodInsnNode call) {
    Frame<OriginValue> frame = frames[method.instructions.indexOf(call)];
    if (frame == null) {
      return null;
    }
    int count =
        Type.getArgumentTypes(call.desc).length
            + (call.getOpcode() == Opcodes.INVOKESTATIC ? 0 : 1);
    List<OriginValue> operands = new ArrayList<>();
    for (int i = frame.getStackSize() - count; i < frame.getStackSize(); i++) {
      operands.add(frame.getStack(i));
    }
    return operands;
  }

  /**
   * The one call of a constructor that makes the site's object whole, with that object also left on
   * the stack behind the call; null where it is not so plain.
   */
  MethodInsnNode construction() {
    MethodInsnNode found = null;
    for (int i = 0; i < frames.length; i++) {
      if (frames[i] != null
          && method.instructions.get(i) instanceof MethodInsnNode call
          && call.getOpcode() == Opcodes.INVOKESPECIAL
          && call.name.equals("<init>")) {
        int below = frames[i].getStackSize() - 1 - Type.getArgumentTypes(call.desc).length;
        if ((frames[i].getStack(below).origins() & Origins.SITE) == 0) {
          continue;
        }
        boolean left =
            below > 0
                && frames[i].getStack(below - 1).equals(frames[i].getStack(below))
                && frames[i].getStack(below).origins() == Origins.SITE;
        if (found != null || !left) {
          return null;
        }
        found = call;
      }
    }
    return found;
  }

  /** Whether at the instruction nothing that may still be read comes from any of the origins. */
  boolean isDeadAt(AbstractInsnNode insn, long origins) {
    return isDeadAt(insn, origins, 0);
  }

  /**
   * The same, of what lies below on the stack.
   *
   * @param operands how many values on top of the stack are left out
   */
  boolean isDeadAt(AbstractInsnNode insn, long origins, int operands) {
    int index = method.instructions.indexOf(insn);
    Frame<OriginValue> frame = frames[index];
    if (frame == null) {
      return true;
    }
    if (liveness == null) {
      liveness = new Liveness(method);
    }
    BitSet live = liveness.liveAt(index);
    for (int local = live.nextSetBit(0); local >= 0; local = live.nextSetBit(local + 1)) {
      if (local < frame.getLocals() && (frame.getLocal(local).origins() & origins) != 0) {
        return false;
      }
    }
    for (int slot = 0; slot < frame.getStackSize() - operands; slot++) {
      if ((frame.getStack(slot).origins() & origins) != 0) {
        return false;
      }
    }
    return true;
  }
}
