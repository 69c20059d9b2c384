package dev.tidepool.rewriting.live;

import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Another agent: puts some instructions at the beginning of the workload's method at load. */
final class Padding implements ClassFileTransformer {
  static final int ADDED = 4;

  @Override
  public byte[] transform(
      ClassLoader loader, String name, Class<?> type, ProtectionDomain domain, byte[] file) {
    if (type != null || !name.endsWith("workload/Workload")) {
      return null;
    }
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(file)
        .accept(
            new ClassVisitor(Opcodes.ASM9, writer) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String method, String descriptor, String generic, String[] thrown) {
                MethodVisitor next = super.visitMethod(access, method, descriptor, generic, thrown);
                return method.equals("work") ? new Nops(next) : next;
              }
            },
            0);
    return writer.toByteArray();
  }

  private static final class Nops extends MethodVisitor {
    Nops(MethodVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public void visitCode() {
      super.visitCode();
      for (int i = 0; i < ADDED; i++) {
        super.visitInsn(Opcodes.NOP);
      }
    }
  }
}
