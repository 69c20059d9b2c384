package dev.tidepool.rewriting.proof;

import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Frame;

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
  long unseen(OriginValue value, long followed) {
    long origins = value.origins() & followed;
    if (site == null) {
      return origins;
    }
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

  /**
   * Whether it is, wherever the method returns: then there is never anything to give back.
   *
   * @param before what locals and stack hold before the site
   */
  boolean always(Frame<OriginValue> before) {
    try {
      return itself && before != null && new ReturnPaths(method, site).alwaysReturnTheArray(before);
    } catch (AnalyzerException odd) {
      throw new Budget.Spent("its returns cannot be followed");
    }
  }
}
