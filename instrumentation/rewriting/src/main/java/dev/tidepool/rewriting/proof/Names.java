package dev.tidepool.rewriting.proof;

import java.util.StringJoiner;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.MethodInsnNode;

/** Methods in source terms. */
final class Names {
  private Names() {}

  /** {@code FileCache.put(byte[], int)}. */
  static String call(MethodInsnNode call) {
    return method(call.owner, call.name, call.desc);
  }

  static String method(String owner, String name, String descriptor) {
    StringJoiner types = new StringJoiner(", ", "(", ")");
    for (Type type : Type.getArgumentTypes(descriptor)) {
      types.add(simple(type));
    }
    String shortOwner = ClassFiles.simple(owner);
    return name.equals("<init>") ? "new " + shortOwner + types : shortOwner + "." + name + types;
  }

  private static String simple(Type type) {
    String name = type.getClassName();
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
