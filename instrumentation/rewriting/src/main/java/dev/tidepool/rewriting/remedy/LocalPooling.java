package dev.tidepool.rewriting.remedy;

import dev.tidepool.rewriting.site.GuardedCall;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Pools the arrays of a method's sites. Each site gets a local variable behind the method's own,
 * null or what is to be released, an array or the owner of arrays; what empties the variable drops
 * it.
 */
final class LocalPooling {
  private final GateCalls gate;
  private final MethodNode method;
  private final List<AbstractInsnNode> original;
  private final int version;
  private final AbstractInsnNode constructorStart;
  private final int firstLocal;
  private final Set<AbstractInsnNode> uncovered =
      Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<LabelNode[]> exits = new ArrayList<>();

  /** Past the last variable that anything here uses. */
  private int end;

  /**
   * @param constructorStart the call of super() in a constructor, else null
   */
  LocalPooling(
      GateCalls gate,
      MethodNode method,
      List<AbstractInsnNode> original,
      int version,
      AbstractInsnNode constructorStart) {
    this.gate = gate;
    this.method = method;
    this.original = original;
    this.version = version;
    this.constructorStart = constructorStart;
    this.firstLocal = method.maxLocals;
  }

  void apply(List<PooledLocal> sites) {
    // With a monitor held the way out leads through the code's own handler, which unlocks; a
    // handler reached both with and without the lock would keep HotSpot from compiling the method.
    uncovered.addAll(Monitors.held(method, original));
    leaveOutConstructorStart();
    extendFrames(sites);
    int behind = firstLocal + variables(sites);
    end = behind;
    for (PooledLocal site : sites) {
      guard(site, variable(sites, site), behind);
    }
    for (PooledLocal site : sites) {
      if (site.owner()) {
        keepWhatCloses(site, variable(sites, site));
      }
      // who is asked about a result waits while the call runs, and so does what OnThrow puts away
      acquire(site, variable(sites, site), behind + variables(sites));
    }
    end = Math.max(end, behind + new OnThrow(original).hold(sites, firstLocal, this::around));
    releaseOnReturn(sites);
    splitHandlersAroundExits();
    begin(sites);
    releaseOnThrow(sites);
    method.maxLocals = end;
  }

  private static int variables(List<PooledLocal> sites) {
    return sites.stream().mapToInt(PooledLocal::variables).sum();
  }

  private int variable(List<PooledLocal> sites, PooledLocal site) {
    return firstLocal + variables(sites.subList(0, sites.indexOf(site)));
  }

  private void leaveOutConstructorStart() {
    if (constructorStart != null) {
      uncovered.addAll(original.subList(0, original.indexOf(constructorStart) + 1));
    }
  }

  private void extendFrames(List<PooledLocal> sites) {
    for (AbstractInsnNode insn : method.instructions) {
      if (insn instanceof FrameNode frame) {
        frame.local = extended(frame.local, sites);
      }
    }
  }

  /** Types of all local variables, a long or double being one entry for its two slots. */
  private List<Object> extended(List<Object> locals, List<PooledLocal> sites) {
    List<Object> all = new ArrayList<>(locals);
    int slots = 0;
    for (Object local : locals) {
      slots += local == Opcodes.LONG || local == Opcodes.DOUBLE ? 2 : 1;
    }
    all.addAll(Collections.nCopies(firstLocal - slots, Opcodes.TOP));
    for (PooledLocal site : sites) {
      all.addAll(Collections.nCopies(site.variables(), site.frameType()));
    }
    return all;
  }

  private void guard(PooledLocal site, int local, int firstTemporary) {
    for (GuardedCall guarded : site.proven().guards()) {
      if (!guarded.result()) {
        InsnList ask = gate.guard(local, site.frameType(), guarded.guard(), site.site());
        withOperand(guarded, firstTemporary, ask);
      }
    }
  }

