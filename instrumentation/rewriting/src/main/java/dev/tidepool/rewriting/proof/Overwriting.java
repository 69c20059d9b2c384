package dev.tidepool.rewriting.proof;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Whether all elements of a new array are overwritten before anything else is done with it: a call
 * follows that copies as many elements into it as it has, or throws, and no handler is near that
 * could look at the array then. Followed is what runs one instruction after another.
 */
public final class Overwriting {
  /** The array itself. */
  private static final Object ARRAY = new Object();

  /** A sum or difference of two values. */
  private record Term(int opcode, Object left, Object right) {}

  /** The length of an array or a string. */
  private record LengthOf(Object value) {}

  private final AbstractInsnNode site;
  private final Deque<Object> stack = new ArrayDeque<>();
  private final Map<Integer, Object> locals = new HashMap<>();
  private Object length;

  private Overwriting(AbstractInsnNode site) {
    this.site = site;
  }

  /**
   * Whether the array that the instruction makes is overwritten at once.
   *
   * @param site a {@code newarray}
   */
  public static boolean follows(MethodNode method, AbstractInsnNode site) {
    CodePaths paths = new CodePaths(method);
    Overwriting walk = new Overwriting(site);
    for (AbstractInsnNode insn = begin(method, paths, site); insn != null; insn = insn.getNext()) {
      if (insn.getOpcode() < 0) {
        continue;
      }
      if (walk.isOverwritten(insn)) {
        return paths.handlers(insn).isEmpty();
      }
      boolean understood = walk.step(insn);
      if (walk.length == null) {
        if (!understood) {
          walk.stack.clear();
        }
      } else if (!understood || (insn != site && !paths.handlers(insn).isEmpty())) {
        return false;
      }
    }
    return false;
  }

  /** From where on the instructions before the site run one after another. */
  private static AbstractInsnNode begin(MethodNode method, CodePaths paths, AbstractInsnNode site) {
    Set<AbstractInsnNode> targets = new HashSet<>();
    for (AbstractInsnNode insn : method.instructions) {
      for (AbstractInsnNode next : paths.successors(insn)) {
        if (next != insn.getNext()) {
          targets.add(next);
        }
      }
    }
    for (TryCatchBlockNode block : method.tryCatchBlocks) {
      targets.add(block.handler);
    }
    AbstractInsnNode begin = site;
    for (AbstractInsnNode before = site.getPrevious();
        before != null
            && !targets.contains(begin)
            && paths.successors(before).contains(begin)
            && paths.successors(before).size() == 1;
        before = before.getPrevious()) {
      begin = before;
    }
    return begin;
  }

  private boolean isOverwritten(AbstractInsnNode insn) {
    if (length == null || !(insn instanceof MethodInsnNode call)) {
      return false;
    }
    return switch (call.owner + "." + call.name) {
      case "java/lang/System.arraycopy" -> {
        Object[] given = top(5);
        yield given[2] == ARRAY && isZero(given[3]) && given[4].equals(length) && given[0] != ARRAY;
      }
      case "java/lang/String.getChars" -> {
        Object[] given = top(5);
        yield given[3] == ARRAY && isZero(given[4]) && isLength(given[1], given[2]);
      }
      case "java/util/Arrays.fill" ->
          Type.getArgumentTypes(call.desc).length == 2 && top(2)[0] == ARRAY;
      default -> false;
    };
  }

  /** The last operands, in the order they were pushed in. */
  private Object[] top(int count) {
    Object[] top = new Object[count];
    for (int i = count - 1; i >= 0; i--) {
      top[i] = pop();
    }
    for (Object value : top) {
      stack.push(value);
    }
    return top;
  }

  private static boolean isZero(Object value) {
    return value.equals(0);
  }

  /** Whether there are as many from one index to another as the array has elements. */
  private boolean isLength(Object from, Object to) {
    return (isZero(from) && to.equals(length))
        || length.equals(new Term(Opcodes.ISUB, to, from))
        || to.equals(new Term(Opcodes.IADD, from, length))
        || to.equals(new Term(Opcodes.IADD, length, from));
  }

  /** What is popped where nothing is known of the stack is nothing known. */
  private Object pop() {
    return stack.isEmpty() ? new Object() : stack.pop();
  }

  /** Pops operands and pushes a result; false where the array is among the operands. */
  private boolean use(int operands, boolean pushes) {
    boolean apart = true;
    for (int i = 0; i < operands; i++) {
      apart &= pop() != ARRAY;
    }
    if (pushes) {
      stack.push(new Object());
    }
    return apart;
  }

