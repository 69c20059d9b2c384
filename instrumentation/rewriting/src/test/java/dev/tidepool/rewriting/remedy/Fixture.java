package dev.tidepool.rewriting.remedy;

import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.site.GuardedCall;
import dev.tidepool.rewriting.site.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Java sources under src/test/resources/fixtures, compiled for a release and loaded afresh. */
final class Fixture {
  private Fixture() {}

  /** Class files by name with dots. */
  static Map<String, byte[]> compile(String simpleName, int release) throws IOException {
    Path file = Path.of("src/test/resources/fixtures", simpleName + ".java");
    String text = Files.readString(file);
    Map<String, ByteArrayOutputStream> classes = new TreeMap<>();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (JavaFileManager files =
        new ForwardingJavaFileManager<JavaFileManager>(
            compiler.getStandardFileManager(null, null, null)) {
          @Override
          public JavaFileObject getJavaFileForOutput(
              Location location, String name, JavaFileObject.Kind kind, javax.tools.FileObject by) {
            return new SimpleJavaFileObject(URI.create("mem:///" + name), kind) {
              @Override
              public OutputStream openOutputStream() {
                return classes.computeIfAbsent(name, added -> new ByteArrayOutputStream());
              }
            };
          }
        }) {
      SimpleJavaFileObject source =
          new SimpleJavaFileObject(file.toUri(), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
              return text;
            }
          };
      List<String> options = List.of("--release", "" + release, "-g", "-nowarn", "-proc:none");
      if (!compiler.getTask(messages, files, null, options, null, List.of(source)).call()) {
        throw new IllegalStateException(messages.toString());
      }
    }
    Map<String, byte[]> compiled = new HashMap<>();
    classes.forEach((name, bytes) -> compiled.put(name, bytes.toByteArray()));
    return compiled;
  }

  /** Defines classes in a loader of their own. */
  static final class Loader extends ClassLoader {
    private final Map<String, byte[]> classes;

    Loader(Map<String, byte[]> classes) {
      super(Fixture.class.getClassLoader());
      this.classes = classes;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      byte[] bytes = classes.get(name);
      if (bytes == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, bytes, 0, bytes.length);
    }
  }

  /** A plan for each {@code newarray} of the methods that are wanted. */
  static List<SitePlan> planAll(
      byte[] classFile, int firstId, Treatment treatment, Predicate<MethodNode> wanted) {
    List<SitePlan> plans = new ArrayList<>();
    ClassCode code = ClassCode.read(classFile);
    for (MethodNode method : code.node().methods) {
      List<AbstractInsnNode> instructions = ClassCode.instructions(method);
      for (int i = 0; wanted.test(method) && i < instructions.size(); i++) {
        if (instructions.get(i).getOpcode() == Opcodes.NEWARRAY) {
          plans.add(new SitePlan(firstId + plans.size(), method.name, method.desc, i, treatment));
        }
      }
    }
    return plans;
  }

  static PoolLocal pool(boolean releaseOnReallocation, GuardedCall... guards) {
    // as a proof has it: whoever a guard lets pass may keep the array where it throws
    Set<Integer> keeping =
        Stream.of(guards).map(GuardedCall::ordinal).collect(Collectors.toUnmodifiableSet());
    return new PoolLocal(
        new Verdict.Proven(
            releaseOnReallocation, false, List.of(guards), Set.of(), null, Set.of(), keeping));
  }

  /**
   * @param several whether all arrays of a call are kept until it returns
   * @param returned whether one of them may be what it returns
   */
  static PoolLocal keep(boolean several, boolean returned, GuardedCall... guards) {
    return new PoolLocal(
        new Verdict.Proven(
            false,
            false,
            List.of(guards),
            Set.of(),
            null,
            Set.of(),
            Set.of(),
            several,
            returned,
            null));
  }
}
