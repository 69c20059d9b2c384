package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.TypeRef;
import dev.tidepool.rewriting.site.Verdict;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * Proves that a builder of text stays in its method, where only strings and builders are handed it.
 *
 * <p>Their code is not followed, since it passes the array through helpers that return it or a
 * longer one. It is taken on trust instead, reviewed against OpenJDK 17 and 25: what strings,
 * builders and string writers are handed they read the text of, and keep neither the builder nor
 * its array; a builder's array is one that it has made, which no other object ever has; and nothing
 * behind the text is read before it is written ({@code setLength} writes zeros).
 */
public final class BuilderProof {
  /** The one class of such objects. */
  public static final String BUILDER = "java/lang/StringBuilder";

  private static final String SIZED = "(I)V";
  private static final String PLAIN = "()V";

  private BuilderProof() {}

  static Verdict prove(
      ClassFiles files,
      ClassFiles.Found method,
      AbstractInsnNode made,
      List<AbstractInsnNode> code) {
    TypeRef type = files.resolve(method.owner(), BUILDER).orElse(null);
    TypeRef declaring = type == null ? null : files.superclass(type);
    MethodInsnNode construction = construction(made);
    if (declaring == null || !type.loader().isBoot() || construction == null) {
      return EscapeProof.refused("the builder is not made by one plain call of a constructor");
    }
    if (!hasRoom(construction)) {
      return EscapeProof.refused("the builder is made with a text in it");
    }
    LocalObject.Sight sight = LocalObject.sight(method.owner().name(), method.node(), made);
    if (sight.seen() != null) {
      String why = "its capacity may be seen: " + sight.seen();
      return new Verdict.Refused(why, List.of("made at " + method.place(made), why), false);
    }
    return new Verdict.Proven(
        sight.deadWhenMadeAgain(),
        true,
        List.of(),
        Set.of(new Dependency.Body(method.owner())),
        new Verdict.Owned(
            code.indexOf(construction), type, List.of(new Verdict.Field(declaring, "value", "[B"))),
        Set.of());
  }

  /** Whether the constructor is told at most how much room to make. */
  public static boolean hasRoom(MethodInsnNode construction) {
    return construction.owner.equals(BUILDER)
        && (construction.desc.equals(SIZED) || construction.desc.equals(PLAIN));
  }

  /** The call that makes what is begun here an object, as compilers write it; or null. */
  public static MethodInsnNode construction(AbstractInsnNode made) {
    int within = 0;
    for (AbstractInsnNode at = made.getNext(); at != null; at = at.getNext()) {
      if (at.getOpcode() == Opcodes.NEW) {
        within++;
      } else if (at instanceof MethodInsnNode call
          && call.getOpcode() == Opcodes.INVOKESPECIAL
          && call.name.equals("<init>")
          && within-- == 0) {
        return call;
      }
    }
    return null;
  }
}