  /**
   * Follows one instruction.
   *
   * @return false where it is none that is followed, or does something with the array
   */
  private boolean step(AbstractInsnNode insn) {
    int opcode = insn.getOpcode();
    if (insn == site) {
      length = pop();
      stack.push(ARRAY);
      return true;
    } else if (insn instanceof VarInsnNode variable) {
      return local(opcode, variable.var);
    } else if (insn instanceof IincInsnNode increment) {
      locals.put(increment.var, new Object());
      return true;
    } else if (insn instanceof FieldInsnNode) {
      boolean puts = opcode == Opcodes.PUTFIELD || opcode == Opcodes.PUTSTATIC;
      boolean ofObject = opcode == Opcodes.PUTFIELD || opcode == Opcodes.GETFIELD;
      return use((puts ? 1 : 0) + (ofObject ? 1 : 0), !puts);
    } else if (insn instanceof MethodInsnNode call) {
      return call(call);
    } else if (insn instanceof InvokeDynamicInsnNode call) {
      return use(Type.getArgumentTypes(call.desc).length, true);
    } else if (insn instanceof LdcInsnNode load) {
      stack.push(load.cst instanceof Integer number ? number : new Object());
      return true;
    } else if (insn instanceof IntInsnNode push && opcode != Opcodes.NEWARRAY) {
      stack.push(push.operand);
      return true;
    }
    return plain(opcode);
  }

  private boolean local(int opcode, int index) {
    if (opcode >= Opcodes.ILOAD && opcode <= Opcodes.ALOAD) {
      stack.push(locals.computeIfAbsent(index, unknown -> new Object()));
      return true;
    } else if (opcode >= Opcodes.ISTORE && opcode <= Opcodes.ASTORE) {
      locals.put(index, pop());
      if (opcode == Opcodes.LSTORE || opcode == Opcodes.DSTORE) {
        locals.remove(index + 1);
      }
      return true;
    }
    return false;
  }

  private boolean call(MethodInsnNode call) {
    if (call.owner.equals("java/lang/String") && call.name.equals("length")) {
      stack.push(new LengthOf(pop()));
      return true;
    }
    int operands = Type.getArgumentTypes(call.desc).length;
    boolean returns = Type.getReturnType(call.desc).getSort() != Type.VOID;
    return use(operands + (call.getOpcode() == Opcodes.INVOKESTATIC ? 0 : 1), returns);
  }

  private boolean plain(int opcode) {
    if (opcode >= Opcodes.ICONST_M1 && opcode <= Opcodes.ICONST_5) {
      stack.push(opcode - Opcodes.ICONST_0);
      return true;
    } else if (opcode == Opcodes.IADD || opcode == Opcodes.ISUB) {
      Object right = pop();
      stack.push(new Term(opcode, pop(), right));
      return true;
    } else if (opcode == Opcodes.ARRAYLENGTH) {
      Object array = pop();
      stack.push(array == ARRAY ? length : new LengthOf(array));
      return true;
    } else if (opcode == Opcodes.DUP) {
      Object value = pop();
      stack.push(value);
      stack.push(value);
      return true;
    }
    return switch (opcode) {
      case Opcodes.NOP, Opcodes.CHECKCAST -> true;
      case Opcodes.ACONST_NULL, Opcodes.NEW -> use(0, true);
      case Opcodes.INEG,
          Opcodes.I2B,
          Opcodes.I2C,
          Opcodes.I2S,
          Opcodes.L2I,
          Opcodes.INSTANCEOF,
          Opcodes.NEWARRAY,
          Opcodes.ANEWARRAY ->
          use(1, true);
      case Opcodes.IMUL,
          Opcodes.IDIV,
          Opcodes.IREM,
          Opcodes.ISHL,
          Opcodes.ISHR,
          Opcodes.IUSHR,
          Opcodes.IAND,
          Opcodes.IOR,
          Opcodes.IXOR ->
          use(2, true);
      case Opcodes.IALOAD, Opcodes.AALOAD, Opcodes.BALOAD, Opcodes.CALOAD, Opcodes.SALOAD ->
          use(2, true);
      case Opcodes.POP, Opcodes.MONITORENTER, Opcodes.MONITOREXIT -> use(1, false);
      default -> false;
    };
  }
}