  /**
   * Has something done with an operand of a call, right before it: what lies above it on the stack
   * waits in variables behind all others.
   */
  private void withOperand(GuardedCall guarded, int firstTemporary, InsnList done) {
    MethodInsnNode call = (MethodInsnNode) original.get(guarded.ordinal());
    boolean isStatic = call.getOpcode() == Opcodes.INVOKESTATIC;
    Type[] arguments = Type.getArgumentTypes(call.desc);
    InsnList spill = new InsnList();
    InsnList reload = new InsnList();
    int temporary = firstTemporary;
    for (int i = arguments.length - 1; i > guarded.operand() - (isStatic ? 0 : 1); i--) {
      spill.add(new VarInsnNode(arguments[i].getOpcode(Opcodes.ISTORE), temporary));
      reload.insert(new VarInsnNode(arguments[i].getOpcode(Opcodes.ILOAD), temporary));
      temporary += arguments[i].getSize();
    }
    end = Math.max(end, temporary);
    spill.add(new InsnNode(Opcodes.DUP));
    spill.add(done);
    spill.add(reload);
    insertBefore(call, spill);
  }

  /**
   * What the call returns comes into the variable only if those that are asked say that nobody else
   * has it: as long as nobody has said so, there is nothing to give back. They are asked before the
   * call and, where they said yes, after it: what they wrap may be another then.
   *
   * @return what has the array on the stack, and null or the array on top of it
   */
  private InsnList askedResult(PooledLocal site, int waiting) {
    InsnList code = new InsnList();
    code.add(new InsnNode(Opcodes.DUP));
    int asked = waiting;
    for (GuardedCall guarded : site.proven().guards()) {
      if (guarded.result()) {
        int operand = asked++;
        InsnList keep = new InsnList();
        keep.add(new InsnNode(Opcodes.DUP));
        keep.add(gate.guardResult(guarded.guard(), site.site()));
        keep.add(new VarInsnNode(Opcodes.ASTORE, operand));
        withOperand(guarded, waiting + results(site), keep);
        code.add(new VarInsnNode(Opcodes.ALOAD, operand));
        code.add(new InsnNode(Opcodes.SWAP));
        code.add(gate.guardResult(guarded.guard(), site.site()));
        code.add(new TypeInsnNode(Opcodes.CHECKCAST, site.frameType()));
      }
    }
    return code;
  }

  private static int results(PooledLocal site) {
    return (int) site.proven().guards().stream().filter(GuardedCall::result).count();
  }

  private void acquire(PooledLocal site, int local, int waiting) {
    InsnList code = new InsnList();
    if (site.proven().releaseOnReallocation()) {
      // emptied first: should the release throw, nothing is released again
      for (int i = 0; i < site.variables(); i++) {
        code.add(new VarInsnNode(Opcodes.ALOAD, local + i));
      }
      for (int i = 0; i < site.variables(); i++) {
        code.add(new InsnNode(Opcodes.ACONST_NULL));
        code.add(new VarInsnNode(Opcodes.ASTORE, local + i));
      }
      code.add(releaseCall(site));
    }
    if (site.owner()) {
      if (code.size() > 0) {
        moveUninitialized(site.maker(), code);
      }
      insertBefore(site.maker(), code);
      InsnList before = new InsnList();
      // what an owner of an earlier round had may meanwhile be somebody else's
      before.add(new InsnNode(Opcodes.ACONST_NULL));
      before.add(new VarInsnNode(Opcodes.ASTORE, local + 1));
      keep(site, site.construction(), local, before, waiting);
      return;
    }
    if (site.result()) {
      insertBefore(site.maker(), code);
      keep(site, (MethodInsnNode) site.maker(), local, new InsnList(), waiting);
      return;
    }
    code.add(
        site.maker() instanceof MethodInsnNode copy
            ? gate.copy(copy, site.site())
            : gate.acquire(site.type(), site.site()));
    code.add(store(site, local));
    insertBefore(site.maker(), code);
    method.instructions.remove(site.maker());
  }

