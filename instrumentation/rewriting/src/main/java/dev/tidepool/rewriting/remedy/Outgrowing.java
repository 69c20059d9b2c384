package dev.tidepool.rewriting.remedy;

import dev.tidepool.rewriting.site.GuardedCall;
import dev.tidepool.rewriting.site.Verdict;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Gives back what a class replaces in a field, and has the gate know for how long the field's array
 * is in the hands of others. All in straight lines: no frame changes.
 */
final class Outgrowing {
  private final GateCalls gate;
  private final MethodNode method;
  private final List<AbstractInsnNode> original;

  Outgrowing(GateCalls gate, MethodNode method, List<AbstractInsnNode> original) {
    this.gate = gate;
    this.method = method;
    this.original = original;
  }

  /** Refuses what does not fit this code. */
  static void check(List<AbstractInsnNode> instructions, MethodNode method, RecycleOutgrown remedy)
      throws PlanRefused {
    boolean isStatic = (method.access & Opcodes.ACC_STATIC) != 0;
    for (Verdict.FieldUse use : remedy.uses()) {
      boolean there = use.ordinal() >= 0 && use.ordinal() < instructions.size();
      AbstractInsnNode insn = there ? instructions.get(use.ordinal()) : null;
      boolean fits =
          switch (use.operand()) {
            case Verdict.FieldUse.REPLACES ->
                isPut(insn, remedy.field().name(), remedy.field().descriptor());
            case Verdict.FieldUse.DRAWS ->
                insn instanceof MethodInsnNode call && call.name.equals("allocate");
            case Verdict.FieldUse.CLOSES -> insn != null && insn.getOpcode() == Opcodes.PUTFIELD;
            default -> insn instanceof MethodInsnNode call && use.operand() < operands(call).length;
          };
      if (isStatic || !fits) {
        throw new PlanRefused("the method does not use the field as it was proven to");
      }
    }
  }

  private static boolean isPut(AbstractInsnNode insn, String name, String descriptor) {
    return insn instanceof FieldInsnNode put
        && put.getOpcode() == Opcodes.PUTFIELD
        && put.name.equals(name)
        && put.desc.equals(descriptor);
  }

  void apply(SitePlan plan, RecycleOutgrown remedy) {
    for (Verdict.FieldUse use : remedy.uses()) {
      AbstractInsnNode insn = original.get(use.ordinal());
      switch (use.operand()) {
        case Verdict.FieldUse.REPLACES -> replace(plan.id(), (FieldInsnNode) insn);
        case Verdict.FieldUse.DRAWS -> draw(plan.id(), (MethodInsnNode) insn);
        case Verdict.FieldUse.CLOSES -> method.instructions.insert(insn, closed(plan.id()));
        default -> hand(plan.id(), (MethodInsnNode) insn, use);
      }
    }
  }

  /** A buffer as it would be made there, around an array from the pool. */
  private void draw(int site, MethodInsnNode allocate) {
    method.instructions.insertBefore(allocate, gate.acquire(Opcodes.T_BYTE, site));
    allocate.name = "wrap";
    allocate.desc = "([B)Ljava/nio/ByteBuffer;";
  }

  private InsnList closed(int site) {
    InsnList give = new InsnList();
    give.add(new VarInsnNode(Opcodes.ALOAD, 0));
    give.add(new InsnNode(Opcodes.ACONST_NULL));
    give.add(gate.releaseOwned(site));
    return give;
  }

  /** The lock is held, so between the read and the put nobody else can replace the array. */
  private void replace(int site, FieldInsnNode put) {
    int before = method.maxLocals++;
    InsnList read = new InsnList();
    read.add(new VarInsnNode(Opcodes.ALOAD, 0));
    read.add(new FieldInsnNode(Opcodes.GETFIELD, put.owner, put.name, put.desc));
    read.add(new VarInsnNode(Opcodes.ASTORE, before));
    method.instructions.insertBefore(put, read);
    InsnList give = new InsnList();
    give.add(new VarInsnNode(Opcodes.ALOAD, 0));
    give.add(new VarInsnNode(Opcodes.ALOAD, before));
    give.add(gate.releaseOwned(site));
    method.instructions.insert(put, give);
  }

  /** Where the call throws, the array stays lent. */
  private void hand(int site, MethodInsnNode call, Verdict.FieldUse use) {
    Type[] operands = operands(call);
    int lowest = use.operand();
    for (GuardedCall guard : use.guards()) {
      lowest = Math.min(lowest, guard.operand());
    }
    int[] locals = new int[operands.length];
    InsnList before = new InsnList();
    InsnList reload = new InsnList();
    for (int i = operands.length - 1; i >= lowest; i--) {
      locals[i] = method.maxLocals;
      method.maxLocals += operands[i].getSize();
      before.add(new VarInsnNode(operands[i].getOpcode(Opcodes.ISTORE), locals[i]));
      reload.insert(new VarInsnNode(operands[i].getOpcode(Opcodes.ILOAD), locals[i]));
    }
    before.add(new VarInsnNode(Opcodes.ALOAD, locals[use.operand()]));
    before.add(gate.lend(site));
    if (!use.kept()) {
      int lent = method.maxLocals++;
      before.add(new VarInsnNode(Opcodes.ALOAD, locals[use.operand()]));
      before.add(new VarInsnNode(Opcodes.ASTORE, lent));
      for (GuardedCall guard : use.guards()) {
        before.add(new VarInsnNode(Opcodes.ALOAD, locals[guard.operand()]));
        before.add(gate.guard(lent, "java/lang/Object", guard.guard(), site));
      }
      InsnList after = new InsnList();
      after.add(new VarInsnNode(Opcodes.ALOAD, lent));
      after.add(gate.back(site));
      method.instructions.insert(call, after);
    }
    before.add(reload);
    method.instructions.insertBefore(call, before);
  }

  /** Types of the operands, the receiver among them. */
  private static Type[] operands(MethodInsnNode call) {
    Type[] arguments = Type.getArgumentTypes(call.desc);
    if (call.getOpcode() == Opcodes.INVOKESTATIC) {
      return arguments;
    }
    Type[] all = new Type[arguments.length + 1];
    all[0] = Type.getObjectType(call.owner);
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return all;
  }
}
