package dev.tidepool.rewriting.remedy;

import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Has a builder of text made without room, and given an array from the pool at once. A capacity
 * below zero is handed on to the constructor, which says what is wrong with it.
 */
final class Furnishing {
  private static final int USUAL = 16;

  private Furnishing() {}

  /** Comes when the call is as it will be, see {@link Presizing}. */
  static void apply(GateCalls gate, MethodNode method, int site, MethodInsnNode construction) {
    int capacity = method.maxLocals++;
    InsnList before = new InsnList();
    if (construction.desc.equals("()V")) {
      before.add(GateCalls.push(USUAL));
      construction.desc = "(I)V";
    }
    before.add(new InsnNode(Opcodes.DUP));
    before.add(new VarInsnNode(Opcodes.ISTORE, capacity));
    before.add(new InsnNode(Opcodes.ICONST_0));
    before.add(new MethodInsnNode(Opcodes.INVOKESTATIC, "java/lang/Math", "min", "(II)I", false));
    method.instructions.insertBefore(construction, before);
    InsnList after = new InsnList();
    after.add(new InsnNode(Opcodes.DUP));
    after.add(new VarInsnNode(Opcodes.ILOAD, capacity));
    after.add(gate.furnish(site));
    method.instructions.insert(construction, after);
  }
}
