package dev.tidepool.rewriting.remedy;

import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.proof.BuilderProof;
import dev.tidepool.rewriting.site.GuardedCall;
import dev.tidepool.rewriting.site.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/** Carries out the plans for one method, in its tree. */
final class MethodRewriter {
  /** No treatment has more than this on top of what the method's own code has on the stack. */
  private static final int EXTRA_STACK = 5;

  private final GateCalls gate;
  private final String className;
  private final String superName;
  private final int version;
  private final MethodNode method;
  private final List<AbstractInsnNode> instructions;

  MethodRewriter(
      GateCalls gate, String className, String superName, int version, MethodNode method) {
    this.gate = gate;
    this.className = className;
    this.superName = superName;
    this.version = version;
    this.method = method;
    this.instructions = ClassCode.instructions(method);
  }

  /** Does what can be done and names the rest; true if the method has changed. */
  boolean carryOut(List<SitePlan> plans, Map<Integer, String> refused) {
    List<SitePlan> counts = new ArrayList<>();
    List<SitePlan> draws = new ArrayList<>();
    List<SitePlan> presized = new ArrayList<>();
    List<SitePlan> outgrown = new ArrayList<>();
    List<SitePlan> handed = new ArrayList<>();
    List<PooledLocal> pooled = new ArrayList<>();
    Set<Integer> taken = new HashSet<>();
    boolean recycled = false;
    for (SitePlan plan : plans) {
      try {
        check(plan, taken);
        if (step(plan.treatment()) != null) {
          recycle(plan);
          recycled = true;
          taken.add(plan.ordinal());
          continue;
        }
        AbstractInsnNode site = instructions.get(plan.ordinal());
        if (plan.treatment() instanceof PoolLocal remedy) {
          int type = Copies.arrayType(site);
          pooled.add(new PooledLocal(plan.id(), type, site, null, remedy.proven()));
        } else if (plan.treatment() instanceof PoolOwned remedy) {
          MethodInsnNode construction = construction(plan.ordinal(), remedy);
          int type = construction == null ? Copies.arrayType(site) : Opcodes.T_BYTE;
          pooled.add(new PooledLocal(plan.id(), type, site, construction, remedy.proven()));
        } else if (plan.treatment() instanceof Draw) {
          draws.add(plan);
        } else if (plan.treatment() instanceof Presize) {
          presized.add(plan);
        } else if (plan.treatment() instanceof RecycleOutgrown) {
          outgrown.add(plan);
        } else if (plan.treatment() instanceof RecycleHandedBack) {
          handed.add(plan);
        } else {
          counts.add(plan);
        }
        taken.add(plan.ordinal());
      } catch (PlanRefused refusal) {
        refused.put(plan.id(), refusal.getMessage());
      }
    }
    counts.forEach(this::count);
    draws.forEach(this::draw);
    if (!pooled.isEmpty()) {
      new LocalPooling(gate, method, instructions, version, constructorStart()).apply(pooled);
    }
    Presizing presizing = new Presizing(gate, method, instructions);
    presized.forEach(plan -> presizing.apply(plan, (Presize) plan.treatment()));
    for (PooledLocal site : pooled) {
      if (site.owner() && BuilderProof.hasRoom(site.construction())) {
        Furnishing.apply(gate, method, site.site(), site.construction());
      }
    }
    // last, so that what is added at an instruction lies where pooling has put the instruction
    Outgrowing outgrowing = new Outgrowing(gate, method, instructions);
    outgrown.forEach(plan -> outgrowing.apply(plan, (RecycleOutgrown) plan.treatment()));
    handed.forEach(this::giveBack);
    if (counts.isEmpty()
        && draws.isEmpty()
        && presized.isEmpty()
        && outgrown.isEmpty()
        && handed.isEmpty()
        && pooled.isEmpty()
        && !recycled) {
      return false;
    }
    method.maxStack += EXTRA_STACK;
    return true;
  }

