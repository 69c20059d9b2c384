package dev.tidepool.rewriting.proof;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Which locals may still be read after an instruction: backward data flow, live-in = uses +
 * (live-out - definitions), where every instruction of a try range may also go to its handler.
 */
final class Liveness {
  private final InsnList instructions;
  private final BitSet[] liveIn;
  private final List<List<Integer>> predecessors = new ArrayList<>();
  private final List<List<Integer>> successors = new ArrayList<>();

  Liveness(MethodNode method) {
    instructions = method.instructions;
    int size = instructions.size();
    liveIn = new BitSet[size];
    for (int i = 0; i < size; i++) {
      liveIn[i] = new BitSet();
      predecessors.add(new ArrayList<>(2));
      successors.add(new ArrayList<>(2));
    }
    CodePaths paths = new CodePaths(method);
    for (int i = 0; i < size; i++) {
      AbstractInsnNode insn = instructions.get(i);
      for (AbstractInsnNode next : paths.successors(insn)) {
        edge(i, instructions.indexOf(next));
      }
      for (AbstractInsnNode handler : paths.handlers(insn)) {
        edge(i, instructions.indexOf(handler));
      }
    }
    solve();
  }

  /** Locals that may be read at or after this instruction before they are written. */
  BitSet liveAt(int index) {
    return liveIn[index];
  }

  private void edge(int from, int to) {
    successors.get(from).add(to);
    predecessors.get(to).add(from);
  }

  private void solve() {
    Deque<Integer> work = new ArrayDeque<>();
    for (int i = 0; i < liveIn.length; i++) {
      work.push(i);
    }
    while (!work.isEmpty()) {
      int i = work.pop();
      BitSet live = new BitSet();
      for (int next : successors.get(i)) {
        live.or(liveIn[next]);
      }
      transfer(instructions.get(i), live);
      if (!live.equals(liveIn[i])) {
        liveIn[i] = live;
        predecessors.get(i).forEach(work::push);
      }
    }
  }

  private static void transfer(AbstractInsnNode insn, BitSet live) {
    if (insn instanceof IincInsnNode iinc) {
      live.set(iinc.var);
    } else if (insn instanceof VarInsnNode access) {
      if (access.getOpcode() >= Opcodes.ISTORE && access.getOpcode() <= Opcodes.ASTORE) {
        live.clear(access.var);
      } else {
        live.set(access.var);
      }
    }
  }
}
