package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.Nomination;
import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.gate.Exclusions;
import dev.tidepool.rewriting.proof.Factories;
import dev.tidepool.rewriting.remedy.Copies;
import dev.tidepool.rewriting.site.Allocation;
import dev.tidepool.rewriting.site.MethodKey;
import dev.tidepool.rewriting.site.TypeRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * Lists the places of a method where objects with primitive arrays of their own are made, and the
 * calls that return a primitive array. Reads class files only, so nothing loads.
 */
final class OwnerFinder {
  private static final int MOST_KNOWN = 2000;
  private static final int DEEPEST = 16;

  private final Map<TypeRef, Shape> shapes = new HashMap<>();

  /**
   * A place found.
   *
   * @param declaring the classes that declare the owner's arrays; none for a result
   * @param called name of the method whose result it is; empty for an owner
   */
  record Found(SiteFinder.Found site, Set<TypeRef> declaring, String called) {}

  private record Shape(boolean hasArrays, String superName) {}

  /**
   * The owners that the methods make which a hint names.
   *
   * @param world answers for the classes that are loaded now
   */
  List<Found> find(TypeRef maker, ClassCode code, Nomination hint, LoadedWorld world) {
    List<Found> found = new ArrayList<>();
    for (MethodNode node : code.node().methods) {
      if (SiteFinder.means(hint, node)) {
        find(maker, code, node, world, found);
      }
    }
    return found;
  }

  private void find(
      TypeRef maker, ClassCode code, MethodNode node, LoadedWorld world, List<Found> found) {
    MethodKey key = new MethodKey(maker, node.name, node.desc);
    for (ClassCode.Located at : ClassCode.located(node)) {
      AbstractInsnNode insn = at.insn();
      if (Copies.returnsArray(insn) && !Copies.isCopy(insn)) {
        Allocation result = new Allocation.Result(Copies.arrayType(insn));
        String called = ((MethodInsnNode) insn).name;
        found.add(new Found(SiteFinder.found(key, code, node, at, result), Set.of(), called));
      }
      String made =
          insn.getOpcode() == Opcodes.NEW ? ((TypeInsnNode) insn).desc : Factories.made(insn);
      if (made != null) {
        Set<TypeRef> declaring = declaring(maker, made, world);
        if (!declaring.isEmpty() && insn instanceof MethodInsnNode) {
          // it may make for itself what its superclass declares
          world.resolve(maker, made).ifPresent(declaring::add);
        }
        if (!declaring.isEmpty()) {
          Allocation owner = new Allocation.Instance(made);
          found.add(new Found(SiteFinder.found(key, code, node, at, owner), declaring, ""));
        }
      }
    }
  }

  /** The classes of an owner's hierarchy that declare primitive arrays; none if it is unknown. */
  private Set<TypeRef> declaring(TypeRef maker, String made, LoadedWorld world) {
    Set<TypeRef> declaring = new LinkedHashSet<>();
    TypeRef type = world.resolve(maker, made).orElse(null);
    for (int i = 0; type != null && i < DEEPEST; i++) {
      Shape shape = shape(type, world);
      if (shape == null || type.name().equals("java/lang/Throwable")) {
        return Set.of();
      }
      if (shape.hasArrays && !Exclusions.excludes(type.name())) {
        declaring.add(type);
      }
      type = shape.superName == null ? null : world.resolve(type, shape.superName).orElse(null);
    }
    return declaring;
  }

  private Shape shape(TypeRef type, LoadedWorld world) {
    if (type.name().equals("java/lang/Object")) {
      return new Shape(false, null);
    }
    Shape known = shapes.get(type);
    if (known == null) {
      byte[] file = world.bytes(type).orElse(null);
      if (file == null) {
        return null;
      }
      known = shape(file);
      if (shapes.size() >= MOST_KNOWN) {
        shapes.clear();
      }
      shapes.put(type, known);
    }
    return known;
  }

  private static Shape shape(byte[] file) {
    ClassReader reader;
    try {
      reader = new ClassReader(file);
    } catch (RuntimeException newerOrOdd) {
      return new Shape(false, null);
    }
    boolean[] arrays = new boolean[1];
    reader.accept(
        new ClassVisitor(ClassCode.API) {
          @Override
          public FieldVisitor visitField(
              int access, String name, String descriptor, String signature, Object value) {
            arrays[0] |=
                (access & Opcodes.ACC_STATIC) == 0
                    && descriptor.length() == 2
                    && descriptor.charAt(0) == '[';
            return null;
          }
        },
        ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    return new Shape(arrays[0], reader.getSuperName());
  }
}
