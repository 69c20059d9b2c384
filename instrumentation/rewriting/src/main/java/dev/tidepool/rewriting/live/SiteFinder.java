package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.Nomination;
import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.proof.Overwriting;
import dev.tidepool.rewriting.remedy.Copies;
import dev.tidepool.rewriting.remedy.GrowableCall;
import dev.tidepool.rewriting.site.Allocation;
import dev.tidepool.rewriting.site.MethodKey;
import dev.tidepool.rewriting.site.SiteKey;
import dev.tidepool.rewriting.site.TypeRef;
import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Lists the places of a class where primitive arrays are made or copied. */
final class SiteFinder {
  private static final int ID_LENGTH = 8;
  private static final long MOST_ELEMENT_BYTES = 8;
  private static final long PRIME = 0x100000001B3L;

  private SiteFinder() {}

  /** A place found. */
  record Found(SiteKey key, TrackedSite.Place place) {}

  /**
   * The sites that a hint names: those of a method, or of all, or the ones at a place.
   *
   * @param minBytes arrays of a constant length that have fewer are left out
   */
  static List<Found> find(TypeRef owner, ClassCode code, Nomination hint, long minBytes) {
    List<Found> found = new ArrayList<>();
    for (MethodNode node : code.node().methods) {
      if (means(hint, node)) {
        find(owner, code, node, minBytes, found);
      }
    }
    return hint.bytecodeIndex() < 0 ? found : at(found, hint);
  }

  /** Whether the hint is of this method. */
  static boolean means(Nomination hint, MethodNode node) {
    return (hint.method() == null || node.name.equals(hint.method()))
        && (hint.descriptor() == null || node.desc.equals(hint.descriptor()));
  }

  /** By index; by line where the code that was sampled is rewritten already; else all. */
  private static List<Found> at(List<Found> found, Nomination hint) {
    List<Found> there =
        found.stream().filter(each -> each.key.bytecodeIndex() == hint.bytecodeIndex()).toList();
    if (!there.isEmpty() || hint.line() <= 0) {
      return there.isEmpty() ? found : there;
    }
    return found.stream().filter(each -> each.place.line() == hint.line()).toList();
  }

  private static void find(
      TypeRef owner, ClassCode code, MethodNode node, long minBytes, List<Found> found) {
    MethodKey key = new MethodKey(owner, node.name, node.desc);
    long digest = -1;
    for (ClassCode.Located at : ClassCode.located(node)) {
      AbstractInsnNode insn = at.insn();
      if ((insn.getOpcode() == Opcodes.NEWARRAY && !isSmall(insn, minBytes))
          || Copies.isCopy(insn)) {
        if (digest < 0) { // once, however many arrays the method makes
          digest = MethodDigest.of(code, node.name, node.desc);
        }
        found.add(
            new Found(
                new SiteKey(key, code.bytecodeIndex(node, at.ordinal())),
                new TrackedSite.Place(
                    at.ordinal(),
                    new Allocation.Array(Copies.arrayType(insn)),
                    at.line(),
                    digest,
                    first(node, insn))));
      }
    }
  }

  /** The site of what an instruction of a method makes. */
  static Found found(
      MethodKey key, ClassCode code, MethodNode node, ClassCode.Located at, Allocation what) {
    long digest = MethodDigest.of(code, node.name, node.desc);
    return new Found(
        new SiteKey(key, code.bytecodeIndex(node, at.ordinal())),
        new TrackedSite.Place(at.ordinal(), what, at.line(), digest));
  }

  private static TrackedSite.FirstUse first(MethodNode node, AbstractInsnNode insn) {
    if (Copies.isCopy(insn)) {
      return TrackedSite.FirstUse.COPY;
    }
    return Overwriting.follows(node, insn)
        ? TrackedSite.FirstUse.OVERWRITING
        : TrackedSite.FirstUse.ANY;
  }

  /** Whether the code itself says that the array is smaller than any that is pooled. */
  private static boolean isSmall(AbstractInsnNode insn, long minBytes) {
    Integer length = GrowableCall.operand(insn);
    return length != null && length * MOST_ELEMENT_BYTES < minBytes;
  }

  /** Eight characters that are the same wherever the same class file is loaded. */
  static String id(SiteKey site) {
    String text = site.method().owner().name() + "." + site;
    long hash = 0xCBF29CE484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * PRIME;
    }
    hash ^= hash >>> 31;
    String digits = Long.toUnsignedString(hash, 36);
    return digits.length() >= ID_LENGTH
        ? digits.substring(digits.length() - ID_LENGTH)
        : "0".repeat(ID_LENGTH - digits.length()) + digits;
  }
}
