package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.site.MethodKey;
import dev.tidepool.rewriting.site.TypeRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodNode;

/** The class world as code: parsed classes, a few at a time, and the rules of method look-up. */
final class ClassFiles {
  /**
   * Bytes of class files. A tree is some twenty times as large, but of most classes a few methods
   * are read; a proof may look at a thousand classes.
   */
  private static final long KEPT = Math.min(6L << 20, Runtime.getRuntime().maxMemory() / 64);

  /** A method with the class that declares it. */
  record Found(TypeRef owner, ClassCode code, MethodNode node) {
    MethodKey key() {
      return new MethodKey(owner, node.name, node.desc);
    }

    boolean is(int access) {
      return (node.access & access) != 0;
    }

    /** File and line of the instruction, for people. */
    String place(AbstractInsnNode insn) {
      return ClassFiles.place(code.shell(), line(insn));
    }
  }

  private final ClassWorld world;
  private boolean missed;
  private final Map<TypeRef, ClassCode> parsed = new LinkedHashMap<>(64, 0.75f, true);
  private long parsedBytes;

  ClassFiles(ClassWorld world) {
    this.world = world;
  }

  Optional<TypeRef> resolve(TypeRef from, String internalName) {
    return world.resolve(from, internalName);
  }

  /** Notes that a class was needed and not loaded. */
  void missed(TypeRef from, String internalName) {
    missed = true;
    world.missed(from, internalName);
  }

  /** Whether one was missed since this was asked last. */
  boolean takeMissed() {
    boolean any = missed;
    missed = false;
    return any;
  }

  Collection<TypeRef> subtypes(TypeRef type) {
    return world.subtypes(type);
  }

  void forget() {
    parsed.clear();
    parsedBytes = 0;
  }

  /** The parsed class, or null where its file cannot be had or is newer than ASM reads. */
  ClassCode code(TypeRef type) {
    ClassCode code = parsed.get(type);
    if (code == null) {
      Optional<byte[]> bytes = world.bytes(type);
      if (bytes.isEmpty()) {
        return null;
      }
      try {
        code = ClassCode.read(bytes.get());
      } catch (RuntimeException unreadable) {
        return null;
      }
      parsed.put(type, code);
      parsedBytes += code.size();
      dropOldest();
    }
    return code;
  }

  /** All but the one just used. */
  private void dropOldest() {
    Iterator<ClassCode> oldest = parsed.values().iterator();
    while (parsedBytes > KEPT && parsed.size() > 1) {
      parsedBytes -= oldest.next().size();
      oldest.remove();
    }
  }

  TypeRef superclass(TypeRef type) {
    ClassCode code = code(type);
    if (code == null || code.shell().superName == null) {
      return null;
    }
    return resolve(type, code.shell().superName).orElse(null);
  }

  /** Resolution (JVMS 5.4.3.3, 5.4.3.4): the class itself, its superclasses, its interfaces. */
  Found find(TypeRef start, String name, String descriptor) {
    for (TypeRef type = start; type != null; type = superclass(type)) {
      Found found = declared(type, name, descriptor);
      if (found != null) {
        return found;
      }
    }
    return inherited(start, name, descriptor);
  }

  /**
   * Selection (JVMS 5.4.6): what an instance of exactly this class runs for the call, or null where
   * that is not certain.
   */
  Found select(TypeRef exact, String name, String descriptor) {
    for (TypeRef type = exact; type != null; type = superclass(type)) {
      Found found = declared(type, name, descriptor);
      if (found != null && !found.is(Opcodes.ACC_STATIC | Opcodes.ACC_PRIVATE)) {
        return packagePrivateAbove(found) ? null : found;
      }
      if (found == null && code(type) == null) {
        return null;
      }
    }
    return inherited(exact, name, descriptor);
  }

  /**
   * Whether a class above has such a method that only its own package can override, which is not
   * this one's: which of the two runs then depends on the caller.
   */
  private boolean packagePrivateAbove(Found found) {
    int wider = Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED | Opcodes.ACC_PRIVATE;
    for (TypeRef type = superclass(found.owner()); type != null; type = superclass(type)) {
      Found above = declared(type, found.node().name, found.node().desc);
      if (above != null
          && !above.is(wider | Opcodes.ACC_STATIC)
          && !samePackage(type, found.owner())) {
        return true;
      }
    }
    return false;
  }

