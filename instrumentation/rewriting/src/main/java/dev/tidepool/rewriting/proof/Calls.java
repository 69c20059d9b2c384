package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.MethodKey;
import dev.tidepool.rewriting.site.TypeRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * What a call may run, and what that does with the operands followed into it.
 *
 * <p>In order of preference: a contract; the one method that a static, special, final or exactly
 * typed call runs; a question to be put to the receiver when the time comes; every implementation
 * among the loaded classes, as long as they are few.
 */
final class Calls {
  private static final int MOST_TARGETS = 16;
  private static final int LONGEST_GETTER = 60;
  private static final int MOST_SUBTYPES = 128;

  private final ClassFiles files;
  private final Contracts contracts;
  private final Summaries summaries;
  private final Lending lending;

  Calls(ClassFiles files, Contracts contracts, Summaries summaries) {
    this.files = files;
    this.contracts = contracts;
    this.lending = new Lending(files, contracts);
    this.summaries = summaries;
  }

  Summary judge(MethodFlow flow, MethodInsnNode call, List<OriginValue> operands, int mask) {
    int count = operands.size();
    boolean onArray =
        call.getOpcode() == Opcodes.INVOKEVIRTUAL
            && operands.get(0).type() != null
            && operands.get(0).type().startsWith("[");
    if (onArray || call.owner.startsWith("[")) {
      return arrayMethod(call, count, mask);
    }
    if (call.owner.equals("java/lang/invoke/VarHandle") && elementAccess(flow, call)) {
      return new Summary(count);
    }
    TypeRef named = files.resolve(flow.method.owner(), call.owner).orElse(null);
    if (named == null) {
      if (call.getOpcode() == Opcodes.INVOKEVIRTUAL && flow.method.owner().loader().isBoot()) {
        return onNothing(flow, call, count);
      }
      files.missed(flow.method.owner(), call.owner);
      return refusal(
          count, mask, Escape.passing(null, "passed to " + Names.call(call) + ", not loaded yet"));
    }
    // what a class inherits is known by its own name too: another of that name may have its own
    flow.restsOn(new Dependency.Body(named));
    ClassFiles.Found declared = resolve(flow, call, named);
    if (declared == null) {
      return refusal(
          count, mask, Escape.passing(null, "passed to " + Names.call(call) + ", not found"));
    }
    for (int k = 0; k < count; k++) {
      if ((mask & 1 << k) != 0 && tellsAddress(flow, call, operands.get(k))) {
        return refusal(count, mask, Escape.at(null, "asked where it is by " + Names.call(call)));
      }
    }
    Summary lent = lending.judge(flow, call, count, mask);
    if (lent != null) {
      return lent;
    }
    if (declared.owner().name().startsWith("java/lang/ref/") && call.name.equals("<init>")) {
      return refusal(count, mask, Escape.at(null, "put under a reference object"));
    }
    boolean direct =
        call.getOpcode() == Opcodes.INVOKESTATIC
            || call.getOpcode() == Opcodes.INVOKESPECIAL
            || declared.is(Opcodes.ACC_PRIVATE);
    // what may be overridden is not what the contract speaks of until the receiver is known
    Contracts.Contract contract =
        direct || closed(named, declared) ? contracts.of(declared.key()) : null;
    if (contract != null) {
      return trusted(contract, operands, mask);
    }
    if (direct) {
      TypeRef receiver = call.getOpcode() == Opcodes.INVOKESTATIC ? null : operands.get(0).exact();
      return single(flow, operands, mask, declared, receiver, false);
    }
    return virtual(flow, call, named, declared, operands, mask);
  }

  /**
   * Of a class that is not loaded there is no object to be called; when it loads the proof is
   * broken first. Only where it is certain that no loader has it: the boot loader asks no other.
   */
  private static Summary onNothing(MethodFlow flow, MethodInsnNode call, int count) {
    Summary summary = new Summary(count);
    summary.returnsUnknown = true;
    summary.dependencies.add(
        new Dependency.Body(new TypeRef(call.owner, flow.method.owner().loader())));
    return summary;
  }

