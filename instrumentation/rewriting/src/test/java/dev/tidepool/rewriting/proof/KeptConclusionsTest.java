package dev.tidepool.rewriting.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.site.SiteKey;
import dev.tidepool.rewriting.site.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** What one proof has concluded by the way is what the next one starts from. */
class KeptConclusionsTest {
  private final FileWorld world = Worlds.withFixtures(Recursive.class);

  /** {@code inner} is not come to any more once {@code before} is known to let its argument out. */
  static final class Recursive {
    static byte[] leak;

    private Recursive() {}

    static void outer(byte[] array, int n) {
      before(array, n);
      inner(array, n);
      leak = array;
    }

    static void before(byte[] array, int n) {
      if (n > 0) {
        outer(array, n - 1);
      }
    }

    static void inner(byte[] array, int n) {
      if (n > 0) {
        outer(array, n - 1);
      }
    }

    static void first() {
      outer(new byte[100], 2);
    }

    static void second() {
      inner(new byte[100], 2);
    }
  }

  @Test
  void whatWasConcludedOnTheWayToSomethingElseIsNotKept() {
    EscapeProof proof = Worlds.proof(world);
    String type = Recursive.class.getName();
    for (String method : List.of("first", "second", "first", "second")) {
      SiteKey site = Worlds.sites(world, type, method).get(0);
      assertThat(proof.prove(site)).as(method).isInstanceOf(Verdict.Refused.class);
    }
  }

  @Test
  void aVeryLongMethodMayDoAnything() {
    String name = "dev/tidepool/rewriting/proof/Long";
    ClassWriter made = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    made.visit(Opcodes.V1_6, Opcodes.ACC_PUBLIC, name, null, "java/lang/Object", null);
    made.visitField(Opcodes.ACC_STATIC, "leak", "[B", null, null);
    MethodVisitor large = made.visitMethod(Opcodes.ACC_STATIC, "large", "([B)V", null, null);
    large.visitCode();
    for (int i = 0; i < Budget.LARGEST_METHOD; i++) {
      large.visitInsn(Opcodes.NOP);
    }
    large.visitVarInsn(Opcodes.ALOAD, 0);
    large.visitFieldInsn(Opcodes.PUTSTATIC, name, "leak", "[B");
    large.visitInsn(Opcodes.RETURN);
    large.visitMaxs(0, 0);
    large.visitEnd();
    MethodVisitor calls = made.visitMethod(Opcodes.ACC_STATIC, "calls", "()V", null, null);
    calls.visitCode();
    calls.visitIntInsn(Opcodes.BIPUSH, 100);
    calls.visitIntInsn(Opcodes.NEWARRAY, Opcodes.T_BYTE);
    calls.visitMethodInsn(Opcodes.INVOKESTATIC, name, "large", "([B)V", false);
    calls.visitInsn(Opcodes.RETURN);
    calls.visitMaxs(0, 0);
    calls.visitEnd();
    made.visitEnd();
    world.add(made.toByteArray(), false);
    EscapeProof proof = Worlds.proof(world);
    SiteKey site = Worlds.sites(world, name.replace('/', '.'), "calls").get(0);
    for (int i = 0; i < 2; i++) {
      assertThat(proof.prove(site).toString()).contains("very long method");
    }
  }
}
