package dev.tidepool.rewriting.proof;

import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;

/** The objects, and arrays of references, that a method makes: one bit of {@link Origins} each. */
final class MadeObjects {
  private final ClassFiles files;
  private final ClassFiles.Found method;
  private final IdentityHashMap<AbstractInsnNode, Long> made = new IdentityHashMap<>();
  private int count;

  MadeObjects(ClassFiles files, ClassFiles.Found method, AbstractInsnNode site) {
    this.files = files;
    this.method = method;
    for (AbstractInsnNode insn : method.node().instructions) {
      switch (insn.getOpcode()) {
        case Opcodes.NEW, Opcodes.ANEWARRAY, Opcodes.MULTIANEWARRAY ->
            made.put(insn, insn == site ? Origins.SITE : Origins.object(count++));
        default -> {}
      }
    }
  }

  /** How many bits are taken, the site's not counted. */
  int count() {
    return count;
  }

  long madeBy(AbstractInsnNode insn) {
    return made.get(insn);
  }

  /** The instructions that make the objects of these origins. */
  Set<AbstractInsnNode> makers(long origins) {
    Set<AbstractInsnNode> makers = new HashSet<>();
    made.forEach(
        (insn, madeThere) -> {
          if ((madeThere & origins & ~Origins.UNKNOWN) != 0) {
            makers.add(insn);
          }
        });
    return makers;
  }

  /** A finalizer sees its object after the method is done with it: such an object is let out. */
  void refuseFinalizer(long origin, Fates fates) {
    made.forEach(
        (insn, madeThere) -> {
          if (madeThere == origin && insn.getOpcode() == Opcodes.NEW && isFinalized(insn)) {
            String what = "put into an object with a finalizer";
            fates.escapeAnew(origin, Escape.at(method.place(insn), what));
          }
        });
  }

  private boolean isFinalized(AbstractInsnNode insn) {
    return files
        .resolve(method.owner(), ((TypeInsnNode) insn).desc)
        .map(type -> files.find(type, "finalize", "()V"))
        .map(finalizer -> !finalizer.owner().name().equals("java/lang/Object"))
        .orElse(true);
  }

  /** Words for the object of a bit. */
  String describe(int bit) {
    for (Map.Entry<AbstractInsnNode, Long> entry : made.entrySet()) {
      if (entry.getValue() == 1L << bit && entry.getKey() instanceof TypeInsnNode type) {
        String name = ClassFiles.simple(type.desc);
        return (type.getOpcode() == Opcodes.ANEWARRAY ? "an array of " : "a ")
            + name
            + " made at "
            + method.place(type);
      }
    }
    return "an object that leads to it";
  }
}