  /** Frames name an object not yet constructed by a label that stands right before its NEW. */
  private void moveUninitialized(AbstractInsnNode maker, InsnList code) {
    LabelNode moved = new LabelNode();
    Set<Object> before = Collections.newSetFromMap(new IdentityHashMap<>());
    for (AbstractInsnNode at = maker.getPrevious();
        at != null && at.getOpcode() < 0;
        at = at.getPrevious()) {
      before.add(at);
    }
    for (AbstractInsnNode insn : method.instructions) {
      if (insn instanceof FrameNode frame) {
        frame.local = renamed(frame.local, before, moved);
        frame.stack = renamed(frame.stack, before, moved);
      }
    }
    code.add(moved);
  }

  private static List<Object> renamed(List<Object> types, Set<Object> from, LabelNode to) {
    if (types == null) {
      return null;
    }
    List<Object> all = new ArrayList<>(types);
    all.replaceAll(type -> from.contains(type) ? to : type);
    return all;
  }

  /** The owner, or the array, that the call has left on the stack; what comes first is given. */
  private void keep(
      PooledLocal site, MethodInsnNode construction, int local, InsnList code, int waiting) {
    if (results(site) > 0) {
      code.add(askedResult(site, waiting));
      code.add(new VarInsnNode(Opcodes.ASTORE, local));
    } else {
      code.add(store(site, local));
    }
    if (uncovered.contains(construction)) {
      code.forEach(uncovered::add);
    }
    method.instructions.insert(construction, code);
  }

  /** What is on the stack stays there, and comes into the variable too, or to what that keeps. */
  private InsnList store(PooledLocal site, int local) {
    InsnList code = new InsnList();
    code.add(new InsnNode(Opcodes.DUP));
    if (site.several()) {
      code.add(new VarInsnNode(Opcodes.ALOAD, local));
      code.add(new InsnNode(Opcodes.SWAP));
      code.add(gate.keep(site.site()));
    }
    code.add(new VarInsnNode(Opcodes.ASTORE, local));
    return code;
  }

  /** An owner may drop its array when it is closed, by whoever holds it. */
  private void keepWhatCloses(PooledLocal site, int local) {
    for (AbstractInsnNode insn : original) {
      if (insn instanceof MethodInsnNode call
          && call.name.equals("close")
          && call.desc.equals("()V")) {
        InsnList code = new InsnList();
        code.add(new VarInsnNode(Opcodes.ALOAD, local));
        code.add(new VarInsnNode(Opcodes.ALOAD, local + 1));
        code.add(gate.owned(site.site()));
        code.add(new VarInsnNode(Opcodes.ASTORE, local + 1));
        insertBefore(call, code);
      }
    }
  }

  private InsnList releaseCall(PooledLocal site) {
    return site.owner() ? gate.releaseOwned(site.site()) : gate.release(site.site());
  }

  /** New code is covered by the handler on throw exactly if the instruction it belongs to is. */
  private void insertBefore(AbstractInsnNode insn, InsnList code) {
    if (uncovered.contains(insn)) {
      code.forEach(uncovered::add);
    }
    method.instructions.insertBefore(insn, code);
  }

  /** New code on both sides of a call, right beside it. */
  private void around(AbstractInsnNode call, InsnList before, InsnList after) {
    insertBefore(call, before);
    if (uncovered.contains(call)) {
      after.forEach(uncovered::add);
    }
    method.instructions.insert(call, after);
  }

  private void releaseOnReturn(List<PooledLocal> sites) {
    for (AbstractInsnNode insn : original) {
      if (insn.getOpcode() >= Opcodes.IRETURN && insn.getOpcode() <= Opcodes.RETURN) {
        uncovered.add(insn);
        InsnList code = release(sites, insn.getOpcode() == Opcodes.ARETURN);
        LabelNode begin = new LabelNode();
        LabelNode end = new LabelNode();
        code.insert(begin);
        code.add(end);
        exits.add(new LabelNode[] {begin, end});
        insertBefore(insn, code);
      }
    }
  }

