package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.GuardedCall;
import dev.tidepool.rewriting.site.TypeRef;
import dev.tidepool.rewriting.site.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Proves that an array is dead once its class puts another, or null, in its place in a field.
 *
 * <p>No code but the class's own touches the field, and that always under one lock of the object's;
 * whatever it puts there it has made for that, and it lets none of it out but as the operand of
 * calls. Then whoever replaces the array holds the lock, so no other thread has it in hand; and of
 * the frames of this thread only those may have it that handed it to a call still under way, which
 * are to be told apart when the code runs.
 */
final class ReplacedProof {
  private final ClassFiles files;
  private final Summaries summaries;
  private final Contracts contracts;
  private final GuardTable guards;

  ReplacedProof(ClassFiles files, Summaries summaries, Contracts contracts, GuardTable guards) {
    this.files = files;
    this.summaries = summaries;
    this.contracts = contracts;
    this.guards = guards;
  }

  /**
   * @param site an instruction of the class that puts an array into one of its own fields
   */
  Verdict prove(ClassFiles.Found method, FieldInsnNode site) {
    Verdict.Field field = new Verdict.Field(method.owner(), site.name, site.desc);
    try {
      return prove(field);
    } catch (FieldFlow.Refusal refusal) {
      String reason =
          "arrays replaced in field "
              + ClassFiles.simple(method.owner().name())
              + "."
              + site.name
              + " may be in use: "
              + refusal.getMessage();
      return new Verdict.Refused(reason, List.of(), refusal.passing());
    }
  }

  private Verdict prove(Verdict.Field field) throws FieldFlow.Refusal {
    TypeRef owner = field.owner();
    ClassCode code = files.code(owner);
    FieldNode node = files.field(owner, field.name(), field.descriptor());
    if (node == null || (node.access & Opcodes.ACC_STATIC) != 0) {
      throw new FieldFlow.Refusal("it is not a field of the class's objects");
    }
    Set<Dependency> on = new HashSet<>();
    refuseOthers(field, node, on);
    refuseCopies(owner);
    Map<MethodNode, FieldFlow> flows = flows(field, code);
    new LockCheck(owner, flows).check();
    List<Verdict.FieldUse> uses = new ArrayList<>();
    List<GuardedCall> asked = new ArrayList<>();
    Set<Summary.Key> callees = new HashSet<>();
    for (FieldFlow flow : flows.values()) {
      uses.addAll(flow.uses());
      on.addAll(flow.dependencies());
      callees.addAll(flow.callees());
    }
    uses.forEach(use -> asked.addAll(use.guards()));
    if (uses.stream().allMatch(Verdict.FieldUse::hands)) {
      throw new FieldFlow.Refusal("it is never replaced");
    }
    return new Verdict.Proven(
        false,
        false,
        asked,
        summaries.closure(on, callees),
        new Verdict.Owned(-1, owner, List.of(field)),
        Set.of(),
        Set.of(),
        false,
        false,
        new Verdict.Replaced(field, uses));
  }

  /** Code outside the class that could touch the field, by name or otherwise. */
  private void refuseOthers(Verdict.Field field, FieldNode node, Set<Dependency> on)
      throws FieldFlow.Refusal {
    boolean privately = (node.access & Opcodes.ACC_PRIVATE) != 0;
    if (!privately && !contracts.apart(field.owner(), field.name())) {
      throw new FieldFlow.Refusal("other classes may touch it");
    }
    List<TypeRef> nest = summaries.stability().nest(field.owner());
    if (nest == null) {
      throw new FieldFlow.Refusal("a class inside it is not loaded", true);
    }
    for (TypeRef member : nest) {
      ClassCode code = files.code(member);
      if (code == null) {
        throw new FieldFlow.Refusal("a class inside it cannot be read");
      }
      on.add(new Dependency.Body(member));
      for (MethodNode method : code.node().methods) {
        if (FieldStability.names(method, field.name())
            || (!member.equals(field.owner()) && touches(method, field))) {
          throw new FieldFlow.Refusal("it is touched in another way by " + method.name);
        }
      }
    }
  }

  /** By name of field or of a private method, of which one takes the lock for granted. */
  private boolean touches(MethodNode method, Verdict.Field field) {
    for (AbstractInsnNode insn : method.instructions) {
      if (insn instanceof FieldInsnNode access
          && FieldFlow.isOf(access, field)
          && isDeclaredBy(field.owner(), access)) {
        return true;
      }
      if (insn instanceof MethodInsnNode call
          && isPrivate(field.owner(), call.owner, call.name, call.desc)) {
        return true;
      }
      for (Handle handle : handles(insn)) {
        if (handle.getName().equals(field.name())
            || isPrivate(field.owner(), handle.getOwner(), handle.getName(), handle.getDesc())) {
          return true;
        }
      }
    }
    return false;
  }

