package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.GuardedCall;
import dev.tidepool.rewriting.site.LoaderRef;
import dev.tidepool.rewriting.site.MethodKey;
import dev.tidepool.rewriting.site.TypeRef;
import dev.tidepool.rewriting.site.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.analysis.Frame;

/** What one method of a class does with the array in one of the class's fields. */
final class FieldFlow {
  /** Why the field's arrays cannot be told to be dead, for people. */
  static final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean passing;

    Refusal(String what) {
      this(what, false);
    }

    /**
     * @param passing whether it may be otherwise once more classes are loaded
     */
    Refusal(String what, boolean passing) {
      super(what, null, false, false);
      this.passing = passing;
    }

    boolean passing() {
      return passing;
    }
  }

  /**
   * Classes of the JDK that nobody can extend, whose methods, given numbers, strings and primitive
   * arrays, run nobody else's code.
   */
  private static final Set<String> CLOSED =
      Set.of(
          "java/lang/String",
          "java/lang/StringBuilder",
          "java/lang/StringBuffer",
          "java/lang/Math",
          "java/lang/StrictMath",
          "java/lang/Character",
          "java/lang/Integer",
          "java/lang/Long",
          "java/util/Arrays",
          "jdk/internal/util/ArraysSupport",
          "jdk/internal/util/Preconditions");

  private final ClassFiles.Found method;
  private final Verdict.Field field;
  private final Contracts contracts;
  private final Calls calls;
  private final GuardTable guards;
  private final List<AbstractInsnNode> code;
  private final MethodFlow flow;
  final FlowFrames frames;
  private long followed;
  private final Set<AbstractInsnNode> reads = new HashSet<>();
  private final Set<FieldInsnNode> puts = new HashSet<>();
  private final Set<Dependency> dependencies = new HashSet<>();
  private final Set<Summary.Key> callees = new HashSet<>();

  FieldFlow(
      ClassFiles.Found method,
      Verdict.Field field,
      List<AbstractInsnNode> code,
      Summaries summaries,
      Contracts contracts,
      GuardTable guards) {
    this.method = method;
    this.field = field;
    this.contracts = contracts;
    this.calls = summaries.calls();
    this.guards = guards;
    this.code = code;
    for (AbstractInsnNode insn : code) {
      if (insn instanceof FieldInsnNode access && isOf(access, field)) {
        if (access.getOpcode() == Opcodes.GETFIELD) {
          reads.add(access);
        } else if (access.getOpcode() == Opcodes.PUTFIELD) {
          puts.add(access);
        }
      }
    }
    flow = summaries.fieldFlow(method, reads);
    Summary summary = flow.run();
    dependencies.addAll(summary.dependencies);
    callees.addAll(summary.callees);
    frames = flow.frames();
  }

  /** Whether code names the field, by whatever class: a field of another may have the same name. */
  static boolean isOf(FieldInsnNode access, Verdict.Field field) {
    return access.name.equals(field.name()) && access.desc.equals(field.descriptor());
  }

  ClassFiles.Found method() {
    return method;
  }

  boolean accesses() {
    return !reads.isEmpty() || !puts.isEmpty();
  }

  /** Instructions that read or write the field and are ever reached. */
  Set<AbstractInsnNode> accessesReached() {
    Set<AbstractInsnNode> all = new HashSet<>(reads);
    all.addAll(puts);
    all.removeIf(insn -> frames.at(insn) == null);
    return all;
  }

  /** What it all rests on; complete after {@link #uses}. */
  Set<Dependency> dependencies() {
    return dependencies;
  }

  Set<Summary.Key> callees() {
    return callees;
  }

  /**
   * Where the method puts another array into the field, and where it hands the array to others.
   *
   * @throws Refusal if the array may be reached in any other way
   */
  List<Verdict.FieldUse> uses() throws Refusal {
    if (!accesses()) {
      return List.of();
    }
    boolean constructor = method.node().name.equals("<init>");
    if (constructor && !reads.isEmpty()) {
      throw new Refusal("its constructor reads it");
    }
    if (FieldStability.overwritesThis(method.node())) {
      throw new Refusal("its object may not be in local 0");
    }
    long followed = followed();
    List<Verdict.FieldUse> uses = new ArrayList<>();
    for (int i = 0; i < code.size(); i++) {
      AbstractInsnNode insn = code.get(i);
      Frame<OriginValue> frame = frames.at(insn);
      if (frame == null) {
        continue;
      }
      if (insn instanceof MethodInsnNode call) {
        Verdict.FieldUse use = called(call, i, followed);
        if (use != null) {
          uses.add(use);
        }
      } else if (insn instanceof FieldInsnNode access && puts.contains(access)) {
        if (hasInHand(access.getNext())) {
          // the array before is given back here; and of a constructor others may know the object
          throw new Refusal("it is still in hand behind " + method.place(insn));
        }
        if (!constructor) {
          uses.add(use(i, Verdict.FieldUse.REPLACES, false, List.of()));
        }
      } else {
        refuseLeak(insn, frame, followed);
      }
    }
    return uses;
  }

  private Verdict.FieldUse use(int ordinal, int operand, boolean kept, List<GuardedCall> asked) {
    return new Verdict.FieldUse(
        method.node().name, method.node().desc, ordinal, operand, kept, asked);
  }

  /** Whether the method may still use the array at this instruction or after it. */
  boolean hasInHand(AbstractInsnNode insn) throws Refusal {
    return !frames.isDeadAt(insn, followed());
  }

  /** The array in the field, and those put there. */
  private long followed() throws Refusal {
    if (followed == 0) {
      followed = Origins.SITE | putBits();
    }
    return followed;
  }

  /** The origins of what is put into the field; each is made here, and put there once. */
  private long putBits() throws Refusal {
    OwnedArrays once = new OwnedArrays(method.node(), flow.objects(), null, false);
    long bits = 0;
    for (AbstractInsnNode insn : code) {
      Frame<OriginValue> frame = frames.at(insn);
      if (frame == null || !(insn instanceof FieldInsnNode access)) {
        continue;
      }
      if (!isOf(access, field)) {
        continue;
      }
      boolean put = puts.contains(access);
      int top = frame.getStackSize() - 1;
      if (!isThis(frame.getStack(put ? top - 1 : top))) {
        throw new Refusal("it is " + (put ? "written" : "read") + " in another object");
      }
      if (!put) {
        continue;
      }
      OriginValue value = frame.getStack(top);
      if (value.isNull()) {
        continue;
      }
      long origins = value.origins();
      boolean made = origins != 0 && (origins & ~once.all()) == 0;
      if (!made || !once.put(origins, 0, insn, field.name())) {
        throw new Refusal("what is put there may not be its own");
      }
      bits |= origins;
    }
    return bits;
  }

  private static boolean isThis(OriginValue value) {
    return FieldLocks.THIS.equals(FieldLocks.name(value));
  }

  /** What is done to the array other than by a call, and lets it out. */
  private void refuseLeak(AbstractInsnNode insn, Frame<OriginValue> frame, long followed)
      throws Refusal {
    int opcode = insn.getOpcode();
    boolean leaks =
        switch (opcode) {
          case Opcodes.PUTFIELD,
              Opcodes.PUTSTATIC,
              Opcodes.AASTORE,
              Opcodes.ARETURN,
              Opcodes.ATHROW,
              Opcodes.MONITORENTER ->
              (frame.getStack(frame.getStackSize() - 1).origins() & followed) != 0;
          // what is joined into a string is asked for its text, which may come to use this object
          case Opcodes.INVOKEDYNAMIC -> !frames.isDeadAt(insn, followed);
          default -> false;
        };
    if (leaks) {
      throw new Refusal("it is let out at " + method.place(insn));
    }
  }

  /**
   * Judges a call. While others run, the object may be used by them in turn, and a new array put in
   * place of the one this method still has in hand: that one must be known to be handed over.
   */
  private Verdict.FieldUse called(MethodInsnNode call, int ordinal, long followed) throws Refusal {
    List<OriginValue> operands = frames.operands(call);
    int mask = 0;
    for (int k = 0; k < operands.size(); k++) {
      mask |= (operands.get(k).origins() & followed) != 0 ? 1 << k : 0;
    }
    if (OwnedArrays.copies(call)) {
      return null;
    }
    boolean closed = isClosed(call);
    if (!closed && !frames.isDeadAt(call, followed, operands.size())) {
      throw new Refusal("it is in hand at " + method.place(call) + " while other code runs");
    }
    if (mask == 0 || closed) {
      return null;
    }
    if (Integer.bitCount(mask) > 1
        || operands.size() > Origins.MAX_ARGUMENTS
        || (operands.get(Integer.numberOfTrailingZeros(mask)).origins() & ~Origins.SITE) != 0) {
      throw new Refusal("it is handed over at " + method.place(call) + " among others");
    }
    return handed(call, ordinal, operands, mask);
  }

  private Verdict.FieldUse handed(
      MethodInsnNode call, int ordinal, List<OriginValue> operands, int mask) {
    Summary effect = calls.judge(flow, call, operands, mask);
    dependencies.addAll(effect.dependencies);
    callees.addAll(effect.callees);
    int operand = Integer.numberOfTrailingZeros(mask);
    boolean leads = Type.getReturnType(call.desc).getSort() >= Type.ARRAY;
    boolean kept = effect.firstEscape() != null || !effect.puts.isEmpty();
    kept |= leads && (effect.returned & mask) != 0;
    for (int into : effect.storedInto) {
      kept |= into != 0;
    }
    List<GuardedCall> asked = new ArrayList<>();
    for (Condition condition : effect.conditions) {
      int root = condition.path().root();
      boolean askable = call.getOpcode() != Opcodes.INVOKESPECIAL || root != 0;
      kept |= !askable;
      if (askable && !kept) {
        asked.add(new GuardedCall(ordinal, root, guards.guard(condition)));
      }
    }
    return use(ordinal, operand, kept, kept ? List.of() : asked);
  }

  /**
   * Whether the call certainly keeps none of the arrays it is given, and runs no code that could
   * come to use this object.
   */
  private boolean isClosed(MethodInsnNode call) {
    // other packages may have classes of the same name under other loaders
    if (!call.owner.startsWith("java/") && !method.owner().loader().isBoot()) {
      return false;
    }
    if (call.getOpcode() == Opcodes.INVOKESTATIC || call.getOpcode() == Opcodes.INVOKESPECIAL) {
      TypeRef owner = new TypeRef(call.owner, LoaderRef.BOOT);
      Contracts.Contract contract = contracts.of(new MethodKey(owner, call.name, call.desc));
      if (contract == Contracts.Contract.NONE || contract == Contracts.Contract.COPIES) {
        return true;
      }
    }
    if (!CLOSED.contains(call.owner) || method.owner().name().startsWith("java/lang/")) {
      return false;
    }
    // a string that names a character set may name one of the program's own, and what is done in
    // parallel runs other tasks while it waits
    boolean coder = call.name.equals("<init>") || call.name.equals("getBytes");
    boolean others =
        (coder && call.desc.contains("Ljava/lang/String;")) || call.name.startsWith("parallel");
    boolean plain = !others && isPlain(Type.getReturnType(call.desc));
    for (Type type : Type.getArgumentTypes(call.desc)) {
      plain &= isPlain(type);
    }
    return plain;
  }

  private static boolean isPlain(Type type) {
    return type.getSort() < Type.ARRAY
        || OriginValue.isPrimitiveArray(type.getDescriptor())
        || CLOSED.contains(type.getInternalName());
  }
}
