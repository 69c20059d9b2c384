package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.SiteKey;
import dev.tidepool.rewriting.site.TypeRef;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * Which calls return nothing but primitive arrays made for their caller: every array that the
 * method returns was made in it, or by a call of which the same is true, and was kept nowhere.
 */
final class FreshResults {
  private static final int DEEPEST = 4;

  private final Summaries summaries;

  /**
   * What is known of a call's result.
   *
   * @param sources where the arrays are made
   */
  record Fresh(Set<SiteKey> sources, Set<Dependency> dependencies) {}

  FreshResults(Summaries summaries) {
    this.summaries = summaries;
  }

  /** Null where the result may be an array that somebody else has. */
  Fresh of(MethodFlow flow, MethodInsnNode call) {
    Fresh fresh = new Fresh(new HashSet<>(), new HashSet<>());
    return add(flow, call, fresh, 0) && !fresh.sources.isEmpty() ? fresh : null;
  }

  private boolean add(MethodFlow flow, MethodInsnNode call, Fresh fresh, int depth) {
    List<OriginValue> operands = flow.frames().operands(call);
    if (operands == null) {
      return true;
    }
    List<Calls.Target> targets =
        depth >= DEEPEST
            ? null
            : summaries.calls().targets(flow, call, operands, fresh.dependencies);
    if (targets == null) {
      return false;
    }
    for (Calls.Target target : targets) {
      if (!add(target.method(), target.receiver(), fresh, depth + 1)) {
        return false;
      }
    }
    return true;
  }

  private boolean add(ClassFiles.Found method, TypeRef receiver, Fresh fresh, int depth) {
    if (method.is(Opcodes.ACC_NATIVE | Opcodes.ACC_ABSTRACT)
        || method.node().instructions.size() > Budget.LARGEST_METHOD
        || Summaries.hasSubroutines(method)) {
      return false;
    }
    MethodFlow flow = summaries.resultFlow(method, receiver);
    Summary summary = flow.run();
    List<AbstractInsnNode> makers = flow.returnedArrays();
    if (makers == null) {
      return false;
    }
    fresh.dependencies.addAll(summaries.closure(summary.dependencies, summary.callees));
    List<AbstractInsnNode> code = ClassCode.instructions(method.node());
    for (AbstractInsnNode maker : makers) {
      if (maker instanceof MethodInsnNode call && !OwnedArrays.copies(maker)) {
        if (!add(flow, call, fresh, depth)) {
          return false;
        }
      } else {
        int index = method.code().bytecodeIndex(method.node(), code.indexOf(maker));
        fresh.sources.add(new SiteKey(method.key(), index));
      }
    }
    return true;
  }
}