  /** The method handles that an instruction has as constants. */
  private static List<Handle> handles(AbstractInsnNode insn) {
    List<Object> constants =
        insn instanceof InvokeDynamicInsnNode dynamic
            ? Arrays.asList(dynamic.bsmArgs)
            : insn instanceof LdcInsnNode constant ? List.of(constant.cst) : List.of();
    return constants.stream().filter(Handle.class::isInstance).map(Handle.class::cast).toList();
  }

  private boolean isPrivate(TypeRef owner, String named, String name, String descriptor) {
    ClassFiles.Found called =
        named.equals(owner.name()) ? files.declared(owner, name, descriptor) : null;
    return called != null && called.is(Opcodes.ACC_PRIVATE);
  }

  /** Whether the code may mean a field of this class; that of a class not loaded may be any. */
  private boolean isDeclaredBy(TypeRef owner, FieldInsnNode access) {
    TypeRef named = files.resolve(owner, access.owner).orElse(null);
    TypeRef declaring = named == null ? null : files.fieldOwner(named, access.name, access.desc);
    return declaring == null || declaring.equals(owner);
  }

  /** Objects that can be copied or read from a stream may share their arrays. */
  private void refuseCopies(TypeRef owner) throws FieldFlow.Refusal {
    for (TypeRef type = owner; type != null; type = files.superclass(type)) {
      if (files.code(type) == null || shares(type)) {
        throw new FieldFlow.Refusal("copies of its object may share it");
      }
    }
  }

  private boolean shares(TypeRef type) {
    for (String name : files.code(type).shell().interfaces) {
      TypeRef face = files.resolve(type, name).orElse(null);
      if (face == null
          || files.code(face) == null
          || name.equals("java/io/Serializable")
          || name.equals("java/lang/Cloneable")
          || shares(face)) {
        return true;
      }
    }
    return false;
  }

  /** The methods that touch the field, and those that call private ones of them, and so on. */
  private Map<MethodNode, FieldFlow> flows(Verdict.Field field, ClassCode code)
      throws FieldFlow.Refusal {
    Map<MethodNode, FieldFlow> flows = new LinkedHashMap<>();
    for (boolean grew = true; grew; ) {
      grew = false;
      for (MethodNode method : code.node().methods) {
        if (!flows.containsKey(method)
            && (accesses(method, field) || callsPrivate(method, code.node(), flows.keySet()))) {
          ClassFiles.Found found = new ClassFiles.Found(field.owner(), code, method);
          if ((method.access & Opcodes.ACC_STATIC) != 0 || Summaries.hasSubroutines(found)) {
            throw new FieldFlow.Refusal("it is touched by " + method.name);
          }
          List<AbstractInsnNode> instructions = ClassCode.instructions(method);
          if (instructions.size() > Budget.LARGEST_METHOD) {
            throw new FieldFlow.Refusal(method.name + " is too large to prove");
          }
          flows.put(
              method, new FieldFlow(found, field, instructions, summaries, contracts, guards));
          grew = true;
        }
      }
    }
    return flows;
  }

  private static boolean accesses(MethodNode method, Verdict.Field field) {
    for (AbstractInsnNode insn : method.instructions) {
      if (insn instanceof FieldInsnNode access && FieldFlow.isOf(access, field)) {
        return true;
      }
    }
    return false;
  }