  /** What a short method without arguments returns, where it is certain which runs; or null. */
  Summary getter(MethodFlow flow, MethodInsnNode call, List<OriginValue> operands) {
    TypeRef named = files.resolve(flow.method.owner(), call.owner).orElse(null);
    ClassFiles.Found declared = declared(flow, call);
    boolean special = call.getOpcode() == Opcodes.INVOKESPECIAL && !call.name.equals("<init>");
    boolean certain =
        declared != null
            && (special || declared.is(Opcodes.ACC_PRIVATE) || closed(named, declared));
    if (!certain
        || declared.is(Opcodes.ACC_NATIVE | Opcodes.ACC_ABSTRACT | Opcodes.ACC_STATIC)
        || declared.node().instructions.size() > LONGEST_GETTER) {
      return null;
    }
    TypeRef receiver = operands.get(0).exact();
    return ask(declared, new Summary.Key(declared.key(), receiver, 0, true), operands.size());
  }

  /** The method that the call names, or null where its class is not loaded. */
  ClassFiles.Found declared(MethodFlow flow, MethodInsnNode call) {
    TypeRef named = files.resolve(flow.method.owner(), call.owner).orElse(null);
    return named == null ? null : resolve(flow, call, named);
  }

  /** A method that a call may run, and the exact class of its receiver where that is known. */
  record Target(ClassFiles.Found method, TypeRef receiver) {}

  /** Every method that the call may run, or null where that is not known. */
  List<Target> targets(
      MethodFlow flow, MethodInsnNode call, List<OriginValue> operands, Set<Dependency> on) {
    TypeRef named = files.resolve(flow.method.owner(), call.owner).orElse(null);
    ClassFiles.Found declared = declared(flow, call);
    if (declared == null) {
      return null;
    }
    boolean isStatic = call.getOpcode() == Opcodes.INVOKESTATIC;
    TypeRef exact = isStatic ? null : operands.get(0).exact();
    if (isStatic || call.getOpcode() == Opcodes.INVOKESPECIAL || declared.is(Opcodes.ACC_PRIVATE)) {
      return List.of(new Target(declared, exact));
    }
    if (exact != null) {
      ClassFiles.Found selected = files.select(exact, call.name, call.desc);
      return selected == null ? null : List.of(new Target(selected, exact));
    }
    if (closed(named, declared)) {
      return List.of(new Target(declared, null));
    }
    Collection<TypeRef> subtypes = files.subtypes(named);
    Set<MethodKey> keys = new LinkedHashSet<>();
    for (TypeRef type : subtypes.size() > MOST_SUBTYPES ? List.<TypeRef>of() : subtypes) {
      ClassFiles.Found target =
          files.code(type) == null ? null : files.select(type, call.name, call.desc);
      boolean face =
          files.code(type) != null
              && (files.code(type).shell().access & Opcodes.ACC_INTERFACE) != 0;
      if (target == null && !face) {
        return null;
      }
      if (target != null && !target.is(Opcodes.ACC_ABSTRACT)) {
        keys.add(target.key());
      }
    }
    on.add(new Dependency.Overrides(named, call.name, call.desc));
    List<Target> targets = new ArrayList<>();
    for (MethodKey key : keys) {
      targets.add(new Target(files.declared(key.owner(), key.name(), key.descriptor()), null));
    }
    return targets.isEmpty() || targets.size() > MOST_TARGETS ? null : targets;
  }

  private ClassFiles.Found resolve(MethodFlow flow, MethodInsnNode call, TypeRef named) {
    boolean toSuper =
        call.getOpcode() == Opcodes.INVOKESPECIAL
            && !call.name.equals("<init>")
            && !named.equals(flow.method.owner())
            && !call.itf;
    TypeRef start = toSuper ? files.superclass(flow.method.owner()) : named;
    return start == null ? null : files.find(start, call.name, call.desc);
  }

