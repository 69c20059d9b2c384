package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.Nomination;
import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.growth.Growable;
import dev.tidepool.rewriting.growth.Growables;
import dev.tidepool.rewriting.proof.LocalObject;
import dev.tidepool.rewriting.remedy.GrowableCall;
import dev.tidepool.rewriting.site.Allocation;
import dev.tidepool.rewriting.site.MethodKey;
import dev.tidepool.rewriting.site.TypeRef;
import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Lists the places of a class where objects are made whose array grows. */
final class GrowableFinder {
  private final Growables growables = Growables.load();

  /**
   * A place found.
   *
   * @param seen who can see the capacity, or null where nobody can
   */
  record Found(
      SiteFinder.Found site, Growable growable, Growable.Start start, int given, String seen) {}

  /** The places that a hint names: in one method, or in all, of the classes that grew. */
  List<Found> find(TypeRef maker, ClassCode code, Nomination hint) {
    List<Found> found = new ArrayList<>();
    for (MethodNode node : code.node().methods) {
      if (SiteFinder.means(hint, node)) {
        find(maker, code, node, found);
      }
    }
    if (hint.through() != null) {
      found.removeIf(each -> !hint.through().contains(each.growable().sourceName()));
    }
    return found;
  }

  private void find(TypeRef maker, ClassCode code, MethodNode node, List<Found> found) {
    for (ClassCode.Located at : ClassCode.located(node)) {
      AbstractInsnNode insn = at.insn();
      GrowableCall call = GrowableCall.of(insn);
      Growable growable = call == null ? null : growables.get(call.call().owner);
      if (growable != null && (call.constant() == null || call.constant() > 0)) {
        MethodKey method = new MethodKey(maker, node.name, node.desc);
        Allocation what = new Allocation.Growable(growable.className());
        int given = call.constant() == null ? growable.capacity() : call.constant();
        found.add(
            new Found(
                SiteFinder.found(method, code, node, at, what),
                growable,
                new Growable.Start(
                    given, growable.lazy() && call.constant() == null, call.filled()),
                given,
                seen(maker, node, call, growable)));
      }
    }
  }

  private static String seen(TypeRef maker, MethodNode node, GrowableCall call, Growable growable) {
    if (growable.sight() == Growable.Sight.HIDDEN) {
      return null;
    }
    if (growable.sight() == Growable.Sight.WRITTEN) {
      return isWritten(node, growable) ? "writeTo() hands its array to a stream" : null;
    }
    AbstractInsnNode made = call.call();
    while (made.getOpcode() != Opcodes.NEW) {
      made = made.getPrevious();
    }
    return LocalObject.seen(maker.name(), node, made);
  }

  private static boolean isWritten(MethodNode node, Growable growable) {
    for (AbstractInsnNode insn : node.instructions) {
      if (insn instanceof MethodInsnNode call
          && call.name.equals("writeTo")
          && call.owner.equals(growable.className())) {
        return true;
      }
    }
    return false;
  }
}