  private static boolean callsPrivate(MethodNode method, ClassNode owner, Set<MethodNode> known) {
    for (AbstractInsnNode insn : method.instructions) {
      if (insn instanceof MethodInsnNode call
          && call.owner.equals(owner.name)
          && known.stream().anyMatch(each -> isPrivate(each) && isCalled(call, each))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isPrivate(MethodNode method) {
    return (method.access & Opcodes.ACC_PRIVATE) != 0;
  }

  private static boolean isCalled(MethodInsnNode call, MethodNode method) {
    return call.name.equals(method.name) && call.desc.equals(method.desc);
  }

  /** Whether one lock is held wherever the field is touched. */
  private static final class LockCheck {
    private final TypeRef owner;
    private final Map<MethodNode, FieldFlow> flows;
    private final Map<MethodNode, Set<String>> atEntry = new HashMap<>();

    LockCheck(TypeRef owner, Map<MethodNode, FieldFlow> flows) {
      this.owner = owner;
      this.flows = flows;
    }

    void check() throws FieldFlow.Refusal {
      Set<String> locks = locks();
      Set<MethodNode> handed = handedOn();
      Set<MethodNode> called = calledFromOpen();
      for (MethodNode method : flows.keySet()) {
        boolean open = isOpen(method) || handed.contains(method) || !called.contains(method);
        atEntry.put(method, new HashSet<>(open ? Set.of() : locks));
      }
      Map<MethodNode, Map<AbstractInsnNode, Set<String>>> held = held();
      for (boolean shrank = true; shrank; held = held()) {
        shrank = false;
        for (Map.Entry<MethodNode, Map<AbstractInsnNode, Set<String>>> of : held.entrySet()) {
          shrank |= passOn(of.getKey(), of.getValue());
        }
      }
      Set<String> common = locks;
      for (FieldFlow flow : flows.values()) {
        if (flow.method().node().name.equals("<init>")) {
          continue;
        }
        for (AbstractInsnNode access : flow.accessesReached()) {
          common.retainAll(held.get(flow.method().node()).getOrDefault(access, Set.of()));
          if (common.isEmpty()) {
            throw new FieldFlow.Refusal(
                "no lock is certainly held at " + flow.method().place(access));
          }
        }
      }
      for (FieldFlow flow : flows.values()) {
        if (!flow.method().node().name.equals("<init>")) {
          refuseOutside(flow, common, held.get(flow.method().node()));
        }
      }
    }

    private static boolean isOpen(MethodNode method) {
      return !isPrivate(method) || method.name.equals("<init>");
    }

    /**
     * Private methods that are seen to be called: of others nobody knows what their callers hold.
     */
    private Set<MethodNode> calledFromOpen() {
      Set<MethodNode> called = new HashSet<>();
      for (boolean grew = true; grew; ) {
        grew = false;
        for (MethodNode caller : flows.keySet()) {
          if (!isOpen(caller) && !called.contains(caller)) {
            continue;
          }
          for (AbstractInsnNode insn : caller.instructions) {
            if (insn instanceof MethodInsnNode call && call.owner.equals(owner.name())) {
              for (MethodNode each : flows.keySet()) {
                grew |= isPrivate(each) && isCalled(call, each) && called.add(each);
              }
            }
          }
        }
      }
      return called;
    }

    /** What was read under the lock must not be used when it is let go. */
    private static void refuseOutside(
        FieldFlow flow, Set<String> locks, Map<AbstractInsnNode, Set<String>> held)
        throws FieldFlow.Refusal {
      for (Map.Entry<AbstractInsnNode, Set<String>> at : held.entrySet()) {
        if (!at.getValue().containsAll(locks) && flow.hasInHand(at.getKey())) {
          throw new FieldFlow.Refusal(
              "it is in hand without a lock at " + flow.method().place(at.getKey()));
        }
      }
    }

    /** All locks that are told apart in these methods. */
    private Set<String> locks() {
      Set<String> locks = new HashSet<>(Set.of(FieldLocks.THIS));
      for (FieldFlow flow : flows.values()) {
        for (AbstractInsnNode insn : flow.method().node().instructions) {
          boolean enters = insn.getOpcode() == Opcodes.MONITORENTER;
          String lock = enters ? FieldLocks.lock(flow.frames, insn) : null;
          if (lock != null) {
            locks.add(lock);
          }
        }
      }
      return locks;
    }

    /** Methods that may be called by way of a method reference, by anybody. */
    private Set<MethodNode> handedOn() {
      Set<MethodNode> handed = new HashSet<>();
      for (FieldFlow flow : flows.values()) {
        for (MethodNode method : flow.method().code().node().methods) {
          for (AbstractInsnNode insn : method.instructions) {
            for (Handle handle : handles(insn)) {
              flows.keySet().stream()
                  .filter(
                      each ->
                          each.name.equals(handle.getName()) && each.desc.equals(handle.getDesc()))
                  .forEach(handed::add);
            }
          }
        }
        break;
      }
      return handed;
    }

    private Map<MethodNode, Map<AbstractInsnNode, Set<String>>> held() {
      Map<MethodNode, Map<AbstractInsnNode, Set<String>>> held = new HashMap<>();
      flows.forEach(
          (method, flow) ->
              held.put(method, FieldLocks.held(method, flow.frames, atEntry.get(method))));
      return held;
    }

    /** What a method holds where it calls another is what that one can count on. */
    private boolean passOn(MethodNode method, Map<AbstractInsnNode, Set<String>> held) {
      boolean shrank = false;
      for (Map.Entry<AbstractInsnNode, Set<String>> at : held.entrySet()) {
        if (at.getKey() instanceof MethodInsnNode call && call.owner.equals(owner.name())) {
          for (MethodNode called : flows.keySet()) {
            if (isPrivate(called) && isCalled(call, called)) {
              List<OriginValue> operands = flows.get(method).frames.operands(call);
              boolean onThis =
                  operands != null && FieldLocks.THIS.equals(FieldLocks.name(operands.get(0)));
              shrank |= atEntry.get(called).retainAll(onThis ? at.getValue() : Set.of());
            }
          }
        }
      }
      return shrank;
    }
  }
}