  /**
   * @param returning whether what the method returns is on the stack, where it stays
   */
  private InsnList release(List<PooledLocal> sites, boolean returning) {
    InsnList code = new InsnList();
    int local = firstLocal;
    for (PooledLocal site : sites) {
      boolean returned = returning && site.returned();
      if (returned || site.several()) {
        code.add(new InsnNode(returned ? Opcodes.DUP : Opcodes.ACONST_NULL));
        code.add(new VarInsnNode(Opcodes.ALOAD, local++));
        code.add(gate.releaseOthers(site.site()));
        continue;
      }
      for (int i = 0; i < site.variables(); i++) {
        code.add(new VarInsnNode(Opcodes.ALOAD, local++));
      }
      code.add(releaseCall(site));
    }
    return code;
  }

  /** Once an array is released no handler of the method's own may run, for it could use it. */
  private void splitHandlersAroundExits() {
    List<TryCatchBlockNode> blocks = method.tryCatchBlocks;
    for (LabelNode[] exit : exits) {
      int begin = method.instructions.indexOf(exit[0]);
      List<TryCatchBlockNode> split = new ArrayList<>(blocks.size() + 2);
      for (TryCatchBlockNode block : blocks) {
        if (method.instructions.indexOf(block.start) > begin
            || method.instructions.indexOf(block.end) < begin) {
          split.add(block);
          continue;
        }
        if (hasCode(block.start, exit[0])) {
          split.add(new TryCatchBlockNode(block.start, exit[0], block.handler, block.type));
        }
        if (hasCode(exit[1], block.end)) {
          block.start = exit[1];
          split.add(block);
        }
      }
      blocks = split;
    }
    method.tryCatchBlocks = blocks;
  }

  private static boolean hasCode(AbstractInsnNode from, AbstractInsnNode to) {
    for (AbstractInsnNode insn = from; insn != null && insn != to; insn = insn.getNext()) {
      if (insn.getOpcode() >= 0) {
        return true;
      }
    }
    return false;
  }

  private void begin(List<PooledLocal> sites) {
    InsnList code = new InsnList();
    for (int i = 0; i < variables(sites); i++) {
      code.add(new InsnNode(Opcodes.ACONST_NULL));
      code.add(new VarInsnNode(Opcodes.ASTORE, firstLocal + i));
    }
    code.forEach(uncovered::add);
    method.instructions.insert(code);
  }

  private void releaseOnThrow(List<PooledLocal> sites) {
    LabelNode handler = new LabelNode();
    List<TryCatchBlockNode> ranges = coveredRanges(handler);
    if (ranges.isEmpty()) {
      return;
    }
    method.tryCatchBlocks.addAll(ranges);
    method.instructions.add(handler);
    if (version >= Opcodes.V1_6) {
      List<Object> locals = extended(List.of(), sites);
      Object[] stack = {"java/lang/Throwable"};
      method.instructions.add(
          new FrameNode(Opcodes.F_NEW, locals.size(), locals.toArray(), stack.length, stack));
    }
    method.instructions.add(release(sites, false));
    method.instructions.add(new InsnNode(Opcodes.ATHROW));
  }

  private List<TryCatchBlockNode> coveredRanges(LabelNode handler) {
    List<TryCatchBlockNode> ranges = new ArrayList<>();
    LabelNode open = null;
    for (AbstractInsnNode insn : method.instructions.toArray()) {
      if (insn.getOpcode() >= 0 && uncovered.contains(insn) == (open != null)) {
        LabelNode border = new LabelNode();
        method.instructions.insertBefore(insn, border);
        if (open == null) {
          open = border;
        } else {
          ranges.add(new TryCatchBlockNode(open, border, handler, null));
          open = null;
        }
      }
    }
    if (open != null) {
      ranges.add(new TryCatchBlockNode(open, handler, handler, null));
    }
    return ranges;
  }
}