  private void check(SitePlan plan, Set<Integer> taken) throws PlanRefused {
    if (instructions.isEmpty()) {
      throw new PlanRefused("an abstract or native method has no code");
    }
    if (plan.ordinal() < 0 || plan.ordinal() >= instructions.size()) {
      throw new PlanRefused("the method has no instruction of ordinal " + plan.ordinal());
    }
    if (taken.contains(plan.ordinal())) {
      throw new PlanRefused("the instruction has another plan already");
    }
    AbstractInsnNode site = instructions.get(plan.ordinal());
    if (plan.treatment() instanceof PoolLocal remedy) {
      if (site.getOpcode() != Opcodes.NEWARRAY && !Copies.returnsArray(site)) {
        throw new PlanRefused("the instruction makes no primitive array");
      }
      checkPooling(plan, remedy.proven());
    } else if (plan.treatment() instanceof PoolOwned remedy) {
      boolean object =
          (site.getOpcode() == Opcodes.NEW || makes(site))
              && construction(plan.ordinal(), remedy) != null;
      if (!object && !Copies.returnsArray(site)) {
        throw new PlanRefused("the instruction makes no object by one plain call");
      }
      checkPooling(plan, remedy.proven());
    } else if (plan.treatment() instanceof Draw) {
      if (site.getOpcode() != Opcodes.NEWARRAY && !Copies.isCopy(site)) {
        throw new PlanRefused("the instruction makes no primitive array");
      }
    } else if (plan.treatment() instanceof Presize remedy) {
      Presizing.check(site, remedy);
    } else if (plan.treatment() instanceof RecycleOutgrown remedy) {
      Outgrowing.check(instructions, method, remedy);
    } else if (plan.treatment() instanceof RecycleHandedBack) {
      checkHandedBack();
    } else if (step(plan.treatment()) == null
        && site.getOpcode() != Opcodes.NEWARRAY
        && !copies(site)) {
      throw new PlanRefused("the instruction neither makes a primitive array nor copies one");
    }
  }

  private void checkHandedBack() throws PlanRefused {
    Type[] handed = Type.getArgumentTypes(method.desc);
    if ((method.access & Opcodes.ACC_STATIC) != 0
        || handed.length != 1
        || handed[0].getSort() != Type.ARRAY
        || instructions.size() != 1
        || instructions.get(0).getOpcode() != Opcodes.RETURN) {
      throw new PlanRefused("the method does not throw away what it is handed");
    }
  }

  private void giveBack(SitePlan plan) {
    InsnList give = new InsnList();
    give.add(new VarInsnNode(Opcodes.ALOAD, 0));
    give.add(new VarInsnNode(Opcodes.ALOAD, 1));
    give.add(gate.releaseOwned(plan.id()));
    method.instructions.insertBefore(instructions.get(plan.ordinal()), give);
  }

  private void recycle(SitePlan plan) throws PlanRefused {
    new NativeRecycling(gate, className, method, instructions)
        .apply(plan, step(plan.treatment()), plan.treatment() instanceof RecycleDirect);
  }

  /** What the treatment does to native memory, or null. */
  private static NativeStep step(Treatment treatment) {
    if (treatment instanceof RecycleDirect direct) {
      return direct.step();
    }
    return treatment instanceof RecycleNative recycled ? recycled.step() : null;
  }

  /** The call that makes the owner an object, or null where it is not the proof's. */
  private MethodInsnNode construction(int site, PoolOwned remedy) {
    int ordinal = remedy.proven().owned() == null ? -1 : remedy.proven().owned().construction();
    if (ordinal < 0 || ordinal >= instructions.size()) {
      return null;
    }
    boolean fits =
        instructions.get(ordinal).getOpcode() == Opcodes.INVOKESPECIAL
            || (ordinal == site && makes(instructions.get(ordinal)));
    return fits ? (MethodInsnNode) instructions.get(ordinal) : null;
  }

  /** Whether the call may return an object that it made. */
  private static boolean makes(AbstractInsnNode insn) {
    return insn instanceof MethodInsnNode call
        && call.getOpcode() == Opcodes.INVOKESTATIC
        && Type.getReturnType(call.desc).getSort() == Type.OBJECT;
  }

