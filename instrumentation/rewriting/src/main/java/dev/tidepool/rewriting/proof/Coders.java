package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.GuardedCall;
import dev.tidepool.rewriting.site.LoaderRef;
import dev.tidepool.rewriting.site.TypeRef;
import dev.tidepool.rewriting.site.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The two classes of the JDK that stand behind every reader of bytes and writer to bytes, each with
 * a buffer that it uses no more once it is closed.
 *
 * <p>Reviewed against OpenJDK 17 and 25: the buffer is touched under the object's lock alone, and
 * the flag that says closed is set under that lock. Read from the code each time is that nothing is
 * done with the buffer but what is known: it is made for its field, asked for its positions and its
 * array, and handed, it or its array, to a stream or a coder. Those are asked whether they keep it,
 * as other receivers are.
 */
public final class Coders {
  private static final Set<String> CLASSES =
      Set.of("sun/nio/cs/StreamDecoder", "sun/nio/cs/StreamEncoder");

  private static final String BUFFER = "Ljava/nio/ByteBuffer;";
  private static final String CHANNEL = "Channel";
  private static final String CLOSED = "closed";
  private static final String LOOP_END = ")Ljava/nio/charset/CoderResult;";

  /**
   * A call that is handed the buffer or its array.
   *
   * @param operand which operand that is, the receiver counted as 0
   * @param question what the receiver is asked; null where it may keep it
   */
  private record Hand(int operand, ReceiverQuestion question) {}

  private static final Map<String, Hand> HANDS =
      Map.of(
          "java/io/InputStream.read([BII)I",
          hand(1, "read", "([BII)I"),
          "java/io/OutputStream.write([BII)V",
          hand(1, "write", "([BII)V"),
          "java/nio/charset/CharsetDecoder.decode(" + BUFFER + "Ljava/nio/CharBuffer;Z" + LOOP_END,
          hand(1, "decodeLoop", "(" + BUFFER + "Ljava/nio/CharBuffer;" + LOOP_END),
          "java/nio/charset/CharsetEncoder.encode(Ljava/nio/CharBuffer;" + BUFFER + "Z" + LOOP_END,
          hand(2, "encodeLoop", "(Ljava/nio/CharBuffer;" + BUFFER + LOOP_END),
          "java/nio/charset/CharsetEncoder.flush(" + BUFFER + LOOP_END,
          hand(1, "implFlush", "(" + BUFFER + LOOP_END),
          "java/nio/channels/ReadableByteChannel.read(" + BUFFER + ")I",
          new Hand(1, null),
          "java/nio/channels/WritableByteChannel.write(" + BUFFER + ")I",
          new Hand(1, null));

  private final GuardTable guards;
  private final List<Verdict.FieldUse> uses = new ArrayList<>();
  private final List<GuardedCall> asked = new ArrayList<>();
  private boolean closes;

  private Coders(GuardTable guards) {
    this.guards = guards;
  }

  private static Hand hand(int operand, String name, String descriptor) {
    return new Hand(operand, new ReceiverQuestion(name, descriptor, 1 << operand));
  }

  /** Whether the class is one of them. */
  public static boolean has(TypeRef type) {
    return type.loader().isBoot() && CLASSES.contains(type.name());
  }

  /** What the class does with its buffer, or why that is not what is known. */
  static Verdict prove(ClassFiles.Found constructor, GuardTable guards) {
    TypeRef type = constructor.owner();
    if (constructor.node().desc.contains(CHANNEL)) {
      return EscapeProof.refused("the buffer is handed to a channel");
    }
    Coders coder = new Coders(guards);
    for (FieldNode field : constructor.code().shell().fields) {
      if (field.desc.equals(BUFFER) && (field.access & Opcodes.ACC_PRIVATE) == 0) {
        return EscapeProof.refused("others may touch its buffer");
      }
    }
    String field = coder.look(constructor.code());
    if (field == null || !coder.closes) {
      return EscapeProof.refused("this JDK uses the buffer of " + type + " in another way");
    }
    Set<Dependency> on = new HashSet<>();
    on.add(new Dependency.Body(type));
    for (String code : List.of("CharsetDecoder", "CharsetEncoder")) {
      on.add(new Dependency.Body(new TypeRef("java/nio/charset/" + code, LoaderRef.BOOT)));
    }
    return new Verdict.Proven(
        false,
        false,
        coder.asked,
        on,
        null,
        Set.of(),
        Set.of(),
        false,
        false,
        new Verdict.Replaced(new Verdict.Field(type, field, BUFFER), coder.uses));
  }

