package dev.tidepool.rewriting.proof;

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

  Verdict prove(ClassFiles.Found method, TypeInsnNode site, List<AbstractInsnNode> code) {
    TypeRef type = files.resolve(method.owner(), site.desc).orElse(null);
    if (type == null) {
      return EscapeProof.refused(site.desc.replace('/', '.') + " is not loaded");
    }
    Set<String> leading = new HashSet<>();
    for (int round = 0; round < MOST_ROUNDS; round++) {
      MethodFlow flow =
          summaries.flow(
              method, new Summary.Key(method.key(), null, 0, true, 0, Set.copyOf(leading)), site);
      Summary summary = flow.run();
      if (leading.addAll(ofHierarchy(type, flow.leadingFound()))) {
        continue;
      }
      Escape escape = flow.siteEscape();
      if (escape != null) {
        return EscapeProof.refused(flow.place(site), escape);
      }
      MethodInsnNode construction = flow.frames().construction();
      List<Verdict.Field> fields = owned(type, flow.putsIntoOwner());
      if (construction == null) {
        return EscapeProof.refused("the object is not made by one plain call of a constructor");
      }
      if (fields.isEmpty()) {
        return EscapeProof.refused("the object has no array of its own");
      }
      return new Verdict.Proven(
          flow.deadWhenReachedAgain(),
          false,
          EscapeProof.guarded(flow, code, guards),
          summaries.closure(summary.dependencies, summary.callees),
          new Verdict.Owned(code.indexOf(construction), fields),
          Set.of(),
          EscapeProof.keepingOnThrow(flow, code));
    }
    return EscapeProof.refused("the object leads back to itself in too many ways");
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
