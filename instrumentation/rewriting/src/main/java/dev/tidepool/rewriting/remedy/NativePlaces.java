package dev.tidepool.rewriting.remedy;

import dev.tidepool.rewriting.code.ClassCode;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Where the JDK makes, frees and changes native memory. The first place of each is the site.
 *
 * @param text what is made, for people
 * @param sort what sort of memory it is
 * @param places all that play a part
 */
public record NativePlaces(String text, Sort sort, List<Place> places) {
  private static final String BUFFER = "java/nio/DirectByteBuffer";
  private static final String DEFLATER = "java/util/zip/Deflater";
  private static final String INFLATER = "java/util/zip/Inflater";

  /** What sort of memory it is. */
  public enum Sort {
    DIRECT,
    DEFLATER,
    INFLATER
  }

  /**
   * One instruction.
   *
   * @param type internal name of the class
   * @param member owner and name of the method called, or of the field written, there
   */
  public record Place(
      NativeStep step, String type, String method, String descriptor, String member) {

    /** Index among the method's real instructions, or -1 where it is not there once. */
    public int ordinal(ClassCode code) {
      int found = -1;
      for (MethodNode node : code.node().methods) {
        if (node.name.equals(method) && node.desc.equals(descriptor)) {
          List<AbstractInsnNode> instructions = ClassCode.instructions(node);
          for (int i = 0; i < instructions.size(); i++) {
            if (is(instructions, i) && found < 0) {
              found = i;
            }
          }
        }
      }
      return found;
    }

    /**
     * What is freed where making a buffer fails is not looked at: it is the first place that
     * counts.
     */
    private boolean is(List<AbstractInsnNode> instructions, int at) {
      AbstractInsnNode insn = instructions.get(at);
      if (insn instanceof MethodInsnNode call) {
        return member.equals(call.owner + "." + call.name);
      }
      return insn instanceof FieldInsnNode field
          && field.getOpcode() == Opcodes.PUTFIELD
          && member.equals(field.owner + "." + field.name);
    }
  }

  /** What is known of the JDK. */
  public static List<NativePlaces> all() {
    return List.of(
        new NativePlaces(
            "direct memory",
            Sort.DIRECT,
            List.of(
                take(BUFFER, "(I)V", "jdk/internal/misc/Unsafe.allocateMemory"),
                keep(BUFFER + "$Deallocator", "jdk/internal/misc/Unsafe.freeMemory"))),
        new NativePlaces(
            "compressor state",
            Sort.DEFLATER,
            List.of(
                take(DEFLATER, "(IZ)V", DEFLATER + ".init"),
                keep(DEFLATER + "$DeflaterZStreamRef", DEFLATER + ".end"),
                spoil("setLevel"),
                spoil("setStrategy"))),
        new NativePlaces(
            "decompressor state",
            Sort.INFLATER,
            List.of(
                take(INFLATER, "(Z)V", INFLATER + ".init"),
                keep(INFLATER + "$InflaterZStreamRef", INFLATER + ".end"))));
  }

  private static Place take(String type, String descriptor, String member) {
    return new Place(NativeStep.TAKE, type, "<init>", descriptor, member);
  }

  private static Place keep(String type, String member) {
    return new Place(NativeStep.KEEP, type, "run", "()V", member);
  }

  private static Place spoil(String method) {
    return new Place(NativeStep.SPOIL, DEFLATER, method, "(I)V", DEFLATER + ".setParams");
  }

  /** The place that is shown as the site. */
  public Place site() {
    return places.get(0);
  }

  public Remedy remedy(NativeStep step) {
    return sort == Sort.DIRECT ? new RecycleDirect(step) : new RecycleNative(step);
  }
}
