package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.gate.GateInstall;
import dev.tidepool.rewriting.proof.LocalObject;
import dev.tidepool.rewriting.site.Dependency;
import java.lang.reflect.Proxy;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Whether anybody can tell how large the buffer in a {@code StringWriter} was made.
 *
 * <p>A string writer has no subclass where a site makes one, is not serialized and shows its
 * capacity through nothing but {@code getBuffer()}. So wherever it is handed to, only a class that
 * calls that method can tell; such a class names the method's descriptor, which is rare enough to
 * be looked for in every class that loads. The few that do are looked at: most ask the buffer for
 * its text and no more. What reflection and native code do is not seen here, as everywhere, nor
 * what other agents have put into a class beside its file: nothing but that number is at stake.
 */
final class BufferSight {
  /** Breaks when another class loads that may call it. */
  static final Dependency ON = Dependency.Overrides.naming(ClassHeader.ASKED);

  /** Put together, for this class is looked through like all others. */
  private static final String ASKING = "get".concat("Buffer");

  private static final String GATE = GateInstall.GATE_NAME.replace('/', '.');
  private static final String HOOK = HiddenClassHook.class.getName();
  private static final int MOST_READ = 5_000;

  private final LoadedWorld world;
  private final DependencyWatch watch;
  private boolean read;
  private String seenBefore;

  BufferSight(LoadedWorld world, DependencyWatch watch) {
    this.world = world;
    this.watch = watch;
  }

  /** Who may see it among the classes that are loaded, or null where nobody does. */
  String seen() {
    if (!read) {
      seenBefore = seenByOlder();
      read = true;
    }
    if (seenBefore != null || watch.unreadAsks()) {
      return seenBefore != null ? seenBefore : "a class that cannot be read may ask for its buffer";
    }
    for (Class<?> type : world.all()) {
      if (!type.isArray() && watch.asks(key(type))) {
        String seen = seenBy(type, LoadedWorld.resource(type));
        if (seen != null) {
          return seen;
        }
      }
    }
    return null;
  }

  /** Classes that were there before their loading could be watched: read once, none comes later. */
  private String seenByOlder() {
    int files = 0;
    for (Class<?> type : world.all()) {
      if (type.isArray() || isForwarder(type) || watch.fingerprint(key(type)) >= 0) {
        continue;
      }
      if (++files > MOST_READ) {
        return "too many classes were loaded before they could be looked at";
      }
      byte[] file = type.isHidden() ? null : LoadedWorld.resource(type);
      ClassHeader header = file == null ? null : ClassHeader.read(file);
      if (header == null) {
        return type.getName() + " has no class file to look at";
      }
      String seen = header.asks() ? seenBy(type, file) : null;
      if (seen != null) {
        return seen;
      }
    }
    return null;
  }

  /** Made by the JDK to call what another class names, or made by this agent. */
  private static boolean isForwarder(Class<?> type) {
    String name = type.getName();
    return Proxy.isProxyClass(type)
        || (type.isHidden() && (name.contains("$$Lambda") || name.startsWith("java.")))
        || name.startsWith("java.lang.invoke.")
        || name.startsWith("jdk.internal.reflect.Generated")
        || name.startsWith(GATE)
        || name.startsWith(HOOK);
  }

  private static long key(Class<?> type) {
    return ClassHeader.key(ClassHeader.hash(type.getName()), type.getClassLoader());
  }

  private static String seenBy(Class<?> type, byte[] file) {
    String told = type.getName() + " may ask for its buffer";
    if (file == null) {
      return told;
    }
    try {
      ClassCode code = ClassCode.read(file);
      for (MethodNode method : code.node().methods) {
        for (AbstractInsnNode insn : method.instructions) {
          boolean asks = insn instanceof MethodInsnNode call && isAsking(call.name, call.desc);
          if (asks ? LocalObject.seen(code.node().name, method, insn) != null : handsOn(insn)) {
            return told;
          }
        }
      }
      return null;
    } catch (RuntimeException odd) {
      return told;
    }
  }

  /** Whether the call can be made by somebody else, or by its name. */
  private static boolean handsOn(AbstractInsnNode insn) {
    if (insn instanceof InvokeDynamicInsnNode dynamic) {
      for (Object argument : dynamic.bsmArgs) {
        if (argument instanceof Handle handle && isAsking(handle.getName(), handle.getDesc())) {
          return true;
        }
      }
    }
    return insn.getOpcode() == Opcodes.LDC
        && (((LdcInsnNode) insn).cst instanceof Handle || ASKING.equals(((LdcInsnNode) insn).cst));
  }

  private static boolean isAsking(String name, String descriptor) {
    return name.equals(ASKING) && descriptor.equals(ClassHeader.ASKED);
  }
}
