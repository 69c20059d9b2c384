package dev.tidepool.rewriting.code;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * A class file as a tree, with each instruction's offset in the original code.
 *
 * <p>Instructions are named in two ways: by <em>bytecode index</em>, the offset that JFR, javap and
 * stack walkers give, and by <em>ordinal</em>, the position among the method's real instructions,
 * which does not depend on how the class was read.
 */
public final class ClassCode {
  /** The newest ASM API of the pinned version. */
  public static final int API = Opcodes.ASM9;

  private final ClassNode node;
  private final IdentityHashMap<MethodNode, int[]> offsets;

  private ClassCode(ClassNode node, IdentityHashMap<MethodNode, int[]> offsets) {
    this.node = node;
    this.offsets = offsets;
  }

  /**
   * Reads a class with expanded frames and debug information.
   *
   * @throws IllegalArgumentException if the class file is newer than ASM knows
   */
  public static ClassCode read(byte[] classFile) {
    OffsetReader reader = new OffsetReader(classFile);
    IdentityHashMap<MethodNode, int[]> offsets = new IdentityHashMap<>();
    ClassNode node =
        new ClassNode(API) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String signature, String[] exceptions) {
            MethodNode method =
                new MethodNode(API, access, name, descriptor, signature, exceptions) {
                  @Override
                  public void visitCode() {
                    reader.begin();
                  }

                  @Override
                  public void visitEnd() {
                    offsets.put(this, reader.end());
                  }
                };
            methods.add(method);
            return method;
          }
        };
    reader.accept(node, ClassReader.EXPAND_FRAMES);
    return new ClassCode(node, offsets);
  }

  public ClassNode node() {
    return node;
  }

  /** The method, or null where the class declares none of this name and descriptor. */
  public MethodNode method(String name, String descriptor) {
    for (MethodNode method : node.methods) {
      if (method.name.equals(name) && method.desc.equals(descriptor)) {
        return method;
      }
    }
    return null;
  }

  /** The method's real instructions in order; the position in this list is the ordinal. */
  public static List<AbstractInsnNode> instructions(MethodNode method) {
    List<AbstractInsnNode> real = new ArrayList<>(method.instructions.size());
    for (AbstractInsnNode insn : method.instructions) {
      if (insn.getOpcode() >= 0) {
        real.add(insn);
      }
    }
    return real;
  }

  /** Bytecode index of the instruction with this ordinal. */
  public int bytecodeIndex(MethodNode method, int ordinal) {
    return offsets.get(method)[ordinal];
  }

  /** Ordinal of the instruction at this bytecode index, or -1 where none begins there. */
  public int ordinal(MethodNode method, int bytecodeIndex) {
    int ordinal = Arrays.binarySearch(offsets.get(method), bytecodeIndex);
    return ordinal < 0 ? -1 : ordinal;
  }

  /** Collects the offset of each instruction while a method is being read. */
  private static final class OffsetReader extends ClassReader {
    private int[] current = new int[64];
    private int count;

    OffsetReader(byte[] classFile) {
      super(classFile);
    }

    void begin() {
      count = 0;
    }

    int[] end() {
      int[] done = Arrays.copyOf(current, count);
      count = 0;
      return done;
    }

    @Override
    protected void readBytecodeInstructionOffset(int bytecodeOffset) {
      if (count == current.length) {
        current = Arrays.copyOf(current, count * 2);
      }
      current[count++] = bytecodeOffset;
    }
  }
}
