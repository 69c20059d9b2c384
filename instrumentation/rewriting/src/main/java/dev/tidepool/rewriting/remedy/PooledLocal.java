package dev.tidepool.rewriting.remedy;

import dev.tidepool.rewriting.site.Verdict;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * A site to be pooled in the method at hand.
 *
 * @param type operand of {@code newarray}; of an owner, of its arrays
 * @param maker the instruction of the site
 * @param construction the call after which the owner is an object; null where an array is made
 */
record PooledLocal(
    int site,
    int type,
    AbstractInsnNode maker,
    MethodInsnNode construction,
    Verdict.Proven proven) {

  /** Whether the array is not made here but comes from a call. */
  boolean result() {
    return construction == null && maker instanceof MethodInsnNode && !Copies.isCopy(maker);
  }

  boolean owner() {
    return construction != null;
  }

  /** Whether the variable may keep several arrays at once. */
  boolean several() {
    return !owner() && proven.several();
  }

  /** Whether the method may return the array itself. */
  boolean returned() {
    return !owner() && proven.returned();
  }

  /** How many variables the site has: an owner another for an array that it is about to drop. */
  int variables() {
    return owner() ? 2 : 1;
  }

  /** What the verifier is told of the site's variables. */
  String frameType() {
    return owner() || several() ? "java/lang/Object" : GateCalls.descriptor(type);
  }
}
