package dev.tidepool.rewriting.remedy;

import dev.tidepool.rewriting.code.ClassCode;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;

/** How long the code of methods is, to within their last instruction. */
final class CodeSizes extends ClassReader {
  private int last;

  private CodeSizes(byte[] classFile) {
    super(classFile);
  }

  /** Bytes of code of those methods, keyed by name and descriptor. */
  static Map<String, Integer> of(byte[] classFile, Set<String> methods) {
    Map<String, Integer> sizes = new HashMap<>();
    CodeSizes reader = new CodeSizes(classFile);
    reader.accept(
        new ClassVisitor(ClassCode.API) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String signature, String[] exceptions) {
            String method = name + descriptor;
            if (!methods.contains(method)) {
              return null;
            }
            return new MethodVisitor(ClassCode.API) {
              @Override
              public void visitEnd() {
                sizes.put(method, reader.last + 1);
              }
            };
          }
        },
        SKIP_DEBUG | SKIP_FRAMES);
    return sizes;
  }

  @Override
  protected void readBytecodeInstructionOffset(int bytecodeOffset) {
    last = bytecodeOffset;
  }
}
