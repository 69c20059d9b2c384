package dev.tidepool.rewriting.live;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Makes the definition of hidden classes known, which no transformer sees: the one method of the
 * JDK through which all of them go tells the gate first. Lambda classes that come ready-made from a
 * class-data archive do not go through it, so the archive is made to answer that it has none.
 *
 * <p>Installed only once a proof needs it, since it touches {@code java.lang.invoke}.
 */
final class HiddenClassHook implements ClassFileTransformer {
  private static final String DEFINER = "java/lang/invoke/MethodHandles$Lookup$ClassDefiner";
  private static final String ARCHIVE = "java/lang/invoke/LambdaProxyClassArchive";
  private static final String LOOKUP = "java/lang/invoke/MethodHandles$Lookup";

  private final Instrumentation instrumentation;
  private final String gate;
  private volatile boolean definerHooked;
  private volatile boolean archiveHooked;
  private boolean added;

  /**
   * @param gate internal name of the class in which the gate was installed
   */
  HiddenClassHook(Instrumentation instrumentation, String gate) {
    this.instrumentation = instrumentation;
    this.gate = gate;
  }

  /**
   * Installs the hook.
   *
   * @return null, or why it cannot be
   */
  String install() {
    if (definerHooked && archiveHooked) {
      return null;
    }
    try {
      Class<?> definer = Class.forName(DEFINER.replace('/', '.'), false, null);
      Class<?> archive = Class.forName(ARCHIVE.replace('/', '.'), false, null);
      if (!added) {
        instrumentation.addTransformer(this, true);
        added = true;
      }
      instrumentation.retransformClasses(definer, archive);
      return definerHooked && archiveHooked
          ? null
          : "this JDK defines hidden classes in a way that is not known";
    } catch (Exception | LinkageError | InternalError rejected) {
      return "hidden classes cannot be watched: " + rejected;
    }
  }

  /** Takes the hook out. */
  void remove() {
    if (!added) {
      return;
    }
    added = false;
    instrumentation.removeTransformer(this);
    definerHooked = false;
    archiveHooked = false;
    try {
      instrumentation.retransformClasses(
          Class.forName(DEFINER.replace('/', '.'), false, null),
          Class.forName(ARCHIVE.replace('/', '.'), false, null));
    } catch (Exception | LinkageError | InternalError rejected) {
      // the hook stays and finds nobody behind the gate
    }
  }

  @Override
  public byte[] transform(
      ClassLoader loader, String name, Class<?> type, ProtectionDomain domain, byte[] file) {
    if (type == null || loader != null || !(DEFINER.equals(name) || ARCHIVE.equals(name))) {
      return null;
    }
    try {
      ClassReader reader = new ClassReader(file);
      ClassWriter writer = new ClassWriter(reader, 0);
      reader.accept(new Hooked(writer, name), 0);
      return writer.toByteArray();
    } catch (RuntimeException notUnderstood) {
      return null;
    }
  }

  private final class Hooked extends ClassVisitor {
    private final String owner;

    Hooked(ClassVisitor next, String owner) {
      super(Opcodes.ASM9, next);
      this.owner = owner;
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String generic, String[] thrown) {
      MethodVisitor next = super.visitMethod(access, name, descriptor, generic, thrown);
      if (owner.equals(DEFINER)
          && name.equals("defineClass")
          && descriptor.equals("(ZLjava/lang/Object;)Ljava/lang/Class;")) {
        definerHooked = true;
        return new Announcing(next);
      }
      if (owner.equals(ARCHIVE)
          && name.equals("find")
          && descriptor.endsWith(")Ljava/lang/Class;")) {
        archiveHooked = true;
        answerNull(next, descriptor);
        return null;
      }
      return next;
    }

    private void answerNull(MethodVisitor method, String descriptor) {
      method.visitCode();
      method.visitInsn(Opcodes.ACONST_NULL);
      method.visitInsn(Opcodes.ARETURN);
      method.visitMaxs(1, Type.getArgumentsAndReturnSizes(descriptor) >> 2);
      method.visitEnd();
    }
  }

  /** Begins the method with {@code gate.classDefining(lookup.lookupClass(), bytes)}. */
  private final class Announcing extends MethodVisitor {
    Announcing(MethodVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public void visitCode() {
      super.visitCode();
      super.visitVarInsn(Opcodes.ALOAD, 0);
      super.visitFieldInsn(Opcodes.GETFIELD, DEFINER, "lookup", "L" + LOOKUP + ";");
      super.visitMethodInsn(
          Opcodes.INVOKEVIRTUAL, LOOKUP, "lookupClass", "()Ljava/lang/Class;", false);
      super.visitVarInsn(Opcodes.ALOAD, 0);
      super.visitFieldInsn(Opcodes.GETFIELD, DEFINER, "bytes", "[B");
      super.visitMethodInsn(
          Opcodes.INVOKESTATIC, gate, "classDefining", "(Ljava/lang/Class;[B)V", false);
    }

    @Override
    public void visitMaxs(int maxStack, int maxLocals) {
      super.visitMaxs(Math.max(maxStack, 2), maxLocals);
    }
  }
}
