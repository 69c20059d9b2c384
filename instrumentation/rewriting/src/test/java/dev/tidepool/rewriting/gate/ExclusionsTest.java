package dev.tidepool.rewriting.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.pools.PrimitivePools;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * What the gate calls is never rewritten, or it would call the gate: read off the bytecode, so that
 * whoever calls one more class from there is told to exclude it.
 */
class ExclusionsTest {
  private static final String GATE = "dev/tidepool/rewriting/gate/";
  private static final String POOLS = "dev/tidepool/pools/";

  /** Calls that are not looked into. */
  private static final Set<String> NOT_FROM_HERE =
      Set.of(
          // after an interrupt a thread asks the security manager, where there is one, and the
          // channel that it is in, which cannot be here
          "java/lang/Thread.interrupt()V",
          // of no bytes: the gate makes a plain array then, and calls nobody
          "java/nio/ByteBuffer.allocate(I)Ljava/nio/ByteBuffer;",
          // views, which make no array, and only where memory is poisoned
          GATE + "BufferEnds.poison(Ljava/nio/ByteBuffer;)V");

  /** One method, and the one that called it. */
  private record Call(String owner, String name, String descriptor, Call from) {
    String key() {
      return owner + "." + name + descriptor;
    }

    String way() {
      return key() + (from == null ? "" : "\n    called by " + from.way());
    }
  }

  private final Map<String, ClassNode> files = new HashMap<>();
  private final List<ClassNode> ours = new ArrayList<>();
  private final Deque<Call> open = new ArrayDeque<>();
  private final Set<String> seen = new HashSet<>();

  @Test
  void whateverTheGateCallsIsExcluded() throws Exception {
    for (Class<?> in : List.of(Gate.class, PrimitivePools.class)) {
      read(in);
    }
    Map<String, String> missing = new TreeMap<>();
    for (MethodNode method : file(GATE + "Gate").methods) {
      visit(new Call(GATE + "Gate", method.name, method.desc, null));
    }
    while (!open.isEmpty()) {
      Call call = open.poll();
      MethodNode body = body(call);
      if (NOT_FROM_HERE.contains(call.key()) || call.descriptor().endsWith("Exception;")) {
        continue; // what makes exceptions is for errors that are not made here
      }
      if (!isOurs(call.owner()) && !Exclusions.excludes(call.owner()) && mayBeRewritten(body)) {
        missing.put(call.key(), call.way());
      } else if (body != null) {
        follow(call, body);
      }
    }
    assertThat(seen).as("what was looked at").hasSizeGreaterThan(500);
    assertThat(missing).as("add to Exclusions, or call something else").isEmpty();
  }

  /** Whether there is something in it to rewrite, or it is not known what runs. */
  private static boolean mayBeRewritten(MethodNode body) {
    if (body == null || body.instructions.size() == 0) {
      return true;
    }
    for (AbstractInsnNode step : body.instructions) {
      boolean makes = // an exception is neither pooled nor owns what is
          switch (step.getOpcode()) {
            case Opcodes.NEWARRAY, Opcodes.ANEWARRAY, Opcodes.MULTIANEWARRAY -> true;
            case Opcodes.NEW -> !((TypeInsnNode) step).desc.matches(".*(Exception|Error)");
            default ->
                step instanceof MethodInsnNode call
                    && (call.name.equals("clone") || call.owner.equals("java/util/Arrays"));
          };
      if (makes) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOurs(String owner) {
    return owner.startsWith(GATE) || owner.startsWith(POOLS);
  }

  private void visit(Call call) {
    if (seen.add(call.key())) {
      open.add(call);
    }
  }

  private void follow(Call call, MethodNode body) throws IOException {
    for (AbstractInsnNode step : body.instructions) {
      if (step instanceof MethodInsnNode invoked && !invoked.owner.startsWith("[")) {
        visit(new Call(invoked.owner, invoked.name, invoked.desc, call));
        boolean any =
            step.getOpcode() == Opcodes.INVOKEINTERFACE
                || step.getOpcode() == Opcodes.INVOKEVIRTUAL;
        if (any && isOurs(call.owner())) {
          implementations(invoked, call);
        }
      } else if (step instanceof InvokeDynamicInsnNode made) {
        for (Object argument : made.bsmArgs) {
          if (argument instanceof Handle handle && handle.getDesc().startsWith("(")) {
            visit(new Call(handle.getOwner(), handle.getName(), handle.getDesc(), call));
          }
        }
      }
    }
  }

  /** Methods of ours that may be what a call of an interface or of a superclass runs. */
  private void implementations(MethodInsnNode invoked, Call from) throws IOException {
    for (ClassNode file : ours) {
      for (MethodNode method : file.methods) {
        if (method.name.equals(invoked.name)
            && method.desc.equals(invoked.desc)
            && isKindOf(file, invoked.owner)) {
          visit(new Call(file.name, method.name, method.desc, from));
        }
      }
    }
  }

  private boolean isKindOf(ClassNode file, String type) throws IOException {
    for (ClassNode at = file; at != null; at = at.superName == null ? null : file(at.superName)) {
      if (at.name.equals(type) || at.interfaces.contains(type)) {
        return true;
      }
    }
    return false;
  }

  /** The method that runs unless a subclass has another. */
  private MethodNode body(Call call) throws IOException {
    for (ClassNode at = file(call.owner());
        at != null;
        at = at.superName == null ? null : file(at.superName)) {
      for (MethodNode method : at.methods) {
        if (method.name.equals(call.name()) && method.desc.equals(call.descriptor())) {
          return method;
        }
      }
    }
    return null;
  }

  private void read(Class<?> in) throws IOException, URISyntaxException {
    Path classes = Path.of(in.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> all = Files.walk(classes)) {
      for (Path file : all.filter(each -> each.toString().endsWith(".class")).toList()) {
        String name = classes.relativize(file).toString().replace(".class", "");
        if (isOurs(name)) {
          ours.add(file(name));
        }
      }
    }
  }

  private ClassNode file(String name) throws IOException {
    if (!files.containsKey(name)) {
      try (InputStream in = ClassLoader.getSystemResourceAsStream(name + ".class")) {
        ClassNode file = null;
        if (in != null) {
          file = new ClassNode();
          new ClassReader(in).accept(file, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        }
        files.put(name, file);
      }
    }
    return files.get(name);
  }
}
