package dev.tidepool.rewriting.proof;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * Which locks a method certainly holds before each instruction: forward data flow, on every way to
 * it. Told apart are {@code this} and the objects in fields of {@code this} that never change; the
 * release of any other object may be that of one of them under another name.
 */
final class FieldLocks {
  static final String THIS = "this";

  private final CodePaths paths;
  private final FlowFrames frames;
  private final Map<AbstractInsnNode, Set<String>> held = new HashMap<>();
  private final Deque<AbstractInsnNode> work = new ArrayDeque<>();

  private FieldLocks(MethodNode method, FlowFrames frames) {
    this.paths = new CodePaths(method);
    this.frames = frames;
  }

  /**
   * By instruction; those never reached are missing.
   *
   * @param atEntry what every caller holds
   */
  static Map<AbstractInsnNode, Set<String>> held(
      MethodNode method, FlowFrames frames, Set<String> atEntry) {
    FieldLocks locks = new FieldLocks(method, frames);
    Set<String> first = new HashSet<>(atEntry);
    if ((method.access & Opcodes.ACC_SYNCHRONIZED) != 0
        && (method.access & Opcodes.ACC_STATIC) == 0) {
      first.add(THIS);
    }
    locks.reach(method.instructions.getFirst(), first);
    while (!locks.work.isEmpty()) {
      locks.step(locks.work.remove());
    }
    return locks.held;
  }

  private void step(AbstractInsnNode insn) {
    Set<String> before = held.get(insn);
    paths.handlers(insn).forEach(handler -> reach(handler, before));
    Set<String> after = before;
    if (insn.getOpcode() == Opcodes.MONITORENTER) {
      String lock = lock(frames, insn);
      if (lock != null) {
        after = new HashSet<>(before);
        after.add(lock);
      }
    } else if (insn.getOpcode() == Opcodes.MONITOREXIT) {
      String lock = lock(frames, insn);
      after = new HashSet<>(before);
      after.removeIf(each -> lock == null || each.equals(lock));
    }
    for (AbstractInsnNode next : paths.successors(insn)) {
      reach(next, after);
    }
  }

  /** What is locked or unlocked there, by its name here, or null. */
  static String lock(FlowFrames frames, AbstractInsnNode insn) {
    Frame<OriginValue> frame = frames.at(insn);
    return frame == null ? null : name(frame.getStack(frame.getStackSize() - 1));
  }

  /** What the lock is called, or null where it is none of those told apart. */
  static String name(OriginValue value) {
    AccessPath path = value.path();
    if (path == null || path.root() != 0 || path.fields().size() > 1) {
      return null;
    }
    return path.isArgument() ? THIS : path.fields().get(0).toString();
  }

  private void reach(AbstractInsnNode insn, Set<String> with) {
    Set<String> known = held.get(insn);
    if (known == null) {
      held.put(insn, new HashSet<>(with));
      work.add(insn);
    } else if (known.retainAll(with)) {
      work.add(insn);
    }
  }
}
