package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.code.ClassCode;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicInterpreter;
import org.objectweb.asm.tree.analysis.BasicValue;
import org.objectweb.asm.tree.analysis.Frame;
import org.objectweb.asm.tree.analysis.Interpreter;

/**
 * Whether a text builder stays in its method, where every call of it is seen, and is asked for
 * nothing that shows its capacity. Simple and strict: a builder that is stored, returned or handed
 * to a method outside strings and builders may be asked anywhere.
 */
public final class LocalObject {
  /** These take a builder for its text alone. */
  private static final Set<String> TEXT =
      Set.of(
          "java/lang/String",
          "java/lang/StringBuilder",
          "java/lang/StringBuffer",
          "java/io/StringWriter");

  /** These give away the builder inside, its capacity, or a view of it. */
  private static final Set<String> TELLING =
      Set.of("capacity", "getBuffer", "chars", "codePoints", "getClass");

  private LocalObject() {}

  /**
   * Why somebody may see the capacity, or null where nobody can.
   *
   * @param made the {@code new} instruction of a builder or string writer, or a call that gives one
   */
  public static String seen(String owner, MethodNode method, AbstractInsnNode made) {
    return sight(owner, method, made).seen();
  }

  /**
   * What the method does with the object.
   *
   * @param seen why somebody may see the capacity, or have the object itself; null where nobody can
   * @param deadWhenMadeAgain whether nothing leads to the object of an earlier round by the time
   *     that another is made
   */
  record Sight(String seen, boolean deadWhenMadeAgain) {}

  static Sight sight(String owner, MethodNode method, AbstractInsnNode made) {
    Following following = new Following(made);
    try {
      Frame<BasicValue>[] frames = new Analyzer<>(following).analyze(owner, method);
      int at = method.instructions.indexOf(made);
      boolean dead = following.seen == null && isDead(frames[at], new Liveness(method).liveAt(at));
      return new Sight(following.seen, dead);
    } catch (AnalyzerException | RuntimeException odd) {
      return new Sight("its method cannot be analysed", false);
    }
  }

  private static boolean isDead(Frame<BasicValue> frame, BitSet live) {
    for (int i = 0; frame != null && i < frame.getLocals(); i++) {
      if (live.get(i) && frame.getLocal(i) instanceof Followed) {
        return false;
      }
    }
    for (int i = 0; frame != null && i < frame.getStackSize(); i++) {
      if (frame.getStack(i) instanceof Followed) {
        return false;
      }
    }
    return true;
  }

  private static final class Followed extends BasicValue {
    Followed() {
      super(Type.getObjectType("java/lang/Object"));
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Followed;
    }

    @Override
    public int hashCode() {
      return 1;
    }
  }

  private static final class Following extends Interpreter<BasicValue> {
    private static final Followed FOLLOWED = new Followed();

    private final BasicInterpreter basic = new BasicInterpreter();
    private final AbstractInsnNode made;
    private String seen;

    Following(AbstractInsnNode made) {
      super(ClassCode.API);
      this.made = made;
    }

    private void seen(String how) {
      if (seen == null) {
        seen = how;
      }
    }

    @Override
    public BasicValue newValue(Type type) {
      return basic.newValue(type);
    }

    @Override
    public BasicValue newOperation(AbstractInsnNode insn) throws AnalyzerException {
      return insn == made ? FOLLOWED : basic.newOperation(insn);
    }

    @Override
    public BasicValue copyOperation(AbstractInsnNode insn, BasicValue value)
        throws AnalyzerException {
      return value instanceof Followed ? value : basic.copyOperation(insn, value);
    }

    @Override
    public BasicValue unaryOperation(AbstractInsnNode insn, BasicValue value)
        throws AnalyzerException {
      if (value instanceof Followed) {
        switch (insn.getOpcode()) {
          case Opcodes.CHECKCAST -> {
            return value;
          }
          case Opcodes.PUTSTATIC -> seen("it is stored in a static field");
          default -> {
            // a comparison with null, a lock, a test of the type
          }
        }
      }
      return basic.unaryOperation(insn, value);
    }

    @Override
    public BasicValue binaryOperation(AbstractInsnNode insn, BasicValue one, BasicValue other)
        throws AnalyzerException {
      if (other instanceof Followed && insn.getOpcode() == Opcodes.PUTFIELD) {
        seen("it is stored in a field");
      }
      return basic.binaryOperation(insn, one, other);
    }

    @Override
    public BasicValue ternaryOperation(
        AbstractInsnNode insn, BasicValue array, BasicValue index, BasicValue value) {
      if (value instanceof Followed) {
        seen("it is stored in an array");
      }
      return null;
    }

    @Override
    public BasicValue naryOperation(AbstractInsnNode insn, List<? extends BasicValue> values)
        throws AnalyzerException {
      if (insn == made) {
        return FOLLOWED;
      }
      boolean takes = values.stream().anyMatch(Followed.class::isInstance);
      if (takes && insn instanceof MethodInsnNode call) {
        if (!TEXT.contains(call.owner)) {
          seen("it is handed to " + call.owner.replace('/', '.') + "." + call.name);
        } else if (TELLING.contains(call.name)) {
          seen(call.name + "() is asked");
        } else if (values.get(0) instanceof Followed
            && Type.getReturnType(call.desc).getSort() == Type.OBJECT
            && !call.desc.endsWith(")Ljava/lang/String;")) {
          return FOLLOWED;
        }
      } else if (takes && !concatenates(insn)) {
        seen("it is captured by a lambda");
      }
      return basic.naryOperation(insn, values);
    }

    private static boolean concatenates(AbstractInsnNode insn) {
      return insn instanceof InvokeDynamicInsnNode dynamic
          && dynamic.bsm.getOwner().equals("java/lang/invoke/StringConcatFactory");
    }

    @Override
    public void returnOperation(AbstractInsnNode insn, BasicValue value, BasicValue expected) {
      if (value instanceof Followed) {
        seen("it is returned");
      }
    }

    @Override
    public BasicValue merge(BasicValue one, BasicValue other) {
      return one instanceof Followed || other instanceof Followed
          ? FOLLOWED
          : basic.merge(one, other);
    }
  }
}
