package sample;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Another agent, one that lets nobody open {@code java.lang}. */
public final class BarringAgent implements ClassFileTransformer {
  private static final String BARRED = "sun/instrument/InstrumentationImpl";

  private BarringAgent() {}

  /** Bars it before any later agent is loaded. */
  public static void premain(String options, Instrumentation instrumentation) throws Exception {
    ClassFileTransformer bar = new BarringAgent();
    instrumentation.addTransformer(bar, true);
    instrumentation.retransformClasses(instrumentation.getClass());
    instrumentation.removeTransformer(bar);
  }

  @Override
  public byte[] transform(
      ClassLoader loader,
      String className,
      Class<?> classBeingRedefined,
      ProtectionDomain domain,
      byte[] classFile) {
    if (!BARRED.equals(className)) {
      return null;
    }
    ClassReader reader = new ClassReader(classFile);
    ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
    reader.accept(new Bar(writer), 0);
    return writer.toByteArray();
  }

  /** Has {@code redefineModule} throw where {@code java.lang} is among the packages to open. */
  private static final class Bar extends ClassVisitor {
    private static final int PACKAGES_TO_OPEN = 4;

    Bar(ClassVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      MethodVisitor method = super.visitMethod(access, name, descriptor, signature, exceptions);
      if (!name.equals("redefineModule")) {
        return method;
      }
      return new MethodVisitor(Opcodes.ASM9, method) {
        @Override
        public void visitCode() {
          super.visitCode();
          Label open = new Label();
          visitVarInsn(Opcodes.ALOAD, PACKAGES_TO_OPEN);
          visitLdcInsn("java.lang");
          visitMethodInsn(
              Opcodes.INVOKEINTERFACE,
              "java/util/Map",
              "containsKey",
              "(Ljava/lang/Object;)Z",
              true);
          visitJumpInsn(Opcodes.IFEQ, open);
          visitTypeInsn(Opcodes.NEW, "java/lang/UnsupportedOperationException");
          visitInsn(Opcodes.DUP);
          visitMethodInsn(
              Opcodes.INVOKESPECIAL,
              "java/lang/UnsupportedOperationException",
              "<init>",
              "()V",
              false);
          visitInsn(Opcodes.ATHROW);
          visitLabel(open);
          visitFrame(Opcodes.F_SAME, 0, null, 0, null);
        }
      };
    }
  }
}
