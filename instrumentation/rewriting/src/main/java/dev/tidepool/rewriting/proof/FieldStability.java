package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.TypeRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Frame;
import org.objectweb.asm.tree.analysis.SourceInterpreter;
import org.objectweb.asm.tree.analysis.SourceValue;

/**
 * Which fields hold the same object from construction on, or null: final ones, private ones whose
 * every write says so, and a few of the JDK's by contract. What such a field holds before a call is
 * what the call will find there.
 */
final class FieldStability {
  private final ClassFiles files;
  private final Contracts contracts;
  private final Map<AccessPath.Field, Boolean> known = new HashMap<>();
  private final Map<AccessPath.Field, Boolean> empty = new HashMap<>();

  FieldStability(ClassFiles files, Contracts contracts) {
    this.files = files;
    this.contracts = contracts;
  }

  void forget() {
    known.clear();
    empty.clear();
  }

  /** Whether storing there keeps nothing, see {@link Contracts#memo}. */
  boolean memo(TypeRef writer, FieldInsnNode insn) {
    TypeRef named = files.resolve(writer, insn.owner).orElse(null);
    return named != null && named.equals(writer) && contracts.memo(named, insn.name);
  }

  /** The field read here, or null where it may change its mind. */
  AccessPath.Field stable(TypeRef reader, FieldInsnNode insn, OriginValue holder, MethodFlow flow) {
    TypeRef named = files.resolve(reader, insn.owner).orElse(null);
    TypeRef owner = named == null ? null : files.fieldOwner(named, insn.name, insn.desc);
    if (owner == null) {
      return null;
    }
    flow.restsOn(new Dependency.Body(owner));
    AccessPath.Field field = new AccessPath.Field(owner, insn.name, insn.desc);
    FieldNode node = files.field(owner, insn.name, insn.desc);
    if ((node.access & Opcodes.ACC_FINAL) != 0) {
      return field.fixedForGood();
    }
    if (contracts.stable(owner, insn.name)) {
      boolean privately = (node.access & Opcodes.ACC_PRIVATE) != 0;
      return privately ? field : untouchedBelow(holder.exact(), field, flow);
    }
    if ((node.access & Opcodes.ACC_PRIVATE) == 0) {
      return null;
    }
    Boolean before = known.get(field);
    List<TypeRef> nest = Boolean.FALSE.equals(before) ? null : nest(owner);
    if (nest == null) {
      return null; // for good, or until all of it is loaded
    }
    if (!known.computeIfAbsent(field, each -> writtenOnce(nest, each))) {
      return null;
    }
    nest.forEach(member -> flow.restsOn(new Dependency.Body(member)));
    return field.fixedForGood();
  }

  /** Whether the field is a constant array without elements, as its class's initializer shows. */
  boolean isEmptyConstant(TypeRef reader, FieldInsnNode insn, MethodFlow flow) {
    TypeRef named = files.resolve(reader, insn.owner).orElse(null);
    FieldNode node = named == null ? null : files.field(named, insn.name, insn.desc);
    if (node == null || (node.access & Opcodes.ACC_FINAL) == 0) {
      return false;
    }
    flow.restsOn(new Dependency.Body(named));
    return empty.computeIfAbsent(
        new AccessPath.Field(named, insn.name, insn.desc), field -> isMadeEmpty(named, insn));
  }

  private boolean isMadeEmpty(TypeRef named, FieldInsnNode insn) {
    int writes = 0;
    for (MethodNode method : writersOfConstants(files.code(named))) {
      for (AbstractInsnNode write : method.instructions) {
        if (write instanceof FieldInsnNode put
            && put.getOpcode() == Opcodes.PUTSTATIC
            && put.name.equals(insn.name)
            && put.desc.equals(insn.desc)) {
          AbstractInsnNode array = write.getPrevious();
          boolean empty =
              array.getOpcode() == Opcodes.NEWARRAY
                  && array.getPrevious().getOpcode() == Opcodes.ICONST_0;
          writes += empty ? 1 : 2;
        }
      }
    }
    return writes == 1;
  }

  /** From class files of Java 9 on the VM lets nothing but the initializer write a constant. */
  private static List<MethodNode> writersOfConstants(ClassCode code) {
    if ((code.shell().version & 0xFFFF) < Opcodes.V9) {
      return code.node().methods;
    }
    MethodNode initializer = code.method("<clinit>", "()V");
    return initializer == null ? List.of() : List.of(initializer);
  }