  private Summary virtual(
      MethodFlow flow,
      MethodInsnNode call,
      TypeRef named,
      ClassFiles.Found declared,
      List<OriginValue> operands,
      int mask) {
    int count = operands.size();
    TypeRef exact = operands.get(0).exact();
    if (exact != null) {
      flow.restsOn(new Dependency.Body(exact));
      ClassFiles.Found target = files.select(exact, call.name, call.desc);
      return target == null
          ? refusal(
              count, mask, Escape.at(null, "passed to " + Names.call(call) + ", unclear which"))
          : single(flow, operands, mask, target, exact, true);
    }
    if (closed(named, declared)) {
      return single(flow, operands, mask, declared, null, true);
    }
    Summary sole = ofItself(flow, call, named, operands, mask);
    if (sole != null) {
      return sole;
    }
    boolean returning = !returnsThrowable(named, call);
    Condition ask =
        new Condition(
            AccessPath.argument(0),
            new ReceiverQuestion(
                call.name, call.desc, mask, returning, true, lasting(operands, mask & ~1)));
    if (flow.canLift(ask, operands)) {
      Summary summary = new Summary(count);
      summary.conditions.add(ask);
      summary.returned = returning ? mask : 0;
      summary.returnsUnknown = true;
      return summary;
    }
    return everyImplementation(flow, call, named, operands, mask);
  }

  /**
   * What a method does that an object calls of itself, where the loaded classes below have only one
   * and it lets nothing out; else null. The receiver could be asked too, but knows nothing of what
   * else the method is given, and would have to answer for every class that may be.
   */
  private Summary ofItself(
      MethodFlow flow, MethodInsnNode call, TypeRef named, List<OriginValue> operands, int mask) {
    boolean itself =
        !flow.method.is(Opcodes.ACC_STATIC)
            && AccessPath.argument(0).equals(operands.get(0).path())
            && named.equals(flow.method.owner());
    if (!itself) {
      return null;
    }
    Set<MethodKey> targets = new LinkedHashSet<>();
    Collection<TypeRef> subtypes = files.subtypes(named);
    for (TypeRef type : subtypes.size() > MOST_TARGETS ? List.<TypeRef>of() : subtypes) {
      ClassFiles.Found target =
          files.code(type) == null ? null : files.select(type, call.name, call.desc);
      if (target == null) {
        return null;
      }
      targets.add(target.key());
    }
    Summary every =
        targets.size() == 1 ? everyImplementation(flow, call, named, operands, mask) : null;
    return every == null || every.firstEscape() != null ? null : every;
  }

  /**
   * Some return what went wrong: that it does not hold an operand is then asked of the receiver.
   */
  private boolean returnsThrowable(TypeRef named, MethodInsnNode call) {
    Type type = Type.getReturnType(call.desc);
    TypeRef returned =
        type.getSort() == Type.OBJECT
            ? files.resolve(named, type.getInternalName()).orElse(null)
            : null;
    return returned != null && files.isSubclass(returned, "java/lang/Throwable");
  }

  /** Whether no class below the named one can have the call run anything else. */
  private boolean closed(TypeRef named, ClassFiles.Found declared) {
    return declared.is(Opcodes.ACC_FINAL)
        || (files.code(named).shell().access & Opcodes.ACC_FINAL) != 0;
  }

