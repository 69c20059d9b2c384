package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.SiteKey;
import dev.tidepool.rewriting.site.TypeRef;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * Which calls return nothing but primitive arrays made for their caller: every array that the
 * method returns was made in it, or by a call of which the same is true, and was kept nowhere.
 *
 * <p>Where that depends on what the call is made on, as with {@code InputStream.readAllBytes()} of
 * any stream, it holds on condition that the objects asked say so of themselves.
 */
final class FreshResults {
  private static final int DEEPEST = 4;

  private final Summaries summaries;
  private final BiPredicate<TypeRef, ReceiverQuestion> answers;

  /**
   * What is known of a call's result.
   *
   * @param sources where the arrays are made; where there are conditions, where they usually are
   * @param conditions in terms of the call's operands
   */
  record Fresh(Set<SiteKey> sources, Set<Dependency> dependencies, Set<Condition> conditions) {
    Fresh() {
      this(new HashSet<>(), new HashSet<>(), new HashSet<>());
    }

    void add(Fresh other) {
      sources.addAll(other.sources);
      dependencies.addAll(other.dependencies);
      conditions.addAll(other.conditions);
    }
  }

  /**
   * @param answers what a class would say, asked where the class is known already
   */
  FreshResults(Summaries summaries, BiPredicate<TypeRef, ReceiverQuestion> answers) {
    this.summaries = summaries;
    this.answers = answers;
  }

  /** Null where the result may be an array that somebody else has. */
  Fresh of(MethodFlow flow, MethodInsnNode call) {
    Fresh certain = of(flow, call, false, 0);
    Fresh fresh = certain == null ? of(flow, call, true, 0) : certain;
    return fresh == null || fresh.sources.isEmpty() ? null : fresh;
  }

  /** What a class answers: conditions speak of the fields of the receiver alone; or null. */
  Fresh of(ClassFiles.Found method, TypeRef receiver) {
    Fresh fresh = of(method, receiver, true, 1);
    boolean askable =
        fresh != null && fresh.conditions.stream().allMatch(asked -> asked.path().root() == 0);
    return askable ? fresh : of(method, receiver, false, 1);
  }

  private Fresh of(MethodFlow flow, MethodInsnNode call, boolean conditional, int depth) {
    List<OriginValue> operands = flow.frames().operands(call);
    if (operands == null) {
      return new Fresh(); // nothing leads there
    }
    Fresh fresh = depth >= DEEPEST ? null : ofTargets(flow, call, operands, conditional, depth);
    boolean dispatched =
        call.getOpcode() == Opcodes.INVOKEVIRTUAL || call.getOpcode() == Opcodes.INVOKEINTERFACE;
    if (fresh == null && conditional && dispatched) {
      fresh = ofReceiver(flow, call, operands, depth);
    }
    if (fresh == null) {
      return null;
    }
    Set<Condition> lifted = new HashSet<>();
    for (Condition condition : fresh.conditions) {
      TypeRef exact = operands.get(condition.path().root()).exact();
      boolean known = condition.path().isArgument() && exact != null;
      Condition asked = flow.lifted(condition, operands);
      if (asked == null || (known && !answers.test(exact, condition.question()))) {
        return null;
      }
      lifted.add(asked);
    }
    return new Fresh(fresh.sources, fresh.dependencies, lifted);
  }

  private Fresh ofTargets(
      MethodFlow flow,
      MethodInsnNode call,
      List<OriginValue> operands,
      boolean conditional,
      int depth) {
    Fresh all = new Fresh();
    List<Calls.Target> targets = summaries.calls().targets(flow, call, operands, all.dependencies);
    if (targets == null || (conditional && targets.size() > 1)) {
      return null;
    }
    for (Calls.Target target : targets) {
      Fresh fresh = of(target.method(), target.receiver(), conditional, depth + 1);
      if (fresh == null) {
        return null;
      }
      all.add(fresh);
    }
    return all;
  }

  /** To be asked when the time comes; what is loaded says where the arrays may come from. */
  private Fresh ofReceiver(
      MethodFlow flow, MethodInsnNode call, List<OriginValue> operands, int depth) {
    ClassFiles.Found declared = summaries.calls().declared(flow, call);
    if (declared == null || declared.is(Opcodes.ACC_PRIVATE) || operands.get(0).exact() != null) {
      return null;
    }
    Fresh asking = new Fresh();
    List<Calls.Target> known = summaries.calls().targets(flow, call, operands, new HashSet<>());
    List<Calls.Target> likely = known == null ? List.of(new Calls.Target(declared, null)) : known;
    for (Calls.Target target : depth >= DEEPEST ? List.<Calls.Target>of() : likely) {
      Fresh one = of(target.method(), target.receiver(), true, depth + 1);
      if (one != null) {
        asking.sources.addAll(one.sources);
      }
    }
    asking.conditions.add(
        new Condition(AccessPath.argument(0), ReceiverQuestion.ofResult(call.name, call.desc)));
    return asking;
  }

  private Fresh of(ClassFiles.Found method, TypeRef receiver, boolean conditional, int depth) {
    if (method.is(Opcodes.ACC_NATIVE | Opcodes.ACC_ABSTRACT)
        || method.node().instructions.size() > Budget.LARGEST_METHOD
        || Summaries.hasSubroutines(method)) {
      return null;
    }
    MethodFlow flow = summaries.resultFlow(method, receiver, conditional);
    Summary summary = flow.run();
    List<AbstractInsnNode> makers = flow.returnedArrays();
    if (makers == null) {
      return null;
    }
    Fresh fresh = new Fresh();
    fresh.dependencies.addAll(summaries.closure(summary.dependencies, summary.callees));
    summary.conditions.forEach(condition -> fresh.conditions.add(condition.ofArrayOnly()));
    List<AbstractInsnNode> code = ClassCode.instructions(method.node());
    for (AbstractInsnNode maker : makers) {
      if (maker instanceof MethodInsnNode call && !OwnedArrays.copies(maker)) {
        Fresh inner = of(flow, call, conditional, depth);
        if (inner == null) {
          return null;
        }
        fresh.add(inner);
      } else {
        int index = method.code().bytecodeIndex(method.node(), code.indexOf(maker));
        fresh.sources.add(new SiteKey(method.key(), index));
      }
    }
    return fresh;
  }
}
