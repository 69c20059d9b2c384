package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.GuardedCall;
import dev.tidepool.rewriting.site.MethodKey;
import dev.tidepool.rewriting.site.SiteKey;
import dev.tidepool.rewriting.site.TypeRef;
import dev.tidepool.rewriting.site.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Proves or refuses sites, and judges receivers for the guards. Not thread-safe: one analysis
 * thread uses it.
 */
public final class EscapeProof {
  private final ClassFiles files;
  private final Contracts contracts = Contracts.load();
  private final Summaries summaries;
  private final GuardTable guards;
  private final Budget budget;

  /**
   * @param budget most time for one site; past it the site is refused as too large to prove
   */
  public EscapeProof(ClassWorld world, GuardTable guards, Duration budget) {
    this.files = new ClassFiles(world);
    this.guards = guards;
    this.budget = new Budget(budget);
    this.summaries = new Summaries(files, contracts, this.budget);
  }

  /** Never throws for odd code: refuses. */
  public Verdict prove(SiteKey site) {
    budget.begin();
    try {
      return summaries.toFixpoint(() -> proveOnce(site));
    } catch (Budget.Spent spent) {
      return refused("too large to prove: " + spent.getMessage());
    } catch (RuntimeException | StackOverflowError odd) {
      return refused("cannot be analysed: " + odd);
    }
  }

  private Verdict proveOnce(SiteKey site) {
    MethodKey key = site.method();
    ClassFiles.Found method = files.declared(key.owner(), key.name(), key.descriptor());
    if (method == null) {
      return refused("its class file cannot be read");
    }
    int ordinal = method.code().ordinal(method.node(), site.bytecodeIndex());
    List<AbstractInsnNode> code = ClassCode.instructions(method.node());
    int opcode = ordinal < 0 ? -1 : code.get(ordinal).getOpcode();
    if (opcode == Opcodes.PUTFIELD) {
      return new ReplacedProof(files, summaries, contracts, guards)
          .prove(method, (FieldInsnNode) code.get(ordinal));
    }
    if (opcode == Opcodes.RETURN) {
      return HandBacks.prove(method);
    }
    boolean factory = ordinal >= 0 && Factories.made(code.get(ordinal)) != null;
    boolean returned = ordinal >= 0 && OwnedArrays.returnsArray(code.get(ordinal));
    if (opcode != Opcodes.NEWARRAY
        && opcode != Opcodes.NEW
        && !returned
        && !factory
        && (ordinal < 0 || !OwnedArrays.copies(code.get(ordinal)))) {
      return refused("no primitive array is made there");
    }
    AbstractInsnNode insn = code.get(ordinal);
    if (factory && Coders.has(key.owner())) {
      return Coders.prove(method, guards);
    }
    String unfit = unfit(method, code, ordinal);
    if (unfit != null) {
      return refused(unfit);
    }
    if (insn instanceof TypeInsnNode made
        && opcode == Opcodes.NEW
        && made.desc.equals(BuilderProof.BUILDER)) {
      return BuilderProof.prove(files, method, insn, code);
    }
    if (opcode == Opcodes.NEW || factory) {
      return new OwnerProof(files, summaries, guards).prove(method, insn, code);
    }
    MethodFlow flow = summaries.flow(method, new Summary.Key(key, null, 0, true), insn);
    Summary summary = flow.run();
    Escape escape = flow.siteEscape();
    if (escape != null) {
      return refused(flow.place(insn), escape);
    }
    Set<Dependency> on = summaries.closure(summary.dependencies, summary.callees);
    Set<SiteKey> sources = Set.of();
    List<GuardedCall> asked = guarded(flow, code, guards, true);
    if (returned && !OwnedArrays.copies(insn)) {
      FreshResults.Fresh fresh = freshResults().of(flow, (MethodInsnNode) insn);
      if (fresh == null) {
        return refused("the array may be one that somebody else has");
      }
      if (flow.severalHeld() && !fresh.conditions().isEmpty()) {
        return refused("whether somebody else has it would be asked too late");
      }
      on.addAll(fresh.dependencies());
      sources = fresh.sources();
      for (Condition condition : fresh.conditions()) {
        int root = condition.path().root();
        asked.add(new GuardedCall(ordinal, root, guards.guard(condition), true));
      }
    }
    return new Verdict.Proven(
        flow.deadWhenReachedAgain(),
        false,
        asked,
        on,
        null,
        sources,
        keepingOnThrow(flow, code),
        flow.severalHeld(),
        flow.maybeReturned(),
        null);
  }

