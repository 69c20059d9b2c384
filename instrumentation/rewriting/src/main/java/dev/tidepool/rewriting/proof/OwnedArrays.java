package dev.tidepool.rewriting.proof;

import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The primitive arrays that a method makes, and which of them it puts into an owner.
 *
 * <p>An owner is an object whose arrays are to be given back when it dies. An array in a field of
 * its own is its own if it was made for it: put there once, by the only instruction that puts that
 * array anywhere. From then on the array and the owner share one fate: what lets the array out lets
 * the owner out.
 */
final class OwnedArrays {
  /** Written in a way that does not name the field. */
  static final String ANY_FIELD = "*";

  /** Stands behind a field that leads back to the owner by way of something else. */
  static final String OTHER_OWNER = "!";

  /** One instruction may put an array into several fields, where it is a call. */
  private record Place(AbstractInsnNode insn, String field) {}

  private final CodePaths paths;
  private final IdentityHashMap<AbstractInsnNode, Long> made = new IdentityHashMap<>();
  private final Map<Long, AbstractInsnNode> madeAt = new HashMap<>();
  private final Map<Long, Set<Place>> putAt = new HashMap<>();
  private boolean moved;
  private final Map<Long, Long> owners = new HashMap<>();
  private long arrays;

  /**
   * @param taken how many bits of {@link Origins} the method's objects have
   * @param site the site under proof, which has a bit of its own, or null
   * @param results whether arrays that come from calls are to be told apart too
   */
  OwnedArrays(MethodNode method, int taken, AbstractInsnNode site, boolean results) {
    this.paths = new CodePaths(method);
    int n = taken;
    for (AbstractInsnNode insn : method.instructions) {
      boolean call = results && insn instanceof MethodInsnNode && returnsArray(insn);
      if (insn == site && (copies(insn) || returnsArray(insn))) {
        made.put(insn, Origins.SITE);
      } else if (insn.getOpcode() == Opcodes.NEWARRAY || copies(insn) || call) {
        long origin = Origins.object(n++, Origins.FRESH);
        made.put(insn, origin);
        if (origin != Origins.FRESH) {
          madeAt.put(origin, insn);
          arrays |= origin;
        }
      }
    }
  }

  /** The origin of what the instruction makes if that is a primitive array, else 0. */
  long madeBy(AbstractInsnNode insn) {
    return made.getOrDefault(insn, 0L);
  }

  /** All that can be told apart. */
  long all() {
    return arrays;
  }

  /** The instruction that made one of the arrays. */
  AbstractInsnNode maker(long array) {
    return madeAt.get(array);
  }

  static boolean returnsArray(AbstractInsnNode insn) {
    return insn instanceof MethodInsnNode call
        && OriginValue.isPrimitiveArray(Type.getReturnType(call.desc).getDescriptor());
  }

  /** Calls that return a fresh primitive array which they keep nowhere, and never null. */
  static boolean copies(AbstractInsnNode insn) {
    if (!(insn instanceof MethodInsnNode call)) {
      return false;
    }
    if (call.name.equals("clone") && call.desc.equals("()Ljava/lang/Object;")) {
      return OriginValue.isPrimitiveArray(call.owner);
    }
    return call.owner.equals("java/util/Arrays")
        && (call.name.equals("copyOf") || call.name.equals("copyOfRange"))
        && OriginValue.isPrimitiveArray(Type.getReturnType(call.desc).getDescriptor());
  }

  /**
   * Notes that these arrays are put into an owner, or somewhere else where that is none.
   *
   * @return whether each is certainly put once, and nowhere else
   */
  boolean put(long these, long owner, AbstractInsnNode insn, String field) {
    boolean once = true;
    for (long left = these; left != 0; left &= left - 1) {
      long array = Long.lowestOneBit(left);
      Set<Place> places = putAt.computeIfAbsent(array, a -> new HashSet<>());
      moved |= places.add(new Place(insn, field));
      owners.merge(array, owner, (a, b) -> a | b);
      once &= places.size() == 1;
      once &= !paths.reaches(insn, insn, madeAt.get(array));
    }
    return once;
  }

  /** Whether any array was found to be put somewhere since the last question. */
  boolean moved() {
    boolean was = moved;
    moved = false;
    return was;
  }

  /** Which owners the array was put into. */
  long ownersOf(long array) {
    return owners.getOrDefault(array, 0L);
  }
}
