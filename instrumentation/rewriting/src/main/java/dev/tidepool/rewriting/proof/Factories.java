package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.code.ReviewedList;
import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.TypeRef;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * Static methods that make one object for their caller, which is then the owner's maker as if it
 * had called the constructor itself. Which are looked at says {@code factories.txt}; that the
 * object is new, of exactly one class, and in nobody else's hands is shown by a flow through the
 * method.
 */
public final class Factories {
  private static final Map<String, String> MADE = load();

  private final ClassFiles files;
  private final Summaries summaries;

  /**
   * What one call of such a method does.
   *
   * @param type the class of what is made
   * @param puts what was put into the object
   * @param leading fields found to lead back to it
   */
  record Made(
      TypeRef type, Set<Summary.Put> puts, Set<String> leading, Set<Dependency> dependencies) {}

  /** The method does not only make an object. */
  static final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    Refusal(String message) {
      super(message, null, false, false);
    }
  }

  Factories(ClassFiles files, Summaries summaries) {
    this.files = files;
    this.summaries = summaries;
  }

  private static Map<String, String> load() {
    Map<String, String> made = new HashMap<>();
    for (String line : ReviewedList.lines(Factories.class, "factories.txt")) {
      String[] words = line.split(" +", -1);
      made.put(words[0], words[1]);
    }
    return made;
  }

  /** The class of what the call makes, as the list has it; null where it is not in the list. */
  public static String made(AbstractInsnNode insn) {
    return insn instanceof MethodInsnNode call && call.getOpcode() == Opcodes.INVOKESTATIC
        ? MADE.get(call.owner + "." + call.name + call.desc)
        : null;
  }

  /**
   * What the call does.
   *
   * @param leading fields known to lead back to the object
   */
  Made of(ClassFiles.Found caller, MethodInsnNode call, Set<String> leading) throws Refusal {
    TypeRef named = files.resolve(caller.owner(), call.owner).orElse(null);
    ClassFiles.Found method = named == null ? null : files.find(named, call.name, call.desc);
    if (method == null
        || !method.is(Opcodes.ACC_STATIC)
        || method.is(Opcodes.ACC_NATIVE)
        || method.node().instructions.size() > Budget.LARGEST_METHOD) {
      throw new Refusal("the code of " + Names.call(call) + " cannot be read");
    }
    TypeInsnNode maker = maker(method, made(call));
    TypeRef type = maker == null ? null : files.resolve(method.owner(), maker.desc).orElse(null);
    if (type == null) {
      throw new Refusal(Names.call(call) + " does not make one " + made(call).replace('/', '.'));
    }
    Summary.Key key = new Summary.Key(method.key(), null, 0, true, 0, leading);
    MethodFlow flow = summaries.flow(method, key, maker);
    Summary summary = flow.run();
    if (!flow.madeForCaller()) {
      throw new Refusal(Names.call(call) + " may hand what it makes to others");
    }
    Set<Dependency> on = new HashSet<>(summaries.closure(summary.dependencies, summary.callees));
    on.add(new Dependency.Body(named));
    return new Made(type, flow.putsIntoOwner(), flow.leadingFound(), on);
  }

  /** The one instruction of the method that makes such an object, once a call; else null. */
  private static TypeInsnNode maker(ClassFiles.Found method, String made) {
    TypeInsnNode found = null;
    for (AbstractInsnNode insn : ClassCode.instructions(method.node())) {
      if (insn instanceof TypeInsnNode type
          && type.getOpcode() == Opcodes.NEW
          && type.desc.equals(made)) {
        if (found != null) {
          return null;
        }
        found = type;
      }
    }
    boolean again = found != null && new CodePaths(method.node()).reaches(found, found);
    return again ? null : found;
  }
}
