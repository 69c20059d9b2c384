package dev.tidepool.rewriting.remedy;

import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Calls that may keep a site's array where they throw. While one is under way the site's variables
 * are empty, so that nothing is given back when it throws, neither on the way out nor after a
 * handler of the method's own; what was in them waits in temporaries, which have a meaning between
 * the two sides of the call only, and no frame.
 */
final class OnThrow {
  /** Where the code goes. */
  interface Around {
    void put(AbstractInsnNode call, InsnList before, InsnList after);
  }

  private final List<AbstractInsnNode> original;

  OnThrow(List<AbstractInsnNode> original) {
    this.original = original;
  }

  /**
   * To be done last: what else stands before such a call reads the variables, and what stands
   * behind it may fill them anew.
   *
   * @param firstLocal the sites' variables, those of one behind those of the other
   * @return how many temporaries are taken, behind the variables
   */
  int hold(List<PooledLocal> sites, int firstLocal, Around around) {
    int variables = sites.stream().mapToInt(PooledLocal::variables).sum();
    int local = firstLocal;
    boolean any = false;
    for (PooledLocal site : sites) {
      for (int ordinal : site.proven().keepingOnThrow().stream().sorted().toList()) {
        InsnList before = new InsnList();
        InsnList after = new InsnList();
        for (int i = local; i < local + site.variables(); i++) {
          before.add(new VarInsnNode(Opcodes.ALOAD, i));
          before.add(new VarInsnNode(Opcodes.ASTORE, i + variables));
          before.add(new InsnNode(Opcodes.ACONST_NULL));
          before.add(new VarInsnNode(Opcodes.ASTORE, i));
          after.add(new VarInsnNode(Opcodes.ALOAD, i + variables));
          after.add(new VarInsnNode(Opcodes.ASTORE, i));
        }
        around.put(original.get(ordinal), before, after);
        any = true;
      }
      local += site.variables();
    }
    return any ? variables : 0;
  }
}
