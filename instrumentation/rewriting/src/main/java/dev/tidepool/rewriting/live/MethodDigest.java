package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.code.ClassCode;
import java.util.zip.CRC32;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * A checksum of what a method does, the same for a class file and for what the virtual machine
 * gives back of it, in which the constant pool and the attributes may stand in another order.
 */
final class MethodDigest {
  private MethodDigest() {}

  /** The digest, or -1 where there is no such method. */
  static long of(ClassCode code, String name, String descriptor) {
    MethodNode method = code.method(name, descriptor);
    if (method == null) {
      return -1;
    }
    StringBuilder text = new StringBuilder();
    for (AbstractInsnNode insn : ClassCode.instructions(method)) {
      text.append(insn.getOpcode()).append(' ');
      append(text, method, insn);
    }
    text.append(method.tryCatchBlocks.size());
    CRC32 crc = new CRC32();
    for (int i = 0; i < text.length(); i++) {
      crc.update(text.charAt(i) >> 8);
      crc.update(text.charAt(i));
    }
    return crc.getValue();
  }

  private static void append(StringBuilder text, MethodNode method, AbstractInsnNode insn) {
    if (insn instanceof MethodInsnNode call) {
      text.append(call.owner).append('.').append(call.name).append(call.desc);
    } else if (insn instanceof FieldInsnNode field) {
      text.append(field.owner).append('.').append(field.name).append(field.desc);
    } else if (insn instanceof TypeInsnNode type) {
      text.append(type.desc);
    } else if (insn instanceof VarInsnNode local) {
      text.append(local.var);
    } else if (insn instanceof IntInsnNode constant) {
      text.append(constant.operand);
    } else if (insn instanceof IincInsnNode increment) {
      text.append(increment.var).append('+').append(increment.incr);
    } else if (insn instanceof LdcInsnNode constant) {
      text.append(constant.cst);
    } else if (insn instanceof JumpInsnNode jump) {
      text.append(method.instructions.indexOf(jump.label) - method.instructions.indexOf(insn) > 0);
    }
    text.append('\n');
  }
}
