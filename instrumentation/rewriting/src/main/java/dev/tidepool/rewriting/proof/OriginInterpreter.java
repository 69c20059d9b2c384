package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.code.ClassCode;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.MultiANewArrayInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.analysis.Interpreter;

/** Carries origins through one method; what happens to a followed one is told to the flow. */
final class OriginInterpreter extends Interpreter<OriginValue> {
  private static final String[] ARRAY_TYPES = {"[Z", "[C", "[F", "[D", "[B", "[S", "[I", "[J"};

  /** A mask: the clock costs more than a merge. */
  private static final int MERGES_UNWATCHED = 1023;

  private final MethodFlow flow;
  private int merges;

  OriginInterpreter(MethodFlow flow) {
    super(ClassCode.API);
    this.flow = flow;
  }

  static String primitiveArray(int newarrayOperand) {
    return ARRAY_TYPES[newarrayOperand - Opcodes.T_BOOLEAN];
  }

  static OriginValue of(Type type) {
    return switch (type.getSort()) {
      case Type.VOID -> null;
      case Type.LONG, Type.DOUBLE -> OriginValue.TWO_WORDS;
      case Type.OBJECT, Type.ARRAY -> OriginValue.unknown(type.getDescriptor());
      default -> OriginValue.WORD;
    };
  }

  @Override
  public OriginValue newValue(Type type) {
    return type == null ? OriginValue.WORD : of(type);
  }

  @Override
  public OriginValue newParameterValue(boolean isInstanceMethod, int local, Type type) {
    return type.getSort() < Type.ARRAY ? of(type) : flow.argument(local, type);
  }

  @Override
  public OriginValue newExceptionValue(
      TryCatchBlockNode block,
      org.objectweb.asm.tree.analysis.Frame<OriginValue> handlerFrame,
      Type exceptionType) {
    return OriginValue.unknown(exceptionType.getDescriptor());
  }

  @Override
  public OriginValue newOperation(AbstractInsnNode insn) {
    return switch (insn.getOpcode()) {
      case Opcodes.ACONST_NULL -> OriginValue.NULL;
      case Opcodes.LCONST_0, Opcodes.LCONST_1, Opcodes.DCONST_0, Opcodes.DCONST_1 ->
          OriginValue.TWO_WORDS;
      case Opcodes.LDC -> {
        Object constant = ((org.objectweb.asm.tree.LdcInsnNode) insn).cst;
        yield constant instanceof Long || constant instanceof Double
            ? OriginValue.TWO_WORDS
            : constant instanceof Integer || constant instanceof Float
                ? OriginValue.WORD
                : OriginValue.unknown(null);
      }
      case Opcodes.GETSTATIC -> flow.readStatic((FieldInsnNode) insn);
      case Opcodes.NEW -> flow.made(insn, "L" + ((TypeInsnNode) insn).desc + ";");
      default -> OriginValue.WORD;
    };
  }

  @Override
  public OriginValue copyOperation(AbstractInsnNode insn, OriginValue value) {
    return value;
  }

  @Override
  public OriginValue unaryOperation(AbstractInsnNode insn, OriginValue value) {
    return switch (insn.getOpcode()) {
      case Opcodes.LNEG,
          Opcodes.DNEG,
          Opcodes.I2L,
          Opcodes.I2D,
          Opcodes.L2D,
          Opcodes.F2L,
          Opcodes.F2D,
          Opcodes.D2L ->
          OriginValue.TWO_WORDS;
      case Opcodes.GETFIELD -> flow.readField((FieldInsnNode) insn, value);
      case Opcodes.PUTSTATIC -> {
        flow.storedInStatic((FieldInsnNode) insn, value);
        yield null;
      }
      case Opcodes.NEWARRAY -> flow.madePrimitiveArray(insn);
      case Opcodes.ANEWARRAY ->
          flow.made(insn, "[" + Type.getObjectType(((TypeInsnNode) insn).desc));
      case Opcodes.CHECKCAST ->
          new OriginValue(
              1,
              value.origins(),
              Type.getObjectType(((TypeInsnNode) insn).desc).getDescriptor(),
              value.exact(),
              value.path(),
              value.whole());
      case Opcodes.ARETURN -> {
        flow.returned(value);
        yield null;
      }
      case Opcodes.ATHROW -> {
        flow.thrown(insn, value);
        yield null;
      }
      case Opcodes.MONITORENTER -> {
        flow.locked(insn, value);
        yield null;
      }
      default -> OriginValue.WORD;
    };
  }

  @Override
  public OriginValue binaryOperation(AbstractInsnNode insn, OriginValue left, OriginValue right) {
    return switch (insn.getOpcode()) {
      case Opcodes.LALOAD,
          Opcodes.DALOAD,
          Opcodes.LADD,
          Opcodes.DADD,
          Opcodes.LSUB,
          Opcodes.DSUB,
          Opcodes.LMUL,
          Opcodes.DMUL,
          Opcodes.LDIV,
          Opcodes.DDIV,
          Opcodes.LREM,
          Opcodes.DREM,
          Opcodes.LSHL,
          Opcodes.LSHR,
          Opcodes.LUSHR,
          Opcodes.LAND,
          Opcodes.LOR,
          Opcodes.LXOR ->
          OriginValue.TWO_WORDS;
      case Opcodes.AALOAD -> flow.readElement(left);
      case Opcodes.PUTFIELD -> {
        flow.storedInField((FieldInsnNode) insn, left, right);
        yield null;
      }
      default -> OriginValue.WORD;
    };
  }

  @Override
  public OriginValue ternaryOperation(
      AbstractInsnNode insn, OriginValue array, OriginValue index, OriginValue value) {
    if (insn.getOpcode() == Opcodes.AASTORE) {
      flow.storedInArray(insn, array, value);
    }
    return null;
  }

  @Override
  public OriginValue naryOperation(AbstractInsnNode insn, List<? extends OriginValue> operands) {
    if (insn instanceof MultiANewArrayInsnNode many) {
      return flow.made(insn, many.desc);
    }
    return flow.called(insn, List.copyOf(operands));
  }

  @Override
  public void returnOperation(AbstractInsnNode insn, OriginValue value, OriginValue expected) {
    // ARETURN was told to the flow as a unary operation
  }

  @Override
  public OriginValue merge(OriginValue left, OriginValue right) {
    // in a long method of many branches this is where the time goes
    if ((++merges & MERGES_UNWATCHED) == 0) {
      flow.checkBudget();
    }
    return left.merge(right);
  }
}
