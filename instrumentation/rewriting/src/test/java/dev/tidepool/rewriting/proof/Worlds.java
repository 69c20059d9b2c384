package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.site.MethodKey;
import dev.tidepool.rewriting.site.SiteKey;
import dev.tidepool.rewriting.site.TypeRef;
import dev.tidepool.rewriting.site.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Class worlds made of real class files: this JDK's java.base and the fixtures of a test. */
final class Worlds {
  private static FileWorld javaBase;

  private Worlds() {}

  static synchronized FileWorld withFixtures(Class<?>... fixtures) {
    if (javaBase == null) {
      javaBase = new FileWorld(Worlds.class.getClassLoader());
      addModule(javaBase, FileSystems.getFileSystem(URI.create("jrt:/")), "java.base");
    }
    Set<Class<?>> all = new HashSet<>();
    for (Class<?> fixture : fixtures) {
      addWithNested(fixture, all);
    }
    for (Class<?> one : all) {
      javaBase.add(bytes(one), false);
    }
    return javaBase;
  }

  /** A world that no other test sees. */
  static synchronized FileWorld apart(Class<?>... fixtures) {
    FileWorld shared = javaBase;
    try {
      javaBase = null;
      return withFixtures(fixtures);
    } finally {
      javaBase = shared;
    }
  }

  private static void addModule(FileWorld world, FileSystem jrt, String module) {
    try (Stream<Path> files = Files.walk(jrt.getPath("modules", module))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (file.toString().endsWith(".class") && !file.endsWith("module-info.class")) {
          world.add(Files.readAllBytes(file), true);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void addWithNested(Class<?> type, Set<Class<?>> all) {
    if (all.add(type)) {
      for (Class<?> nested : type.getDeclaredClasses()) {
        addWithNested(nested, all);
      }
      for (int i = 1; i < 8; i++) {
        try {
          addWithNested(Class.forName(type.getName() + "$" + i), all);
        } catch (ClassNotFoundException none) {
          break;
        }
      }
    }
  }

  static byte[] bytes(Class<?> type) {
    try (InputStream in =
        type.getResourceAsStream(
            type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static GuardTable guards() {
    return new GuardTable(type -> {}, dependencies -> false);
  }

  static EscapeProof proof(ClassWorld world) {
    return new EscapeProof(world, guards(), Duration.ofSeconds(20));
  }

  /** Proves the n-th primitive array of a method. */
  static Verdict prove(FileWorld world, String type, String method, int nth) {
    return proof(world).prove(sites(world, type, method).get(nth));
  }

  /** Proves the first object that a method makes. */
  static Verdict proveOwner(FileWorld world, String type, String method) {
    return proof(world).prove(owners(world, type, method).get(0));
  }

  static List<SiteKey> owners(FileWorld world, String type, String method) {
    return sites(world, type, method, Opcodes.NEW);
  }

  /** Proves the last array that a method gets from a call. */
  static Verdict proveResult(FileWorld world, String type, String method) {
    List<SiteKey> calls = sites(world, type, method, OwnedArrays::returnsArray);
    return proof(world).prove(calls.get(calls.size() - 1));
  }

  static List<SiteKey> sites(FileWorld world, String type, String name) {
    return sites(world, type, name, Opcodes.NEWARRAY);
  }

  /** Where a method puts arrays into fields. */
  static List<SiteKey> puts(FileWorld world, String type, String name) {
    return sites(
        world,
        type,
        name,
        insn ->
            insn.getOpcode() == Opcodes.PUTFIELD
                && OriginValue.isPrimitiveArray(((FieldInsnNode) insn).desc));
  }

  private static List<SiteKey> sites(FileWorld world, String type, String name, int opcode) {
    return sites(world, type, name, insn -> insn.getOpcode() == opcode);
  }

  static List<SiteKey> sites(
      FileWorld world, String type, String name, Predicate<AbstractInsnNode> wanted) {
    TypeRef owner = world.type(type.replace('.', '/')).orElseThrow();
    ClassCode code = ClassCode.read(world.bytes(owner).orElseThrow());
    List<SiteKey> sites = new ArrayList<>();
    for (MethodNode method : code.node().methods) {
      if (name == null || method.name.equals(name)) {
        List<AbstractInsnNode> all = ClassCode.instructions(method);
        for (int i = 0; i < all.size(); i++) {
          if (wanted.test(all.get(i))) {
            sites.add(
                new SiteKey(
                    new MethodKey(owner, method.name, method.desc), code.bytecodeIndex(method, i)));
          }
        }
      }
    }
    return sites;
  }
}
