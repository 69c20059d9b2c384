package dev.tidepool.rewriting.remedy;

import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/** The calls of the gate as instructions. */
final class GateCalls {
  private final String gate;

  /**
   * @param gate internal name of the class that rewritten code calls
   */
  GateCalls(String gate) {
    this.gate = gate;
  }

  /** Length on the stack becomes the array. */
  InsnList acquire(int type, int site) {
    InsnList code = new InsnList();
    code.add(push(site));
    code.add(call("acquire" + plural(type), "(II)" + descriptor(type)));
    return code;
  }

  /** Operands of {@code Arrays.copyOf} or {@code copyOfRange} on the stack become the copy. */
  InsnList copy(MethodInsnNode original, int site) {
    InsnList code = new InsnList();
    code.add(push(site));
    String ints = original.name.equals("copyOf") ? "I" : "II";
    code.add(call(original.name, "(Ljava/lang/Object;" + ints + "I)Ljava/lang/Object;"));
    code.add(new TypeInsnNode(Opcodes.CHECKCAST, descriptor(Copies.arrayType(original))));
    return code;
  }

  /** Array or null on the stack is released. */
  InsnList release(int site) {
    InsnList code = new InsnList();
    code.add(push(site));
    code.add(call("release", "(Ljava/lang/Object;I)V"));
    return code;
  }

  /** What is kept so far, and an array, on the stack become what is kept. */
  InsnList keep(int site) {
    InsnList code = new InsnList();
    code.add(push(site));
    code.add(call("keep", "(Ljava/lang/Object;Ljava/lang/Object;I)Ljava/lang/Object;"));
    return code;
  }

  /** What the method returns, or null, and what is kept, on the stack: the latter is released. */
  InsnList releaseOthers(int site) {
    InsnList code = new InsnList();
    code.add(push(site));
    code.add(call("releaseOthers", "(Ljava/lang/Object;Ljava/lang/Object;I)V"));
    return code;
  }

  /** Owner or null, and the array it had before it was closed, on the stack are given back. */
  InsnList releaseOwned(int site) {
    InsnList code = new InsnList();
    code.add(push(site));
    code.add(call("releaseOwned", "(Ljava/lang/Object;Ljava/lang/Object;I)V"));
    return code;
  }

  /** Array on the stack is in the hands of others from now on. */
  InsnList lend(int site) {
    InsnList code = new InsnList();
    code.add(push(site));
    code.add(call("lend", "(Ljava/lang/Object;I)V"));
    return code;
  }

  /** Array on the stack is in the hands of others no more; null, and it stays there. */
  InsnList back(int site) {
    InsnList code = new InsnList();
    code.add(push(site));
    code.add(call("back", "(Ljava/lang/Object;I)V"));
    return code;
  }

  /** Owner or null, and the array it had, on the stack become the array it has or had. */
  InsnList owned(int site) {
    InsnList code = new InsnList();
    code.add(push(site));
    code.add(call("owned", "(Ljava/lang/Object;Ljava/lang/Object;I)Ljava/lang/Object;"));
    return code;
  }

  /** Capacity on the stack, that the code says, becomes the one to start at. */
  InsnList capacity(int site) {
    InsnList code = new InsnList();
    code.add(push(site));
    code.add(call("capacity", "(II)I"));
    return code;
  }

  /** A builder and a capacity on the stack: it gets an array from the pool. */
  InsnList furnish(int site) {
    InsnList code = new InsnList();
    code.add(push(site));
    code.add(call("furnish", "(Ljava/lang/Object;II)V"));
    return code;
  }

  /** Object on the stack is looked at while it grows. */
  InsnList made(int site) {
    InsnList code = new InsnList();
    code.add(push(site));
    code.add(call("made", "(Ljava/lang/Object;I)V"));
    return code;
  }

  /** Kind (long) on the stack becomes an address, 0 for none. */
  InsnList takeNative(int site) {
    InsnList code = new InsnList();
    code.add(push(site));
    code.add(call("takeNative", "(JI)J"));
    return code;
  }

  /** Address and kind on the stack become the address, or 0 where the memory is kept. */
  InsnList keepNative(int site) {
    InsnList code = new InsnList();
    code.add(push(site));
    code.add(call("keepNative", "(JJI)J"));
    return code;
  }

  /** Address and kind on the stack are told, and become the address. */
  InsnList nativeKind(int site) {
    InsnList code = new InsnList();
    code.add(push(site));
    code.add(call("nativeKind", "(JJI)J"));
    return code;
  }

  /**
   * What a compressor is made with, on the stack, becomes its kind.
   *
   * @param arguments descriptor of all of it: {@code (IIZ)}
   */
  MethodInsnNode kind(String arguments) {
    return call("kind", arguments + "J");
  }

  /** Length on the stack is counted. */
  InsnList count(int site) {
    InsnList code = new InsnList();
    code.add(push(site));
    code.add(call("count", "(II)V"));
    return code;
  }

  /** Operand on the stack: the local variable keeps what it has, or becomes null. */
  InsnList guard(int local, String type, int guard, int site) {
    InsnList code = new InsnList();
    code.add(new VarInsnNode(Opcodes.ALOAD, local));
    code.add(push(guard));
    code.add(push(site));
    code.add(call("guard", "(Ljava/lang/Object;Ljava/lang/Object;II)Ljava/lang/Object;"));
    if (type.startsWith("[")) {
      code.add(new TypeInsnNode(Opcodes.CHECKCAST, type));
    }
    code.add(new VarInsnNode(Opcodes.ASTORE, local));
    return code;
  }

  /** Who is asked, and what is kept if it says yes, on the stack become the latter, or null. */
  InsnList guardResult(int guard, int site) {
    InsnList code = new InsnList();
    code.add(push(guard));
    code.add(push(site));
    code.add(call("guard", "(Ljava/lang/Object;Ljava/lang/Object;II)Ljava/lang/Object;"));
    return code;
  }

  /** Array descriptor of a {@code newarray} operand. */
  static String descriptor(int type) {
    return switch (type) {
      case 4 -> "[Z";
      case 5 -> "[C";
      case 6 -> "[F";
      case 7 -> "[D";
      case 8 -> "[B";
      case 9 -> "[S";
      case 10 -> "[I";
      case 11 -> "[J";
      default -> throw new IllegalArgumentException("newarray operand " + type);
    };
  }

  private static String plural(int type) {
    return switch (type) {
      case 4 -> "Booleans";
      case 5 -> "Chars";
      case 6 -> "Floats";
      case 7 -> "Doubles";
      case 8 -> "Bytes";
      case 9 -> "Shorts";
      case 10 -> "Ints";
      case 11 -> "Longs";
      default -> throw new IllegalArgumentException("newarray operand " + type);
    };
  }

  private MethodInsnNode call(String name, String descriptor) {
    return new MethodInsnNode(Opcodes.INVOKESTATIC, gate, name, descriptor, false);
  }

  static AbstractInsnNode push(int value) {
    if (value >= -1 && value <= 5) {
      return new InsnNode(Opcodes.ICONST_0 + value);
    }
    if (value >= Byte.MIN_VALUE && value <= Byte.MAX_VALUE) {
      return new IntInsnNode(Opcodes.BIPUSH, value);
    }
    if (value >= Short.MIN_VALUE && value <= Short.MAX_VALUE) {
      return new IntInsnNode(Opcodes.SIPUSH, value);
    }
    return new LdcInsnNode(value);
  }
}
