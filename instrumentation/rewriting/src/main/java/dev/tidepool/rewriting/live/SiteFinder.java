package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.remedy.Copies;
import dev.tidepool.rewriting.site.Allocation;
import dev.tidepool.rewriting.site.MethodKey;
import dev.tidepool.rewriting.site.SiteKey;
import dev.tidepool.rewriting.site.TypeRef;
import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodNode;

/** Lists the places of a class where primitive arrays are made or copied. */
final class SiteFinder {
  private static final int ID_LENGTH = 8;
  private static final long PRIME = 0x100000001B3L;

  private SiteFinder() {}

  /** A place found. */
  record Found(SiteKey key, TrackedSite.Place place) {}

  /**
   * The sites of one method, or of all.
   *
   * @param method null for all
   * @param descriptor null for any
   */
  static List<Found> find(TypeRef owner, ClassCode code, String method, String descriptor) {
    List<Found> found = new ArrayList<>();
    for (MethodNode node : code.node().methods) {
      if ((method == null || node.name.equals(method))
          && (descriptor == null || node.desc.equals(descriptor))) {
        find(owner, code, node, found);
      }
    }
    return found;
  }

  private static void find(TypeRef owner, ClassCode code, MethodNode node, List<Found> found) {
    MethodKey key = new MethodKey(owner, node.name, node.desc);
    long digest = -1;
    int ordinal = 0;
    int line = -1;
    for (AbstractInsnNode insn : node.instructions) {
      if (insn instanceof LineNumberNode number) {
        line = number.line;
      }
      if (insn.getOpcode() < 0) {
        continue;
      }
      if (insn.getOpcode() == Opcodes.NEWARRAY || Copies.isCopy(insn)) {
        if (digest < 0) {
          digest = MethodDigest.of(code, node.name, node.desc);
        }
        found.add(
            new Found(
                new SiteKey(key, code.bytecodeIndex(node, ordinal)),
                new TrackedSite.Place(
                    ordinal, new Allocation.Array(Copies.arrayType(insn)), line, digest)));
      }
      ordinal++;
    }
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
