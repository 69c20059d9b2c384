package dev.tidepool.rewriting.proof;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.TypeRef;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.Deque;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Arrays that are lent to an object until it says that it is done: a compressor keeps its input
 * until {@code needsInput()}.
 *
 * <p>A method that lends and does not return before it was told so has the array back when it
 * returns; where it throws, the array stays lent. That is read off the code at hand: each way from
 * the loan to a return, by handlers too, leads through the question, asked of what stands in the
 * same field, with the answer true. It holds as long as no class below overrides one of the two
 * methods or writes the field.
 */
final class Lending {
  /** From here on each place that is jumped to has a frame, which shows it. */
  private static final int FIRST_WITH_FRAMES = Opcodes.V1_7;

  private static final boolean COPIED = mayBeCopied();

  private final ClassFiles files;
  private final Contracts contracts;

  Lending(ClassFiles files, Contracts contracts) {
    this.files = files;
    this.contracts = contracts;
  }

  /**
   * With {@code -Xcheck:jni} native code works on a copy of the whole array, and the copy is
   * written back also where nothing of it was used: over what somebody else has put there
   * meanwhile.
   */
  private static boolean mayBeCopied() {
    try {
      HotSpotDiagnosticMXBean vm =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      return vm == null || !"false".equals(vm.getVMOption("CheckJNICalls").getValue());
    } catch (RuntimeException | LinkageError unknown) {
      return true;
    }
  }

  /** What the call does where it lends and the method has the array back; else null. */
  Summary judge(MethodFlow flow, MethodInsnNode call, int operands, int mask) {
    boolean candidate =
        call.getOpcode() == Opcodes.INVOKEVIRTUAL
            && (mask & 1) == 0
            && !flow.proving() // its array would count as back when the loan begins
            && !flow.method.is(Opcodes.ACC_STATIC);
    TypeRef type = candidate ? files.resolve(flow.method.owner(), call.owner).orElse(null) : null;
    Contracts.Loan loan = type == null ? null : contracts.loan(type, call.name, call.desc);
    FieldInsnNode field = loan == null || COPIED ? null : receiver(call);
    TypeRef holder = field == null ? null : holder(flow, field, loan);
    if (holder == null || !isPlain(flow.method) || !isBack(flow, call, field, loan)) {
      return null;
    }
    if (!isAsReviewed(type, holder, field, loan)) {
      return null;
    }
    Summary summary = new Summary(operands);
    summary.keptOnThrow = mask;
    summary.returnsUnknown = true;
    summary.dependencies.add(new Dependency.Body(type));
    summary.dependencies.add(overrides(type, loan.take()));
    summary.dependencies.add(overrides(type, loan.until()));
    summary.dependencies.add(new Dependency.Body(holder));
    summary.dependencies.add(Dependency.Overrides.any(holder));
    return summary;
  }

  private static Dependency overrides(TypeRef type, String method) {
    int paren = method.indexOf('(');
    return new Dependency.Overrides(type, method.substring(0, paren), method.substring(paren));
  }

  private TypeRef holder(MethodFlow flow, FieldInsnNode field, Contracts.Loan loan) {
    TypeRef named = files.resolve(flow.method.owner(), field.owner).orElse(null);
    TypeRef holder = named == null ? null : files.fieldOwner(named, field.name, field.desc);
    boolean meant =
        holder != null
            && holder.loader().isBoot()
            && holder.name().equals(loan.holder())
            && field.name.equals(loan.field());
    return meant ? holder : null;
  }

  /** Whether local 0 is this object everywhere, and places jumped to can be told. */
  private static boolean isPlain(ClassFiles.Found method) {
    for (AbstractInsnNode insn : method.node().instructions) {
      if (insn instanceof VarInsnNode store
          && store.var == 0
          && store.getOpcode() >= Opcodes.ISTORE
          && store.getOpcode() <= Opcodes.ASTORE) {
        return false;
      }
    }
    return (method.code().shell().version & 0xFFFF) >= FIRST_WITH_FRAMES;
  }

  /** The field of this object that the call's receiver was read from just before, or null. */
  private static FieldInsnNode receiver(MethodInsnNode call) {
    AbstractInsnNode insn = before(call);
    for (int i = Type.getArgumentTypes(call.desc).length; i > 0; i--) {
      boolean load =
          insn instanceof VarInsnNode var
              && var.getOpcode() >= Opcodes.ILOAD
              && var.getOpcode() <= Opcodes.ALOAD;
      insn = load ? before(insn) : null;
    }
    boolean read =
        insn instanceof FieldInsnNode field
            && field.getOpcode() == Opcodes.GETFIELD
            && before(field) instanceof VarInsnNode self
            && self.getOpcode() == Opcodes.ALOAD
            && self.var == 0;
    return read ? (FieldInsnNode) insn : null;
  }

  /** The instruction that certainly runs right before this one, or null. */
  private static AbstractInsnNode before(AbstractInsnNode insn) {
    AbstractInsnNode at = insn.getPrevious();
    while (at != null && at.getOpcode() < 0 && !(at instanceof FrameNode)) {
      at = at.getPrevious();
    }
    return at instanceof FrameNode ? null : at;
  }

  private static boolean isBack(
      MethodFlow flow, MethodInsnNode call, FieldInsnNode field, Contracts.Loan loan) {
    Paths paths = flow.paths();
    Deque<AbstractInsnNode> work = new ArrayDeque<>();
    paths.addNext(call, work);
    return !paths.returns(
        work,
        insn -> {
          boolean asked = insn instanceof JumpInsnNode jump && asks(jump, field, loan);
          if (asked) {
            // where the answer is no
            work.push(
                insn.getOpcode() == Opcodes.IFEQ ? ((JumpInsnNode) insn).label : insn.getNext());
          }
          return asked;
        });
  }

  private static boolean asks(JumpInsnNode jump, FieldInsnNode field, Contracts.Loan loan) {
    return (jump.getOpcode() == Opcodes.IFEQ || jump.getOpcode() == Opcodes.IFNE)
        && before(jump) instanceof MethodInsnNode question
        && question.getOpcode() == Opcodes.INVOKEVIRTUAL
        && question.owner.equals(loan.type())
        && (question.name + question.desc).equals(loan.until())
        && isSame(receiver(question), field);
  }

  private static boolean isSame(FieldInsnNode one, FieldInsnNode other) {
    return one != null
        && one.owner.equals(other.owner)
        && one.name.equals(other.name)
        && one.desc.equals(other.desc);
  }

  /** Whether what stands in the field is what the contract speaks of, and stays there. */
  private boolean isAsReviewed(
      TypeRef type, TypeRef holder, FieldInsnNode field, Contracts.Loan loan) {
    for (TypeRef below : files.subtypes(type)) {
      if (!runs(below, type, loan.take()) || !runs(below, type, loan.until())) {
        return false;
      }
    }
    AccessPath.Field written = new AccessPath.Field(holder, field.name, field.desc);
    for (TypeRef below : files.subtypes(holder)) {
      boolean readable = files.code(below) != null;
      if (!below.equals(holder)
          && (!readable || FieldStability.mayWrite(files.code(below).node(), written))) {
        return false;
      }
    }
    return files.code(holder) != null
        && FieldStability.writesKeep(files.code(holder).node(), written);
  }

  private boolean runs(TypeRef below, TypeRef type, String method) {
    int paren = method.indexOf('(');
    ClassFiles.Found found =
        files.select(below, method.substring(0, paren), method.substring(paren));
    return found != null && found.owner().equals(type);
  }
}
