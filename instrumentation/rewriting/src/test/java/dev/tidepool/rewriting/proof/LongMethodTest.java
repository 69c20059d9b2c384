package dev.tidepool.rewriting.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.site.SiteKey;
import dev.tidepool.rewriting.site.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** A method without calls, in which all the time goes into following its branches. */
class LongMethodTest {
  private static final int BLOCKS = 120;
  private static final int LOCALS = 10_000;

  @Test
  void itsProofEndsWhenItsTimeDoes() {
    FileWorld world = Worlds.apart().add(longMethod(), false);
    SiteKey site = Worlds.sites(world, "Long", "many").get(0);
    EscapeProof hasty = new EscapeProof(world, Worlds.guards(), Duration.ofMillis(20));
    ProofTimes times = new ProofTimes();
    Verdict verdict = times.prove(hasty, site);
    assertThat(verdict).isInstanceOf(Verdict.Refused.class);
    assertThat(((Verdict.Refused) verdict).reason()).startsWith("too large to prove");
    // a second and more where it is followed to its end
    assertThat(times.millis(1)).isLessThan(500);
  }

  /** From each block to each other, all of the locals with it. */
  private static byte[] longMethod() {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(Opcodes.V1_6, Opcodes.ACC_PUBLIC, "Long", null, "java/lang/Object", null);
    MethodVisitor method =
        writer.visitMethod(Opcodes.ACC_STATIC, "many", "(I)V", null, new String[0]);
    method.visitCode();
    method.visitIntInsn(Opcodes.BIPUSH, 16);
    method.visitIntInsn(Opcodes.NEWARRAY, Opcodes.T_BYTE);
    method.visitVarInsn(Opcodes.ASTORE, 1);
    Label end = new Label();
    Label[] blocks = new Label[BLOCKS];
    for (int i = 0; i < BLOCKS; i++) {
      blocks[i] = new Label();
    }
    for (Label block : blocks) {
      method.visitLabel(block);
      method.visitVarInsn(Opcodes.ILOAD, 0);
      method.visitTableSwitchInsn(0, BLOCKS - 1, end, blocks);
    }
    method.visitLabel(end);
    method.visitInsn(Opcodes.RETURN);
    method.visitMaxs(1, LOCALS);
    method.visitEnd();
    writer.visitEnd();
    return writer.toByteArray();
  }
}
