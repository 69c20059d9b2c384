package dev.tidepool.rewriting.remedy;

import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * {@code new X()}, {@code new X(constant)} or a builder's {@code new X("text")} as compilers write
 * them: {@code new}, {@code dup}, the constant, the call, one after the other. A call of {@code
 * super()} does not look like that.
 *
 * @param call of the constructor
 * @param constant the capacity that it gives, or null where it gives none
 * @param filled whether what is given is a text, to which the class adds its usual room
 */
public record GrowableCall(MethodInsnNode call, Integer constant, boolean filled) {
  static final String OF_TEXT = "(Ljava/lang/String;)V";
  private static final int ROOM_BESIDE_TEXT = 16;

  /** These take a text, and can be told later to make room for more. */
  private static final Set<String> BUILDERS =
      Set.of("java/lang/StringBuilder", "java/lang/StringBuffer");

  /** The call, or null where the instruction is none. */
  public static GrowableCall of(AbstractInsnNode insn) {
    if (!(insn instanceof MethodInsnNode call)
        || call.getOpcode() != Opcodes.INVOKESPECIAL
        || !call.name.equals("<init>")) {
      return null;
    }
    AbstractInsnNode before = before(call);
    Integer constant = null;
    boolean filled = call.desc.equals(OF_TEXT) && BUILDERS.contains(call.owner);
    if (filled) {
      if (!(before instanceof LdcInsnNode load && load.cst instanceof String text)) {
        return null;
      }
      constant = ROOM_BESIDE_TEXT + text.length();
      before = before(before);
    } else if (call.desc.equals("(I)V")) {
      constant = before == null ? null : constant(before);
      if (constant == null) {
        return null;
      }
      before = before(before);
    } else if (!call.desc.equals("()V")) {
      return null;
    }
    if (before == null || before.getOpcode() != Opcodes.DUP) {
      return null;
    }
    boolean fits =
        before(before) instanceof TypeInsnNode made
            && made.getOpcode() == Opcodes.NEW
            && made.desc.equals(call.owner);
    return fits ? new GrowableCall(call, constant, filled) : null;
  }

  /** The constant that is handed to the instruction as its only operand, or null. */
  public static Integer operand(AbstractInsnNode insn) {
    AbstractInsnNode before = before(insn);
    return before == null ? null : constant(before);
  }

  /** The instruction before this one, or null where control may come from elsewhere. */
  private static AbstractInsnNode before(AbstractInsnNode insn) {
    AbstractInsnNode before = insn.getPrevious();
    while (before instanceof LabelNode || before instanceof LineNumberNode) {
      before = before.getPrevious();
    }
    return before instanceof FrameNode || before instanceof JumpInsnNode ? null : before;
  }

  private static Integer constant(AbstractInsnNode insn) {
    if (insn instanceof IntInsnNode push && insn.getOpcode() != Opcodes.NEWARRAY) {
      return push.operand;
    }
    if (insn instanceof LdcInsnNode load && load.cst instanceof Integer number) {
      return number;
    }
    int opcode = insn.getOpcode();
    return opcode >= Opcodes.ICONST_M1 && opcode <= Opcodes.ICONST_5
        ? Integer.valueOf(opcode - Opcodes.ICONST_0)
        : null;
  }
}