  private static boolean samePackage(TypeRef one, TypeRef other) {
    return one.loader().equals(other.loader())
        && packageOf(one.name()).equals(packageOf(other.name()));
  }

  private static String packageOf(String internalName) {
    return internalName.substring(0, internalName.lastIndexOf('/') + 1);
  }

  Found declared(TypeRef type, String name, String descriptor) {
    ClassCode code = code(type);
    MethodNode node = code == null ? null : code.method(name, descriptor);
    return node == null ? null : new Found(type, code, node);
  }

  /** The one most specific method among the interfaces, or null where there is none or several. */
  private Found inherited(TypeRef start, String name, String descriptor) {
    List<Found> candidates = new ArrayList<>();
    for (TypeRef type = start; type != null; type = superclass(type)) {
      collectInterfaces(type, name, descriptor, candidates);
    }
    candidates.removeIf(
        low -> candidates.stream().anyMatch(high -> extendsInterface(high.owner(), low.owner())));
    Found only = null;
    for (Found found : candidates) {
      if (!found.is(Opcodes.ACC_ABSTRACT)) {
        if (only != null && !only.owner().equals(found.owner())) {
          return null;
        }
        only = found;
      } else if (only == null && candidates.size() == 1) {
        return found;
      }
    }
    return only;
  }

  private void collectInterfaces(
      TypeRef type, String name, String descriptor, List<Found> candidates) {
    ClassCode code = code(type);
    if (code == null) {
      return;
    }
    for (String interfaceName : code.shell().interfaces) {
      resolve(type, interfaceName)
          .ifPresent(
              face -> {
                Found found = declared(face, name, descriptor);
                boolean known =
                    found == null
                        || candidates.stream().anyMatch(c -> c.owner().equals(found.owner()));
                if (!known && !found.is(Opcodes.ACC_STATIC | Opcodes.ACC_PRIVATE)) {
                  candidates.add(found);
                }
                collectInterfaces(face, name, descriptor, candidates);
              });
    }
  }

  private boolean extendsInterface(TypeRef type, TypeRef above) {
    ClassCode code = code(type);
    if (code == null) {
      return false;
    }
    for (String name : code.shell().interfaces) {
      TypeRef face = resolve(type, name).orElse(null);
      if (face != null && (face.equals(above) || extendsInterface(face, above))) {
        return true;
      }
    }
    return false;
  }

  /** Whether {@code type} is {@code internalName} or a class below it. */
  boolean isSubclass(TypeRef type, String internalName) {
    for (TypeRef t = type; t != null; t = superclass(t)) {
      if (t.name().equals(internalName)) {
        return true;
      }
    }
    return false;
  }

  /** The class that declares this field for code that names it through {@code start}, or null. */
  TypeRef fieldOwner(TypeRef start, String name, String descriptor) {
    for (TypeRef type = start; type != null; type = superclass(type)) {
      if (field(type, name, descriptor) != null) {
        return type;
      }
    }
    return null;
  }

  FieldNode field(TypeRef owner, String name, String descriptor) {
    ClassCode code = code(owner);
    if (code != null) {
      for (FieldNode field : code.shell().fields) {
        if (field.name.equals(name) && field.desc.equals(descriptor)) {
          return field;
        }
      }
    }
    return null;
  }

  private static int line(AbstractInsnNode insn) {
    for (AbstractInsnNode before = insn; before != null; before = before.getPrevious()) {
      if (before instanceof LineNumberNode line) {
        return line.line;
      }
    }
    return -1;
  }

  static String place(ClassNode owner, int line) {
    String file = owner.sourceFile;
    if (file == null) {
      file = simple(owner.name);
    }
    return line < 0 ? file : file + ":" + line;
  }

  static String simple(String internalName) {
    return internalName.substring(internalName.lastIndexOf('/') + 1).replace('$', '.');
  }
}
