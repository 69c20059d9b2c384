package dev.tidepool.rewriting.remedy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Rewrites the few methods of the JDK that make and free native memory. Each is known instruction
 * by instruction around the place; where a JDK has it otherwise the plan is refused.
 */
final class NativeRecycling {
  private final GateCalls gate;
  private final String className;
  private final MethodNode method;
  private final List<AbstractInsnNode> original;

  NativeRecycling(
      GateCalls gate, String className, MethodNode method, List<AbstractInsnNode> original) {
    this.gate = gate;
    this.className = className;
    this.method = method;
    this.original = original;
  }

  /** Carries out one step at the instruction the plan names. */
  void apply(SitePlan plan, NativeStep step, boolean direct) throws PlanRefused {
    switch (step) {
      case TAKE -> {
        if (direct) {
          takeDirect(plan);
        } else {
          takeState(plan);
        }
      }
      case KEEP -> {
        if (direct) {
          keepDirect(plan);
        } else {
          keepState(plan);
        }
      }
      case SPOIL -> spoil(plan);
    }
  }

  /**
   * Memory is asked for only where none is kept. The variable that gets the address is known to
   * have one (0) already, so that the branch around the call needs no other frame than it has.
   */
  private void takeDirect(SitePlan plan) throws PlanRefused {
    List<AbstractInsnNode> around =
        expect(
            plan,
            -4,
            Opcodes.LCONST_0,
            Opcodes.LSTORE,
            Opcodes.GETSTATIC,
            Opcodes.LLOAD,
            Opcodes.INVOKEVIRTUAL,
            Opcodes.LSTORE);
    int base = ((VarInsnNode) around.get(1)).var;
    if (((VarInsnNode) around.get(5)).var != base) {
      throw unknown();
    }
    int size = ((VarInsnNode) around.get(3)).var;
    LabelNode made = new LabelNode();
    InsnList take = new InsnList();
    take.add(new VarInsnNode(Opcodes.LLOAD, size));
    take.add(gate.takeNative(plan.id()));
    take.add(new InsnNode(Opcodes.DUP2));
    take.add(new VarInsnNode(Opcodes.LSTORE, base));
    take.add(new InsnNode(Opcodes.LCONST_0));
    take.add(new InsnNode(Opcodes.LCMP));
    take.add(new JumpInsnNode(Opcodes.IFNE, made));
    method.instructions.insertBefore(around.get(2), take);
    InsnList after = new InsnList();
    after.add(made);
    after.add(frame(locals(), List.of()));
    after.add(new InsnNode(Opcodes.NOP));
    method.instructions.insert(around.get(5), after);
  }

  /** The locals of {@code DirectByteBuffer(int)} where it asks for memory, known from its code. */
  private List<Object> locals() {
    return List.of(
        className, Opcodes.INTEGER, Opcodes.INTEGER, Opcodes.INTEGER, Opcodes.LONG, Opcodes.LONG);
  }

  private void keepDirect(SitePlan plan) throws PlanRefused {
    List<AbstractInsnNode> around =
        expect(plan, -3, Opcodes.GETSTATIC, Opcodes.ALOAD, Opcodes.GETFIELD, Opcodes.INVOKEVIRTUAL);
    InsnList keep = new InsnList();
    keep.add(new VarInsnNode(Opcodes.ALOAD, 0));
    keep.add(new FieldInsnNode(Opcodes.GETFIELD, className, "size", "J"));
    keep.add(gate.keepNative(plan.id()));
    // freeMemory(0) is documented to do nothing
    method.instructions.insertBefore(around.get(3), keep);
  }

  /**
   * In {@code this.ref = new Ref(this, init(...))}: the state is made only where none of its kind
   * is kept.
   */
  private void takeState(SitePlan plan) throws PlanRefused {
    if (!(at(plan.ordinal()) instanceof MethodInsnNode init)
        || init.getOpcode() != Opcodes.INVOKESTATIC) {
      throw unknown();
    }
    int arguments = Type.getArgumentTypes(init.desc).length;
    List<AbstractInsnNode> operands = new ArrayList<>();
    for (int i = arguments; i > 0; i--) {
      operands.add(at(plan.ordinal() - i));
      if (!loadsInt(operands.get(operands.size() - 1))) {
        throw unknown();
      }
    }
    int first = plan.ordinal() - arguments;
    if (!loadsThis(at(first - 4))
        || at(first - 3).getOpcode() != Opcodes.NEW
        || at(first - 2).getOpcode() != Opcodes.DUP
        || !loadsThis(at(first - 1))
        || at(plan.ordinal() + 1).getOpcode() != Opcodes.INVOKESPECIAL) {
      throw unknown();
    }
    LabelNode made = new LabelNode();
    method.instructions.insertBefore(at(first - 3), made);
    int kind = method.maxLocals;
    int address = kind + 2;
    List<Object> locals = argumentsAsLocals(kind);
    method.maxLocals += 4;

    InsnList take = new InsnList();
    take.add(gate.kind(init.desc.substring(0, init.desc.indexOf(')') + 1)));
    take.add(new InsnNode(Opcodes.DUP2));
    take.add(new VarInsnNode(Opcodes.LSTORE, kind));
    take.add(gate.takeNative(plan.id()));
    take.add(new InsnNode(Opcodes.DUP2));
    take.add(new VarInsnNode(Opcodes.LSTORE, address));
    take.add(new InsnNode(Opcodes.LCONST_0));
    take.add(new InsnNode(Opcodes.LCMP));
    LabelNode have = new LabelNode();
    take.add(new JumpInsnNode(Opcodes.IFNE, have));
    operands.forEach(operand -> take.add(operand.clone(Map.of())));
    method.instructions.insertBefore(init, take);

    InsnList after = new InsnList();
    after.add(new VarInsnNode(Opcodes.LLOAD, kind));
    after.add(gate.nativeKind(plan.id()));
    after.add(new VarInsnNode(Opcodes.LSTORE, address));
    after.add(have);
    after.add(frame(locals, List.of(className, made, made, className)));
    after.add(new VarInsnNode(Opcodes.LLOAD, address));
    method.instructions.insert(init, after);
  }

