package dev.tidepool.rewriting.remedy;

import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Has growing objects start where their site has learned, and looked at while they grow. */
final class Presizing {
  private final GateCalls gate;
  private final MethodNode method;
  private final List<AbstractInsnNode> original;

  Presizing(GateCalls gate, MethodNode method, List<AbstractInsnNode> original) {
    this.gate = gate;
    this.method = method;
    this.original = original;
  }

  /** Fails where the instruction does not make such an object as the plan means. */
  static void check(AbstractInsnNode site, Presize remedy) throws PlanRefused {
    GrowableCall made = GrowableCall.of(site);
    if (made == null
        || !made.call().owner.equals(remedy.className())
        || (made.constant() != null && made.constant() != remedy.given())) {
      throw new PlanRefused("the instruction makes no growing object by a plain call");
    }
  }

  /** Comes last, so that what others put around the call stays around it. */
  void apply(SitePlan plan, Presize remedy) {
    MethodInsnNode call = (MethodInsnNode) original.get(plan.ordinal());
    InsnList made = new InsnList();
    if (remedy.acts() && call.desc.equals(GrowableCall.OF_TEXT)) {
      // made as ever, whatever the text, and given room at once
      made.add(new InsnNode(Opcodes.DUP));
      made.add(GateCalls.push(remedy.given()));
      made.add(gate.capacity(plan.id()));
      made.add(
          new MethodInsnNode(
              Opcodes.INVOKEVIRTUAL, remedy.className(), "ensureCapacity", "(I)V", false));
    } else if (remedy.acts()) {
      InsnList start = new InsnList();
      if (call.desc.equals("()V")) {
        start.add(GateCalls.push(remedy.given()));
      }
      start.add(gate.capacity(plan.id()));
      method.instructions.insertBefore(call, start);
      call.desc = "(I)V";
    }
    made.add(new InsnNode(Opcodes.DUP));
    made.add(gate.made(plan.id()));
    method.instructions.insert(call, made);
  }
}
