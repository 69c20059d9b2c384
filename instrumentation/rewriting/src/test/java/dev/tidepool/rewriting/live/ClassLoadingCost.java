package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.LoaderRef;
import dev.tidepool.rewriting.site.TypeRef;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the filter adds to class loading: defines a few thousand real classes of ASM and the JDK's
 * compiler again and again in fresh loaders, by turns without a transformer, with an empty one, and
 * with ours watching; then times the filter by itself, which is above the noise of the others. Run
 * as an agent whose jar names this class as its premain class; prints the medians in microseconds a
 * class.
 */
public final class ClassLoadingCost {
  private static final int ROUNDS = 15;
  private static Instrumentation instrumentation;

  private ClassLoadingCost() {}

  public static void premain(String arguments, Instrumentation given) {
    instrumentation = given;
  }

  public static void main(String[] arguments) throws Exception {
    List<byte[]> files = files();
    ClassFileTransformer empty =
        new ClassFileTransformer() {
          @Override
          public byte[] transform(
              ClassLoader loader, String name, Class<?> of, ProtectionDomain domain, byte[] file) {
            return null;
          }
        };
    DependencyWatch watch = new DependencyWatch();
    SiteTransformer ours = new SiteTransformer(watch);
    watch.watch((dependency, why) -> {}, Set.of(dependency()), new Nothing());
    List<ClassFileTransformer> turns = Arrays.asList(null, empty, ours);
    double[][] micros = new double[turns.size()][ROUNDS];
    for (int round = -5; round < ROUNDS; round++) {
      for (int turn = 0; turn < turns.size(); turn++) {
        double took = define(files, turns.get(turn));
        if (round >= 0) {
          micros[turn][round] = took;
        }
      }
    }
    double[] alone = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      for (byte[] file : files) {
        ours.transform(null, null, "x", null, null, file);
      }
      alone[round] = (System.nanoTime() - start) / 1e3 / files.size();
    }
    System.out.printf(
        "%d classes, us a class: no transformer %.1f, empty %.1f, ours %.1f; the filter alone %.2f%n",
        files.size(), median(micros[0]), median(micros[1]), median(micros[2]), median(alone));
  }

  private static Dependency dependency() {
    return new Dependency.Overrides(
        new TypeRef("java/io/OutputStream", LoaderRef.BOOT), "write", "([B)V");
  }

  private static double define(List<byte[]> files, ClassFileTransformer transformer) {
    if (transformer != null) {
      instrumentation.addTransformer(transformer, true);
    }
    Island island = new Island();
    long start = System.nanoTime();
    int defined = 0;
    for (byte[] file : files) {
      defined += island.define(file);
    }
    double micros = (System.nanoTime() - start) / 1e3 / defined;
    if (transformer != null) {
      instrumentation.removeTransformer(transformer);
    }
    return micros;
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private static List<byte[]> files() throws IOException {
    List<byte[]> files = new ArrayList<>();
    Path module = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules/jdk.compiler");
    try (Stream<Path> found = Files.walk(module)) {
      for (Path path : (Iterable<Path>) found::iterator) {
        if (path.toString().endsWith(".class") && !path.endsWith("module-info.class")) {
          try (InputStream in = Files.newInputStream(path)) {
            files.add(in.readAllBytes());
          }
        }
      }
    }
    return files;
  }

  /** Sees no class loaded. */
  private static final class Nothing implements DependencyWatch.Seen {
    @Override
    public long sequence() {
      return 0;
    }

    @Override
    public boolean contains(long key) {
      return false;
    }

    @Override
    public long[] namesBelow(Dependency.Overrides dependency) {
      return new long[] {ClassHeader.hash(dependency.type().name())};
    }
  }

  private static final class Island extends ClassLoader {
    int define(byte[] file) {
      try {
        defineClass(null, file, 0, file.length);
        return 1;
      } catch (LinkageError needsItsModule) {
        return 0;
      }
    }
  }
}