  /** The class of a receiver that is let pass may keep what it is handed where it throws. */
  static Set<Integer> keepingOnThrow(MethodFlow flow, List<AbstractInsnNode> code) {
    Set<Integer> ordinals = new HashSet<>();
    flow.keepingOnThrow().forEach(call -> ordinals.add(code.indexOf(call)));
    return ordinals;
  }

  /**
   * The calls that ask, and their guards.
   *
   * @param arrayOnly whether the site makes an array; else an owner
   */
  static List<GuardedCall> guarded(
      MethodFlow flow, List<AbstractInsnNode> code, GuardTable guards, boolean arrayOnly) {
    List<GuardedCall> asked = new ArrayList<>();
    for (MethodFlow.Ask ask : flow.asks()) {
      Condition condition = arrayOnly ? ask.condition().ofArrayOnly() : ask.condition();
      int guard = guards.guard(condition);
      asked.add(new GuardedCall(code.indexOf(ask.call()), condition.path().root(), guard));
    }
    return asked;
  }

  private static String unfit(ClassFiles.Found method, List<AbstractInsnNode> code, int ordinal) {
    if (code.size() > Budget.LARGEST_METHOD) {
      return "too large to prove: the method has " + code.size() + " instructions";
    }
    if (Summaries.hasSubroutines(method)) {
      return "the method has subroutines (jsr) of an old compiler";
    }
    if (method.node().name.equals("<init>") && !afterSuper(code, ordinal)) {
      return "made before the constructor has called super()";
    }
    return null;
  }

  /**
   * Whether the site certainly lies behind the call of super() or this(): there is one such call on
   * local 0, and everything before it runs straight through.
   */
  private static boolean afterSuper(List<AbstractInsnNode> code, int ordinal) {
    int made = 0;
    for (int i = 0; i < ordinal; i++) {
      AbstractInsnNode insn = code.get(i);
      if (insn.getOpcode() == Opcodes.NEW) {
        made++;
      } else if (insn instanceof VarInsnNode store
          && store.getOpcode() == Opcodes.ASTORE
          && store.var == 0) {
        return false;
      } else if (insn instanceof MethodInsnNode call
          && call.getOpcode() == Opcodes.INVOKESPECIAL
          && call.name.equals("<init>")
          && made-- == 0) {
        return true;
      } else if (insn instanceof org.objectweb.asm.tree.JumpInsnNode) {
        return false;
      }
    }
    return false;
  }

  /**
   * What one class does when asked; conditions speak of the receiver's own fields only.
   *
   * @param passing whether a no may be a yes later, when more classes are loaded
   */
  record Judgement(
      boolean allowed,
      String reason,
      boolean passing,
      Set<Condition> conditions,
      Set<Dependency> on) {

    /** The same, to be judged again. */
    Judgement forNow() {
      return new Judgement(allowed, reason, true, conditions, on);
    }
  }

  Judgement judge(TypeRef receiver, ReceiverQuestion question) {
    budget.begin();
    try {
      Judgement judgement = summaries.toFixpoint(() -> judgeOnce(receiver, question));
      return judgement.allowed() || !summaries.missedClasses() ? judgement : judgement.forNow();
    } catch (Budget.Spent spent) {
      return denied("too large to prove: " + spent.getMessage());
    } catch (RuntimeException | StackOverflowError odd) {
      return denied("cannot be analysed: " + odd);
    }
  }

