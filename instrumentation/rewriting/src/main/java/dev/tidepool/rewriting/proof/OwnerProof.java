package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.TypeRef;
import dev.tidepool.rewriting.site.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * Proves that an object stays with the method that makes it, and that certain of its arrays are its
 * own.
 *
 * <p>Nothing that an object holds is followed into its fields but primitive arrays, as long as the
 * object is not put into a field of its own; where it is found to be, the proof starts again with
 * that field as one that leads back. Since every method that ever sees the object is followed,
 * every array that comes to stand in its fields has been seen being put there.
 */
final class OwnerProof {
  private static final int MOST_ROUNDS = 4;

  private final ClassFiles files;
  private final Summaries summaries;
  private final GuardTable guards;

  OwnerProof(ClassFiles files, Summaries summaries, GuardTable guards) {
    this.files = files;
    this.summaries = summaries;
    this.guards = guards;
  }

  /**
   * @param site what makes the object: an instruction, or the call of one of the {@link Factories}
   */
  Verdict prove(ClassFiles.Found method, AbstractInsnNode site, List<AbstractInsnNode> code) {
    Set<String> leading = new HashSet<>();
    for (int round = 0; round < MOST_ROUNDS; round++) {
      Factories.Made made;
      try {
        made = made(method, site, Set.copyOf(leading));
      } catch (Factories.Refusal refusal) {
        return EscapeProof.refused(refusal.getMessage());
      }
      TypeRef type = made.type();
      MethodFlow flow =
          summaries
              .flow(
                  method,
                  new Summary.Key(method.key(), null, 0, true, 0, Set.copyOf(leading)),
                  site)
              .making(type);
      Summary summary = flow.run();
      Set<String> found = new HashSet<>(flow.leadingFound());
      found.addAll(made.leading());
      if (leading.addAll(ofHierarchy(type, found))) {
        continue;
      }
      Escape escape = flow.siteEscape();
      if (escape != null) {
        return EscapeProof.refused(flow.place(site), escape);
      }
      MethodInsnNode construction =
          site instanceof MethodInsnNode call ? call : flow.frames().construction();
      Set<Summary.Put> puts = new HashSet<>(made.puts());
      puts.addAll(flow.putsIntoOwner());
      List<Verdict.Field> fields = owned(type, puts);
      if (construction == null) {
        return EscapeProof.refused("the object is not made by one plain call of a constructor");
      }
      if (fields.isEmpty() && !hasMemory(type)) {
        return EscapeProof.refused("the object has no array of its own");
      }
      Set<Dependency> on = summaries.closure(summary.dependencies, summary.callees);
      on.addAll(made.dependencies());
      return new Verdict.Proven(
          flow.deadWhenReachedAgain(),
          false,
          EscapeProof.guarded(flow, code, guards, false),
          on,
          new Verdict.Owned(code.indexOf(construction), type, fields),
          Set.of(),
          EscapeProof.keepingOnThrow(flow, code));
    }
    return EscapeProof.refused("the object leads back to itself in too many ways");
  }

  private Factories.Made made(ClassFiles.Found method, AbstractInsnNode site, Set<String> leading)
      throws Factories.Refusal {
    if (site instanceof MethodInsnNode call) {
      return new Factories(files, summaries).of(method, call, leading);
    }
    String name = ((TypeInsnNode) site).desc;
    TypeRef type =
        files
            .resolve(method.owner(), name)
            .orElseThrow(() -> new Factories.Refusal(name.replace('/', '.') + " is not loaded"));
    return new Factories.Made(type, Set.of(), Set.of(), Set.of());
  }

  /** Whether what dies with the object is memory outside the heap. */
  private static boolean hasMemory(TypeRef type) {
    return type.loader().isBoot() && type.name().equals("java/nio/DirectByteBuffer");
  }

  private List<Verdict.Field> owned(TypeRef type, Set<Summary.Put> puts) {
    Set<String> own = new TreeSet<>();
    Set<String> foreign = new HashSet<>();
    for (Summary.Put put : puts) {
      (put.value() == Summary.Put.OWN ? own : foreign).add(put.field());
    }
    if (foreign.contains(OwnedArrays.ANY_FIELD)) {
      return List.of();
    }
    own.removeAll(foreign);
    own.remove(OwnedArrays.ANY_FIELD);
    List<Verdict.Field> fields = new ArrayList<>();
    for (String field : ofHierarchy(type, own)) {
      int dot = field.lastIndexOf('.');
      int space = field.indexOf(' ');
      TypeRef declaring = type;
      while (!declaring.name().equals(field.substring(0, dot))) {
        declaring = files.superclass(declaring);
      }
      fields.add(
          new Verdict.Field(
              declaring, field.substring(dot + 1, space), field.substring(space + 1)));
    }
    return fields;
  }

  /** Those fields that an object of this class has, and what may be any field. */
  private Set<String> ofHierarchy(TypeRef type, Set<String> fields) {
    Set<String> names = new HashSet<>();
    for (TypeRef t = type; t != null; t = files.superclass(t)) {
      names.add(t.name());
    }
    Set<String> kept = new TreeSet<>();
    for (String field : fields) {
      int dot = field.lastIndexOf('.');
      if (dot < 0 || names.contains(field.substring(0, dot))) {
        kept.add(field);
      }
    }
    return kept;
  }
}