  /**
   * A protected field can be written on this object by the classes between its own and the
   * declaring one, and by nobody else outside the declaring package. Null stays where all of them
   * are the JDK's: another's constructor may hand out the object first, and write the field then.
   */
  private AccessPath.Field untouchedBelow(TypeRef exact, AccessPath.Field field, MethodFlow flow) {
    boolean fixed = true;
    for (TypeRef type = exact; type != null; type = files.superclass(type)) {
      if (type.equals(field.owner())) {
        return fixed ? field.fixedForGood() : field;
      }
      fixed &= type.loader().isBoot();
      flow.restsOn(new Dependency.Body(type));
      if (contracts.settles(type, field.name())) {
        continue;
      }
      if (files.code(type) == null || !writesKeep(files.code(type).node(), field)) {
        return null;
      }
    }
    return null;
  }

  private boolean writtenOnce(List<TypeRef> nest, AccessPath.Field field) {
    for (TypeRef member : nest) {
      if (files.code(member) == null || !writesKeep(files.code(member).node(), field)) {
        return false;
      }
    }
    return true;
  }

  /** Every class that may touch private fields of this one, or null where one is not loaded. */
  List<TypeRef> nest(TypeRef type) {
    ClassNode node = files.code(type).shell();
    TypeRef host =
        node.nestHostClass == null ? type : files.resolve(type, node.nestHostClass).orElse(null);
    if (host == null || files.code(host) == null) {
      return null;
    }
    List<TypeRef> nest = new ArrayList<>(List.of(host));
    List<String> members = files.code(host).shell().nestMembers;
    boolean whole = true;
    for (String member : members == null ? List.<String>of() : members) {
      TypeRef mate = files.resolve(host, member).orElse(null);
      if (mate == null) {
        files.missed(host, member);
        whole = false;
      } else {
        nest.add(mate);
      }
    }
    return whole ? nest : null;
  }

  /** Whether code of the class writes the field, or knows it by its name. */
  static boolean mayWrite(ClassNode node, AccessPath.Field field) {
    for (MethodNode method : node.methods) {
      if (names(method, field) || writes(method, field)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the class writes the field in constructors only, or with null, and never by name. */
  static boolean writesKeep(ClassNode node, AccessPath.Field field) {
    for (MethodNode method : node.methods) {
      if (names(method, field) || (writes(method, field) && !writesKeep(node, method, field))) {
        return false;
      }
    }
    return true;
  }

  /** A field that code knows by its name may be written through a handle, or by reflection. */
  private static boolean names(MethodNode method, AccessPath.Field field) {
    return names(method, field.name());
  }

  static boolean names(MethodNode method, String field) {
    for (AbstractInsnNode insn : method.instructions) {
      if (insn instanceof LdcInsnNode constant && field.equals(constant.cst)) {
        return true;
      }
    }
    return false;
  }

  private static boolean writes(MethodNode method, AccessPath.Field field) {
    for (AbstractInsnNode insn : method.instructions) {
      if (isWrite(insn, field)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isWrite(AbstractInsnNode insn, AccessPath.Field field) {
    return insn.getOpcode() == Opcodes.PUTFIELD
        && ((FieldInsnNode) insn).name.equals(field.name())
        && ((FieldInsnNode) insn).desc.equals(field.descriptor());
  }

  /** Whether each write of this method is to the object under construction, or else of null. */
  private static boolean writesKeep(ClassNode node, MethodNode method, AccessPath.Field field) {
    Frame<SourceValue>[] frames;
    try {
      frames = new Analyzer<>(new SourceInterpreter()).analyze(node.name, method);
    } catch (AnalyzerException e) {
      return false;
    }
    boolean constructor = method.name.equals("<init>") && !overwritesThis(method);
    for (int i = 0; i < frames.length; i++) {
      if (frames[i] != null && isWrite(method.instructions.get(i), field)) {
        SourceValue value = frames[i].getStack(frames[i].getStackSize() - 1);
        SourceValue holder = frames[i].getStack(frames[i].getStackSize() - 2);
        boolean ofNull = only(value, insn -> insn.getOpcode() == Opcodes.ACONST_NULL);
        boolean onThis = only(holder, FieldStability::loadsThis);
        if (!ofNull && !(constructor && onThis)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean only(
      SourceValue value, java.util.function.Predicate<AbstractInsnNode> kind) {
    return !value.insns.isEmpty() && value.insns.stream().allMatch(kind);
  }

  private static boolean loadsThis(AbstractInsnNode insn) {
    return insn.getOpcode() == Opcodes.ALOAD && ((VarInsnNode) insn).var == 0;
  }

  static boolean overwritesThis(MethodNode method) {
    for (AbstractInsnNode insn : method.instructions) {
      if (insn.getOpcode() == Opcodes.ASTORE && ((VarInsnNode) insn).var == 0) {
        return true;
      }
    }
    return false;
  }
}