  private List<Object> argumentsAsLocals(int upTo) {
    List<Object> locals = new ArrayList<>(List.of(className));
    int size = 1;
    for (Type argument : Type.getArgumentTypes(method.desc)) {
      locals.add(argument.getSort() == Type.LONG ? Opcodes.LONG : Opcodes.INTEGER);
      size += argument.getSize();
    }
    locals.addAll(Collections.nCopies(upTo - size, Opcodes.TOP));
    locals.addAll(List.of(Opcodes.LONG, Opcodes.LONG));
    return locals;
  }

  /** The address is asked about right before the code's own test whether there is one. */
  private void keepState(SitePlan plan) throws PlanRefused {
    List<AbstractInsnNode> around =
        expect(
            plan,
            -5,
            Opcodes.LLOAD,
            Opcodes.LCONST_0,
            Opcodes.LCMP,
            Opcodes.IFEQ,
            Opcodes.LLOAD,
            Opcodes.INVOKESTATIC);
    int address = ((VarInsnNode) around.get(0)).var;
    if (((VarInsnNode) around.get(4)).var != address) {
      throw unknown();
    }
    InsnList keep = new InsnList();
    keep.add(new LdcInsnNode(-1L));
    keep.add(gate.keepNative(plan.id()));
    keep.add(new InsnNode(Opcodes.DUP2));
    keep.add(new VarInsnNode(Opcodes.LSTORE, address));
    method.instructions.insert(around.get(0), keep);
  }

  /** Wherever it is noted that parameters have changed. */
  private void spoil(SitePlan plan) throws PlanRefused {
    FieldInsnNode changed =
        (FieldInsnNode) expect(plan, -2, Opcodes.ALOAD, Opcodes.ICONST_1, Opcodes.PUTFIELD).get(2);
    String ref = className + "$DeflaterZStreamRef";
    InsnList code = new InsnList();
    code.add(new VarInsnNode(Opcodes.ALOAD, 0));
    code.add(new FieldInsnNode(Opcodes.GETFIELD, className, "zsRef", "L" + ref + ";"));
    code.add(new MethodInsnNode(Opcodes.INVOKEVIRTUAL, ref, "address", "()J", false));
    code.add(new LdcInsnNode(-1L));
    code.add(gate.nativeKind(plan.id()));
    code.add(new InsnNode(Opcodes.POP2));
    method.instructions.insert(changed, code);
  }

  /** The instructions around the place, which are to have these opcodes. */
  private List<AbstractInsnNode> expect(SitePlan plan, int from, int... opcodes)
      throws PlanRefused {
    List<AbstractInsnNode> found = new ArrayList<>();
    for (int i = 0; i < opcodes.length; i++) {
      AbstractInsnNode insn = at(plan.ordinal() + from + i);
      if (insn.getOpcode() != opcodes[i]) {
        throw unknown();
      }
      found.add(insn);
    }
    return found;
  }

  private AbstractInsnNode at(int ordinal) throws PlanRefused {
    if (ordinal < 0 || ordinal >= original.size()) {
      throw unknown();
    }
    return original.get(ordinal);
  }

  private static boolean loadsThis(AbstractInsnNode insn) {
    return insn.getOpcode() == Opcodes.ALOAD && ((VarInsnNode) insn).var == 0;
  }

  private static boolean loadsInt(AbstractInsnNode insn) {
    return insn.getOpcode() == Opcodes.ILOAD
        || (insn.getOpcode() >= Opcodes.ICONST_0 && insn.getOpcode() <= Opcodes.ICONST_5);
  }

  private static FrameNode frame(List<Object> locals, List<Object> stack) {
    return new FrameNode(
        Opcodes.F_NEW, locals.size(), locals.toArray(), stack.size(), stack.toArray());
  }

  private static PlanRefused unknown() {
    return new PlanRefused("this JDK's code for native memory is not laid out as known");
  }
}