  /**
   * Abstract classes and interfaces count with what they would have an object run: a class that
   * loads later and declares nothing itself takes its code from there.
   */
  private Summary everyImplementation(
      MethodFlow flow, MethodInsnNode call, TypeRef named, List<OriginValue> operands, int mask) {
    int count = operands.size();
    Collection<TypeRef> subtypes = files.subtypes(named);
    if (subtypes.size() > MOST_SUBTYPES) {
      return refusal(count, mask, Escape.at(null, openCall(call, subtypes.size() + " classes")));
    }
    Set<MethodKey> targets = new LinkedHashSet<>();
    for (TypeRef type : subtypes) {
      if (files.code(type) == null) {
        return refusal(
            count, mask, Escape.at(null, openCall(call, type + ", whose code cannot be read")));
      }
      ClassFiles.Found target = files.select(type, call.name, call.desc);
      boolean face = (files.code(type).shell().access & Opcodes.ACC_INTERFACE) != 0;
      if (target == null && !face) {
        return refusal(count, mask, Escape.at(null, openCall(call, type.toString())));
      }
      if (target != null && !target.is(Opcodes.ACC_ABSTRACT)) {
        targets.add(target.key());
      }
    }
    if (targets.size() > MOST_TARGETS) {
      return refusal(
          count, mask, Escape.at(null, openCall(call, targets.size() + " implementations")));
    }
    Summary joined = new Summary(count);
    for (MethodKey target : targets) {
      ClassFiles.Found found = files.declared(target.owner(), target.name(), target.descriptor());
      Contracts.Contract contract = contracts.of(target);
      joined.join(
          contract != null
              ? trusted(contract, operands, mask)
              : single(flow, operands, mask, found, null, true));
      if (joined.firstEscape() != null) {
        break;
      }
    }
    joined.returnedPath = null;
    joined.returnedExact = null;
    joined.dependencies.add(new Dependency.Overrides(named, call.name, call.desc));
    return joined;
  }

  private static String openCall(MethodInsnNode call, String what) {
    return "passed to " + Names.call(call) + ", which may run " + what;
  }

  private Summary single(
      MethodFlow flow,
      List<OriginValue> operands,
      int mask,
      ClassFiles.Found target,
      TypeRef receiver,
      boolean selected) {
    int count = operands.size();
    if (target.is(Opcodes.ACC_NATIVE)) {
      Contracts.Contract contract = contracts.of(target.key());
      return contract != null
          ? trusted(contract, operands, mask)
          : refusal(
              count,
              mask,
              Escape.at(
                  null,
                  "passed to native "
                      + Names.method(
                          target.owner().name(), target.node().name, target.node().desc)));
    }
    Contracts.Contract contract = selected ? contracts.of(target.key()) : null;
    if (contract != null) {
      return trusted(contract, operands, mask);
    }
    if (target.is(Opcodes.ACC_ABSTRACT)) {
      return new Summary(count);
    }
    int owners = flow.owners(operands);
    Set<String> leading = owners == 0 ? Set.of() : flow.leading();
    Summary.Key key = new Summary.Key(target.key(), receiver, mask, true, owners, leading);
    Summary summary = ask(target, key, count);
    Map<Integer, TypeRef> exact =
        summary.conditions.isEmpty()
            ? Map.of()
            : certain(operands, asked(summary, receiver) | (mask & ~1));
    if (!exact.isEmpty()) {
      key = key.withExact(exact);
      summary = ask(target, key, count);
    }
    for (Condition condition : summary.conditions) {
      if (!flow.canLift(condition, operands)) {
        return ask(target, key.unconditional(), count);
      }
    }
    return summary;
  }

  /** Bit set of the arguments that would have to be asked, or what lies behind them. */
  private static int asked(Summary summary, TypeRef receiver) {
    int asked = 0;
    for (Condition condition : summary.conditions) {
      asked |= 1 << condition.path().root();
    }
    return receiver == null ? asked : asked & ~1;
  }

  /** What is known for certain of the classes of some operands, arrays aside. */
  private static Map<Integer, TypeRef> certain(List<OriginValue> operands, int mask) {
    Map<Integer, TypeRef> exact = new HashMap<>();
    for (int k = 0; k < operands.size(); k++) {
      TypeRef certain = operands.get(k).exact();
      if ((mask & 1 << k) != 0 && certain != null) {
        exact.put(k, certain);
      }
    }
    return exact;
  }

  /** The same of the boot loader's classes: questions are kept for as long as the agent runs. */
  private static Map<Integer, TypeRef> lasting(List<OriginValue> operands, int mask) {
    Map<Integer, TypeRef> certain = certain(operands, mask);
    certain.values().removeIf(type -> !type.loader().isBoot());
    return certain;
  }

  private Summary ask(ClassFiles.Found target, Summary.Key key, int count) {
    Summary known = summaries.of(key, target);
    Summary copy = new Summary(count);
    copy.join(known);
    copy.dependencies.clear();
    copy.callees.clear();
    copy.callees.add(key);
    return copy;
  }