  /** Looks at every instruction; the name of the one field with the buffer, or null. */
  private String look(ClassCode code) {
    String name = code.shell().name;
    Set<String> fields = new HashSet<>();
    for (MethodNode method : code.node().methods) {
      if (takes(method.desc) || mayBeBuffer(Type.getReturnType(method.desc))) {
        return null;
      }
      List<AbstractInsnNode> all = ClassCode.instructions(method);
      for (int i = 0; i < all.size(); i++) {
        AbstractInsnNode insn = all.get(i);
        boolean known = insn.getOpcode() != Opcodes.AASTORE;
        if (insn instanceof FieldInsnNode access) {
          known = isKnown(name, method, access, i == 0 ? null : all.get(i - 1), i, fields);
        } else if (insn instanceof MethodInsnNode call) {
          known = isKnown(name, method, call, i + 1 < all.size() ? all.get(i + 1) : null, i);
        } else if (insn instanceof InvokeDynamicInsnNode dynamic) {
          known = !takes(dynamic.desc) && !dynamic.desc.contains("Ljava/lang/Object;");
        }
        if (!known) {
          return null;
        }
      }
    }
    return fields.size() == 1 ? fields.iterator().next() : null;
  }

  private boolean isKnown(
      String name,
      MethodNode method,
      FieldInsnNode access,
      AbstractInsnNode before,
      int at,
      Set<String> fields) {
    boolean puts = access.getOpcode() == Opcodes.PUTFIELD;
    if (access.name.equals(CLOSED) && access.owner.equals(name) && puts) {
      if (before != null && before.getOpcode() == Opcodes.ICONST_1) {
        closes = true;
        uses.add(use(method, at, Verdict.FieldUse.CLOSES, false, List.of()));
        return true;
      }
      return false;
    }
    if (!mayBeBuffer(Type.getType(access.desc))) {
      return true;
    }
    if (!access.desc.equals(BUFFER) || !access.owner.equals(name)) {
      return access.getOpcode() == Opcodes.GETFIELD && !access.desc.equals(BUFFER);
    }
    fields.add(access.name);
    return access.getOpcode() == Opcodes.GETFIELD || (puts && isAllocate(before));
  }

  private boolean isKnown(
      String name, MethodNode method, MethodInsnNode call, AbstractInsnNode next, int at) {
    if (isAllocate(call)) {
      boolean forField =
          next instanceof FieldInsnNode put
              && put.getOpcode() == Opcodes.PUTFIELD
              && put.owner.equals(name);
      if (forField && !method.desc.contains(CHANNEL)) {
        uses.add(use(method, at, Verdict.FieldUse.DRAWS, false, List.of()));
      }
      return forField;
    }
    Hand hand = HANDS.get(call.owner + "." + call.name + call.desc);
    if (hand != null) {
      List<GuardedCall> asks = new ArrayList<>();
      if (hand.question() != null) {
        Condition ask = new Condition(AccessPath.argument(0), hand.question());
        asks.add(new GuardedCall(at, 0, guards.guard(ask)));
      }
      asked.addAll(asks);
      uses.add(use(method, at, hand.operand(), hand.question() == null, asks));
      return true;
    }
    boolean fills = call.owner.equals("java/util/Arrays") && call.name.equals("fill");
    boolean hasLock =
        call.name.equals("<init>")
            && (call.owner.equals(name)
                || call.owner.startsWith("java/io/")
                || call.owner.equals("java/lang/AssertionError"));
    boolean blind = hasLock || !call.desc.contains("Ljava/lang/Object;");
    return fills || (blind && !takes(call.desc));
  }

  private static Verdict.FieldUse use(
      MethodNode method, int at, int operand, boolean kept, List<GuardedCall> asks) {
    return new Verdict.FieldUse(method.name, method.desc, at, operand, kept, asks);
  }

  private static boolean isAllocate(AbstractInsnNode insn) {
    return insn instanceof MethodInsnNode call
        && call.getOpcode() == Opcodes.INVOKESTATIC
        && call.owner.equals("java/nio/ByteBuffer")
        && call.name.equals("allocate");
  }

  /** Whether a method of this descriptor takes what may be the buffer or its array. */
  private static boolean takes(String descriptor) {
    for (Type type : Type.getArgumentTypes(descriptor)) {
      if (mayBeBuffer(type) && !type.getInternalName().equals("java/lang/Object")) {
        return true;
      }
    }
    return false;
  }

  private static boolean mayBeBuffer(Type type) {
    return switch (type.getDescriptor()) {
      case BUFFER, "Ljava/nio/Buffer;", "[B", "Ljava/lang/Object;", "Ljava/lang/Comparable;" ->
          true;
      default -> false;
    };
  }
}
