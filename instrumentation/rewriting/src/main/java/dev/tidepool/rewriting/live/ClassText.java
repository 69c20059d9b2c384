package dev.tidepool.rewriting.live;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** What only the rare class is read for that is below something a proof rests on. */
final class ClassText {
  private static final Set<String> WITHOUT_METHODS =
      Set.of("java/io/Serializable", "java/lang/Cloneable");

  private final Set<String> methods = new HashSet<>();
  private final List<String> supers = new ArrayList<>();
  private String name = "of unknown name";
  private boolean understood;

  private ClassText() {}

  static ClassText read(byte[] file) {
    ClassText text = new ClassText();
    try {
      ClassReader reader = new ClassReader(file);
      text.name = reader.getClassName().replace('/', '.');
      if (reader.getSuperName() != null) {
        text.supers.add(reader.getSuperName());
      }
      for (String each : reader.getInterfaces()) {
        text.supers.add(each);
      }
      reader.accept(
          text.new Methods(),
          ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
      text.understood = true;
    } catch (RuntimeException newerOrOdd) {
      text.understood = false;
    }
    return text;
  }

  String name() {
    return name;
  }

  /** Whether the class may bring code for the method by declaring it. */
  boolean mayDeclare(String method, String descriptor) {
    return !understood || methods.contains(method.concat(descriptor));
  }

  /** Whether nothing can be inherited from the i-th supertype, as the header counts them. */
  boolean superWithoutMethods(int i) {
    return understood && i < supers.size() && WITHOUT_METHODS.contains(supers.get(i));
  }

  private final class Methods extends ClassVisitor {
    Methods() {
      super(Opcodes.ASM9);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String method, String descriptor, String generic, String[] thrown) {
      if (!Modifier.isAbstract(access)) {
        methods.add(method.concat(descriptor));
      }
      return null;
    }
  }
}