  private static Summary refusal(int count, int mask, Escape escape) {
    return Summary.escaping(count, mask, escape);
  }

  private static Summary trusted(
      Contracts.Contract contract, List<OriginValue> operands, int mask) {
    Summary summary = new Summary(operands.size());
    switch (contract) {
      case NONE -> summary.returnsUnknown = true;
      case RETURNS -> {
        summary.returned = mask;
        summary.returnsUnknown = true;
      }
      case COPIES -> {
        if (!operands.get(0).primitiveArray() && !operands.get(2).primitiveArray()) {
          summary.storedInto[0] = (mask & 1) << 2;
        }
      }
      case SWAPS -> {
        summary.storedInto[4] = 1 << 1;
        summary.puts.add(new Summary.Put(1, OwnedArrays.ANY_FIELD, 4));
      }
      case KEEPS -> {
        int last = operands.size() - 1;
        if ((mask & 1 << last) != 0) {
          summary.storedInto[last] = 1;
          // where that is an owner, what is read from it may be what was put there
          summary.leading.add(OwnedArrays.ANY_FIELD + OwnedArrays.OTHER_OWNER);
        }
      }
      case PHANTOM -> {
        int referent = operands.size() - 2;
        // an array that goes to the pool does not die, and what waits for that would wait for ever
        int dying = isNoArray(operands.get(referent).type()) ? 1 << referent : 0;
        Escape kept = Escape.at(null, "kept until something is done about its end");
        return refusal(operands.size(), mask & ~dying, kept);
      }
    }
    return summary;
  }

  /** Whether nothing of this type is an array. */
  private static boolean isNoArray(String descriptor) {
    return descriptor != null
        && descriptor.startsWith("L")
        && !descriptor.equals("Ljava/lang/Object;")
        && !descriptor.equals("Ljava/lang/Cloneable;")
        && !descriptor.equals("Ljava/io/Serializable;");
  }

  /**
   * Whether code outside the JDK learns where in memory a buffer has its bytes. It should hold on
   * to the buffer as long as it uses that number; where it does not it has got away with it so far.
   */
  private static boolean tellsAddress(MethodFlow flow, MethodInsnNode call, OriginValue buffer) {
    if (flow.method.owner().loader().isBoot()) {
      return false;
    }
    boolean asked = call.name.equals("address") && call.desc.equals("()J");
    boolean segment = call.name.equals("ofBuffer");
    boolean read =
        call.owner.endsWith("/Unsafe")
            && call.name.startsWith("getLong")
            && isNoArray(buffer.type());
    return asked || segment || read;
  }

  private static Summary arrayMethod(MethodInsnNode call, int count, int mask) {
    return switch (call.name) {
      case "clone" -> {
        Summary summary = new Summary(count);
        boolean primitive = call.owner.length() == 2;
        summary.returned = primitive ? 0 : mask;
        summary.returnsUnknown = !primitive;
        yield summary;
      }
      case "getClass", "equals" -> {
        Summary summary = new Summary(count);
        summary.returnsUnknown = true;
        yield summary;
      }
      default ->
          refusal(count, mask, Escape.at(null, "asked for its identity by " + call.name + "()"));
    };
  }

  /** Code of the JDK that reads or writes a primitive through a view of a primitive array. */
  private static boolean elementAccess(MethodFlow flow, MethodInsnNode call) {
    if (!flow.method.owner().loader().isBoot()) {
      return false;
    }
    Type[] types = Type.getArgumentTypes(call.desc);
    boolean primitives = Type.getReturnType(call.desc).getSort() < Type.ARRAY;
    for (int i = 1; i < types.length; i++) {
      primitives &= types[i].getSort() < Type.ARRAY;
    }
    return primitives
        && types.length >= 2
        && types[0].getSort() == Type.ARRAY
        && types[0].getDescriptor().length() == 2
        && types[1].equals(Type.INT_TYPE);
  }
}
