package dev.tidepool.rewriting.code;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * A class file as a tree, with each instruction's offset in the original code. Methods are read
 * when they are asked for: a proof looks at a few of the hundreds that a large class has.
 *
 * <p>Instructions are named in two ways: by <em>bytecode index</em>, the offset that JFR, javap and
 * stack walkers give, and by <em>ordinal</em>, the position among the method's real instructions,
 * which does not depend on how the class was read.
 */
public final class ClassCode {
  /** The newest ASM API of the pinned version. */
  public static final int API = Opcodes.ASM9;

  /** From here on reading all that is left at once is cheaper than one more by itself. */
  private static final int SINGLE_READS = 8;

  private final int size;
  private final OffsetReader reader;
  private final Shell shell;
  private final IdentityHashMap<MethodNode, int[]> offsets = new IdentityHashMap<>();
  private int reads;
  private ClassNode node;

  private ClassCode(int size, OffsetReader reader, Shell shell) {
    this.size = size;
    this.reader = reader;
    this.shell = shell;
  }

  /**
   * Reads a class with expanded frames and debug information.
   *
   * @throws IllegalArgumentException if the class file is newer than ASM knows
   */
  public static ClassCode read(byte[] classFile) {
    OffsetReader reader = new OffsetReader(classFile);
    Shell shell = new Shell();
    reader.accept(shell, ClassReader.SKIP_CODE);
    shell.read = new MethodNode[shell.names.size()];
    shell.methods = null; // nobody shall take it for a class without methods
    return new ClassCode(classFile.length, reader, shell);
  }

  /** Bytes of the class file. */
  public int size() {
    return size;
  }

  /** The whole class. */
  public ClassNode node() {
    if (node == null) {
      readAll();
      ClassNode whole = new ClassNode(API);
      reader.accept(whole, ClassReader.SKIP_CODE);
      whole.methods.clear();
      whole.methods.addAll(Arrays.asList(shell.read));
      node = whole;
    }
    return node;
  }

  /** The class without its methods: that list is null. */
  public ClassNode shell() {
    return shell;
  }

  /** The method, or null where the class declares none of this name and descriptor. */
  public MethodNode method(String name, String descriptor) {
    for (int i = 0; i < shell.names.size(); i++) {
      if (shell.names.get(i).equals(name) && shell.descriptors.get(i).equals(descriptor)) {
        return method(i);
      }
    }
    return null;
  }

  private MethodNode method(int index) {
    if (shell.read[index] == null) {
      if (++reads > SINGLE_READS) {
        readAll();
      } else {
        reader.accept(new Bodies(index), ClassReader.EXPAND_FRAMES);
      }
    }
    return shell.read[index];
  }

  private void readAll() {
    if (Arrays.asList(shell.read).contains(null)) {
      reader.accept(new Bodies(-1), ClassReader.EXPAND_FRAMES);
    }
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

  /** The same, each with the line it is of. */
  public static List<Located> located(MethodNode method) {
    List<Located> located = new ArrayList<>(method.instructions.size());
    int line = -1;
    for (AbstractInsnNode insn : method.instructions) {
      if (insn instanceof LineNumberNode number) {
        line = number.line;
      } else if (insn.getOpcode() >= 0) {
        located.add(new Located(insn, located.size(), line));
      }
    }
    return located;
  }

  /**
   * An instruction and where it stands.
   *
   * @param line of the source, or -1 where the class does not say
   */
  public record Located(AbstractInsnNode insn, int ordinal, int line) {}

  /** Bytecode index of the instruction with this ordinal. */
  public int bytecodeIndex(MethodNode method, int ordinal) {
    return offsets.get(method)[ordinal];
  }

  /** Ordinal of the instruction at this bytecode index, or -1 where none begins there. */
  public int ordinal(MethodNode method, int bytecodeIndex) {
    int ordinal = Arrays.binarySearch(offsets.get(method), bytecodeIndex);
    return ordinal < 0 ? -1 : ordinal;
  }

  /** All but the methods, of which only the names are kept. */
  private static final class Shell extends ClassNode {
    final List<String> names = new ArrayList<>();
    final List<String> descriptors = new ArrayList<>();
    MethodNode[] read;

    Shell() {
      super(API);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      names.add(name);
      descriptors.add(descriptor);
      return null;
    }
  }

  /** Reads one method, or each that has not been read. */
  private final class Bodies extends ClassVisitor {
    private final int wanted;
    private int next;

    Bodies(int wanted) {
      super(API);
      this.wanted = wanted;
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      int index = next++;
      if (shell.read[index] != null || (wanted >= 0 && wanted != index)) {
        return null;
      }
      return new MethodNode(API, access, name, descriptor, signature, exceptions) {
        @Override
        public void visitCode() {
          reader.begin();
        }

        @Override
        public void visitEnd() {
          offsets.put(this, reader.end());
          shell.read[index] = this; // not before: a method half read is none
        }
      };
    }
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