  private void draw(SitePlan plan) {
    AbstractInsnNode site = instructions.get(plan.ordinal());
    method.instructions.insertBefore(
        site,
        site instanceof MethodInsnNode copy
            ? gate.copy(copy, plan.id())
            : gate.acquire(Copies.arrayType(site), plan.id()));
    method.instructions.remove(site);
  }

  private void checkPooling(SitePlan plan, Verdict.Proven proven) throws PlanRefused {
    for (AbstractInsnNode insn : instructions) {
      if (insn.getOpcode() == Opcodes.JSR || insn.getOpcode() == Opcodes.RET) {
        throw new PlanRefused("the method has subroutines (jsr), from a compiler before Java 6");
      }
    }
    if (method.name.equals("<init>")) {
      AbstractInsnNode start = constructorStart();
      if (start == null) {
        throw new PlanRefused("the constructor's call of super() was not found");
      }
      if (instructions.indexOf(start) > plan.ordinal()) {
        throw new PlanRefused("made before the constructor's call of super()");
      }
    }
    for (GuardedCall call : proven.guards()) {
      if (call.ordinal() < 0
          || call.ordinal() >= instructions.size()
          || !(instructions.get(call.ordinal()) instanceof MethodInsnNode invoke)
          || !hasOperand(invoke, call.operand())
          || (call.result() && (call.ordinal() != plan.ordinal() || proven.several()))) {
        throw new PlanRefused("the proof guards an instruction that cannot be guarded");
      }
    }
    if (!proven.keepingOnThrow().stream().allMatch(this::isCall)) {
      throw new PlanRefused("the proof speaks of a call where there is none");
    }
  }

  private boolean isCall(int ordinal) {
    return ordinal >= 0
        && ordinal < instructions.size()
        && instructions.get(ordinal) instanceof MethodInsnNode call
        && !Copies.isCopy(call);
  }

  private static boolean hasOperand(MethodInsnNode invoke, int operand) {
    boolean isStatic = invoke.getOpcode() == Opcodes.INVOKESTATIC;
    Type[] arguments = Type.getArgumentTypes(invoke.desc);
    int argument = isStatic ? operand : operand - 1;
    if (argument < 0) {
      // the receiver of a constructor is not yet an object that could be shown to anybody
      return argument == -1 && !isStatic && !invoke.name.equals("<init>");
    }
    return argument < arguments.length && arguments[argument].getSort() >= Type.ARRAY;
  }

  /** The call after which {@code this} is an object; null in other methods or where unclear. */
  private AbstractInsnNode constructorStart() {
    return method.name.equals("<init>")
        ? ConstructorStart.find(method, instructions, className, superName)
        : null;
  }

  private void count(SitePlan plan) {
    AbstractInsnNode site = instructions.get(plan.ordinal());
    InsnList code = new InsnList();
    code.add(new InsnNode(Opcodes.DUP));
    if (site.getOpcode() == Opcodes.NEWARRAY) {
      code.add(gate.count(plan.id()));
      method.instructions.insertBefore(site, code);
      return;
    }
    MethodInsnNode call = (MethodInsnNode) site;
    if (call.name.equals("clone")) {
      code.add(new TypeInsnNode(Opcodes.CHECKCAST, call.owner));
    }
    code.add(new InsnNode(Opcodes.ARRAYLENGTH));
    code.add(gate.count(plan.id()));
    method.instructions.insert(site, code);
  }

  /** Calls that return a fresh primitive array and never null. */
  private static boolean copies(AbstractInsnNode insn) {
    if (!(insn instanceof MethodInsnNode call)) {
      return false;
    }
    if (call.name.equals("clone")) {
      return call.owner.length() == 2 && call.owner.charAt(0) == '[';
    }
    String returned = Type.getReturnType(call.desc).getDescriptor();
    return (call.owner.equals("java/util/Arrays") || call.owner.equals("java/lang/String"))
        && returned.length() == 2
        && returned.charAt(0) == '[';
  }
}