  private Judgement judgeOnce(TypeRef receiver, ReceiverQuestion question) {
    ClassFiles.Found target = files.select(receiver, question.name(), question.descriptor());
    if (target == null || target.is(Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) {
      return denied("its code cannot be read");
    }
    if (question.isOfResult()) {
      return judgeResult(receiver, target);
    }
    Judgement judgement = judgeOnce(receiver, question, target, true);
    boolean askable = judgement.conditions().stream().allMatch(c -> c.path().root() == 0);
    return askable ? judgement : judgeOnce(receiver, question, target, false);
  }

  private FreshResults freshResults() {
    return new FreshResults(summaries, (type, question) -> judgeOnce(type, question).allowed());
  }

  private Judgement judgeResult(TypeRef receiver, ClassFiles.Found target) {
    FreshResults.Fresh fresh = freshResults().of(target, receiver);
    if (fresh == null) {
      return denied("what it returns may be an array that somebody else has");
    }
    Set<Dependency> on = new HashSet<>(fresh.dependencies());
    on.add(new Dependency.Body(receiver));
    return new Judgement(true, "", false, fresh.conditions(), on);
  }

  private Judgement judgeOnce(
      TypeRef receiver, ReceiverQuestion question, ClassFiles.Found target, boolean conditional) {
    Summary.Key key =
        new Summary.Key(target.key(), receiver, question.operands(), conditional)
            .withExact(question.exact());
    Summary summary = summaries.of(key, target);
    Escape escape = summary.firstEscape();
    if (escape != null) {
      return denied(escape);
    }
    if (summary.returned != 0 && !question.returning()) {
      return denied("returned with what it returns");
    }
    if (!question.arrayOnly()
        && summary.puts.stream().anyMatch(put -> put.value() != Summary.Put.OWN)) {
      return denied("an array is put into what it is called with");
    }
    for (int k = 0; k < summary.storedInto.length; k++) {
      if (summary.storedInto[k] != 0) {
        Escape how = summary.storedHow[k];
        return how == null ? denied("kept in an object it is called with") : denied(how);
      }
    }
    if (summary.keptOnThrow != 0 && !question.onThrow()) {
      return denied("kept where it throws, and the caller goes on");
    }
    Set<Dependency> on = summaries.closure(Set.of(), Set.of(key));
    on.add(new Dependency.Body(receiver));
    Set<Condition> conditions = new HashSet<>();
    for (Condition condition : summary.conditions) {
      Condition asked = question.onThrow() ? condition : condition.evenOnThrow();
      conditions.add(question.arrayOnly() ? asked.ofArrayOnly() : asked);
    }
    return new Judgement(true, "", false, conditions, on);
  }

  private static Judgement denied(String reason) {
    return new Judgement(false, reason, false, Set.of(), Set.of());
  }

  private static Judgement denied(Escape escape) {
    return new Judgement(false, escape.reason(), escape.passing(), Set.of(), Set.of());
  }

  /** Drops what rests on the code of this class or on the classes below it. */
  public void forget(TypeRef type) {
    summaries.forget(type);
  }

  /**
   * From now on somebody watches what kept conclusions rest on, as {@link #takeUnwatched} tells,
   * and has them forgotten in time; else the classes are counted before each proof.
   */
  public void areWatched() {
    summaries.areWatched();
  }

  /** What conclusions rest on that were kept since this was asked last. */
  public Set<Dependency> takeUnwatched() {
    return summaries.takeUnwatched();
  }

  /** Drops the code that was read, but not what was concluded from it. */
  public void forgetCode() {
    files.forget();
  }

  /** Drops conclusions, but not the code they were drawn from. */
  public void forgetConclusions() {
    summaries.forgetConclusions();
  }

  /** There is another list of loaded classes. */
  public void otherClasses() {
    summaries.otherClasses();
  }

  /** Drops every conclusion: the classes may not be those they were drawn from. */
  public void forgetAll() {
    summaries.forgetAll();
  }

  static Verdict refused(String reason) {
    return new Verdict.Refused(reason, List.of(), false);
  }

  static Verdict refused(String made, Escape escape) {
    List<String> path = new ArrayList<>();
    path.add("allocated at " + made);
    path.addAll(escape.steps());
    path.add(escape.what() + " at " + escape.place());
    return new Verdict.Refused(escape.reason(), path, escape.passing());
  }
}
