package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.code.ClassCode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicInterpreter;
import org.objectweb.asm.tree.analysis.BasicValue;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * What a method returns on the ways that lead through the site: whether that is, each time, the
 * site's array or null. The ways around the site, on which there is no array, do not count.
 */
final class ReturnPaths extends BasicInterpreter {
  private static final BasicValue ARRAY = new BasicValue(Type.getObjectType("array"));
  private static final BasicValue NULL = new BasicValue(Type.getObjectType("null"));

  private final CodePaths paths;
  private final AbstractInsnNode site;
  private final IdentityHashMap<AbstractInsnNode, Frame<BasicValue>> frames =
      new IdentityHashMap<>();
  private final Deque<AbstractInsnNode> work = new ArrayDeque<>();

  ReturnPaths(MethodNode method, AbstractInsnNode site) {
    super(ClassCode.API);
    this.paths = new CodePaths(method);
    this.site = site;
  }

  /**
   * @param before what locals and stack hold before the site
   */
  boolean alwaysReturnTheArray(Frame<OriginValue> before) throws AnalyzerException {
    reach(site, anything(before));
    while (!work.isEmpty()) {
      AbstractInsnNode insn = work.pop();
      Frame<BasicValue> frame = new Frame<>(frames.get(insn));
      if (insn.getOpcode() == Opcodes.ARETURN) {
        BasicValue returned = frame.getStack(frame.getStackSize() - 1);
        if (!returned.equals(ARRAY) && !returned.equals(NULL)) {
          return false;
        }
      }
      for (AbstractInsnNode handler : paths.handlers(insn)) {
        Frame<BasicValue> caught = new Frame<>(frame);
        caught.clearStack();
        caught.push(BasicValue.REFERENCE_VALUE);
        reach(handler, caught);
      }
      if (insn.getOpcode() >= 0) {
        frame.execute(insn, this);
      }
      for (AbstractInsnNode next : paths.successors(insn)) {
        reach(next, frame);
      }
    }
    return true;
  }

  private static Frame<BasicValue> anything(Frame<OriginValue> before) {
    Frame<BasicValue> frame = new Frame<>(before.getLocals(), before.getMaxStackSize());
    for (int i = 0; i < before.getLocals(); i++) {
      frame.setLocal(i, ofSize(before.getLocal(i).getSize()));
    }
    for (int i = 0; i < before.getStackSize(); i++) {
      frame.push(ofSize(before.getStack(i).getSize()));
    }
    return frame;
  }

  private static BasicValue ofSize(int size) {
    return size == 2 ? BasicValue.LONG_VALUE : BasicValue.REFERENCE_VALUE;
  }

  private void reach(AbstractInsnNode insn, Frame<BasicValue> frame) throws AnalyzerException {
    Frame<BasicValue> known = frames.get(insn);
    if (known == null) {
      frames.put(insn, new Frame<>(frame));
      work.push(insn);
    } else if (known.merge(frame, this)) {
      work.push(insn);
    }
  }

  @Override
  public BasicValue newOperation(AbstractInsnNode insn) throws AnalyzerException {
    return insn.getOpcode() == Opcodes.ACONST_NULL ? NULL : super.newOperation(insn);
  }

  @Override
  public BasicValue unaryOperation(AbstractInsnNode insn, BasicValue value)
      throws AnalyzerException {
    if (insn.getOpcode() == Opcodes.CHECKCAST) {
      return value;
    }
    return insn == site ? ARRAY : super.unaryOperation(insn, value);
  }

  @Override
  public BasicValue naryOperation(AbstractInsnNode insn, List<? extends BasicValue> values)
      throws AnalyzerException {
    return insn == site ? ARRAY : super.naryOperation(insn, values);
  }

  @Override
  public BasicValue merge(BasicValue one, BasicValue other) {
    if (one.equals(other) || (one.equals(ARRAY) && other.equals(NULL))) {
      return one;
    }
    if (one.equals(NULL) && other.equals(ARRAY)) {
      return other;
    }
    return one.isReference() && other.isReference()
        ? BasicValue.REFERENCE_VALUE
        : BasicValue.UNINITIALIZED_VALUE;
  }
}
