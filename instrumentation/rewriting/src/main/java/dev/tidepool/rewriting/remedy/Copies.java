package dev.tidepool.rewriting.remedy;

import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;

/** Calls of {@code Arrays.copyOf} and {@code copyOfRange} that make a primitive array. */
public final class Copies {
  private Copies() {}

  public static boolean isCopy(AbstractInsnNode insn) {
    return insn instanceof MethodInsnNode call
        && call.owner.equals("java/util/Arrays")
        && (call.name.equals("copyOf") || call.name.equals("copyOfRange"))
        && isArray(Type.getReturnType(call.desc));
  }

  /** Calls that return a primitive array. */
  public static boolean returnsArray(AbstractInsnNode insn) {
    return insn instanceof MethodInsnNode call && isArray(Type.getReturnType(call.desc));
  }

  private static boolean isArray(Type type) {
    return type.getDescriptor().length() == 2 && type.getDescriptor().charAt(0) == '[';
  }

  /**
   * Type of the array that the instruction makes or returns, as an operand of {@code newarray}.
   *
   * @param insn a {@code newarray}, or a call that returns a primitive array
   */
  public static int arrayType(AbstractInsnNode insn) {
    return insn instanceof MethodInsnNode call
        ? "ZCFDBSIJ".indexOf(Type.getReturnType(call.desc).getDescriptor().charAt(1)) + 4
        : ((org.objectweb.asm.tree.IntInsnNode) insn).operand;
  }
}
