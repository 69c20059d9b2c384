package dev.tidepool.rewriting.proof;

import java.util.IdentityHashMap;
import java.util.Map;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Where the method that makes the site's array may return it.
 *
 * <p>A primitive array leads to nothing: where one is returned, it is the site's array itself or
 * has nothing to do with it, and a look at the reference tells which. What is returned is not given
 * back then, and it is the caller's. Anything else that is returned may lead to the array unseen.
 */
final class SiteReturns {
  private final MethodNode method;
  private final AbstractInsnNode site;
  private final boolean returnsArray;

  /** Where each return was last seen to take its value from. */
  private final IdentityHashMap<AbstractInsnNode, Long> exits = new IdentityHashMap<>();

  private boolean itself;

  /**
   * @param site what makes a primitive array, or null where none is proven
   */
  SiteReturns(MethodNode method, AbstractInsnNode site) {
    this.method = method;
    this.site = site;
    this.returnsArray =
        OriginValue.isPrimitiveArray(Type.getReturnType(method.desc).getDescriptor());
  }

  /** Of the followed origins of what is returned those that may lead to the array unseen. */
  long unseen(AbstractInsnNode exit, OriginValue value, long followed) {
    long origins = value.origins() & followed;
    if (site == null) {
      return origins;
    }
    exits.put(exit, value.origins());
    if (!returnsArray && !value.primitiveArray()) {
      return origins;
    }
    itself |= origins != 0;
    return 0;
  }

  /** Whether the array itself may be what is returned. */
  boolean itself() {
    return itself;
  }

  /** Whether it is, wherever the method returns: then there is never anything to give back. */
  boolean always() {
    if (site == null || !itself) {
      return false;
    }
    AbstractInsnNode next = CodePaths.next(site);
    while (next != null && next.getOpcode() == Opcodes.CHECKCAST) {
      next = CodePaths.next(next);
    }
    if (next != null && next.getOpcode() == Opcodes.ARETURN) {
      return true;
    }
    CodePaths paths = new CodePaths(method);
    for (Map.Entry<AbstractInsnNode, Long> exit : exits.entrySet()) {
      boolean others = (exit.getValue() & ~Origins.SITE) != 0;
      if (others && paths.reaches(site, exit.getKey())) {
        return false;
      }
    }
    return true;
  }
}
