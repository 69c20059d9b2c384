package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.code.ClassCode;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Where a method may go from one of its instructions, the handlers of what it throws included. */
final class Paths {
  /** A method of a class that can run nothing else when it is called there. */
  private static final int CERTAIN = Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_FINAL;

  private final ClassCode owner;
  private final CodePaths code;
  private final Map<AbstractInsnNode, Boolean> returning = new HashMap<>();
  private final Map<String, Boolean> throwing = new HashMap<>();

  /** Of a method by itself: whatever it calls may return. */
  Paths(MethodNode method) {
    this(null, method);
  }

  /**
   * Of a method that is known not to go on behind calls of its class's own methods that do nothing
   * but throw.
   */
  Paths(ClassCode owner, MethodNode method) {
    this.owner = owner;
    this.code = new CodePaths(method);
  }

  static boolean isReturn(AbstractInsnNode insn) {
    return insn.getOpcode() >= Opcodes.IRETURN && insn.getOpcode() <= Opcodes.RETURN;
  }

  /** Whether the method may return normally although the instruction has thrown. */
  boolean catches(AbstractInsnNode insn) {
    return code.handlers(insn).stream().anyMatch(this::returns);
  }

  private boolean returns(AbstractInsnNode handler) {
    return returning.computeIfAbsent(
        handler,
        from -> {
          Deque<AbstractInsnNode> work = new ArrayDeque<>();
          work.push(from);
          return returns(work, insn -> false);
        });
  }

  /**
   * Whether a return is reached from these.
   *
   * @param ends what is not gone on from; it may add to the work itself where it is
   */
  boolean returns(Deque<AbstractInsnNode> work, Predicate<AbstractInsnNode> ends) {
    Set<AbstractInsnNode> seen = new HashSet<>();
    while (!work.isEmpty()) {
      AbstractInsnNode insn = work.pop();
      if (isReturn(insn)) {
        return true;
      }
      if (seen.add(insn) && !ends.test(insn)) {
        addNext(insn, work);
      }
    }
    return false;
  }

  /** Whatever may run right after the instruction. */
  void addNext(AbstractInsnNode insn, Collection<AbstractInsnNode> next) {
    next.addAll(code.handlers(insn));
    if (!(insn instanceof MethodInsnNode call) || owner == null || !onlyThrows(call)) {
      next.addAll(code.successors(insn));
    }
  }

  /** The same, whatever is called. */
  CodePaths code() {
    return code;
  }

  private boolean onlyThrows(MethodInsnNode call) {
    if (!call.owner.equals(owner.shell().name)) {
      return false;
    }
    return throwing.computeIfAbsent(
        call.name + call.desc,
        name -> {
          MethodNode called = owner.method(call.name, call.desc);
          if (called == null || (called.access & CERTAIN) == 0) {
            return false;
          }
          AbstractInsnNode start = called.instructions.getFirst();
          return start != null
              && !new Paths(called).returns(new ArrayDeque<>(Set.of(start)), insn -> false);
        });
  }
}
