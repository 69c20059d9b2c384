package dev.tidepool.rewriting.gate;

import dev.tidepool.pools.PrimitivePools;
import dev.tidepool.rewriting.code.ClassCode;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.tukaani.xz.ArrayCache;

/** Runs a test agent in a JVM of its own, on every JDK there is. */
public final class ChildJvm {
  /** What a run left behind. */
  public record Result(int exit, String out, String err) {}

  private static final int SECONDS = 120;

  private ChildJvm() {}

  /** The JDKs to run on, at least the one running this. */
  public static List<Path> jdks() {
    return Jdks.all();
  }

  /** Runs an agent whose premain or main is in a class of this module's tests. */
  public static Result run(Path jdk, Path scratch, Class<?> agent, List<String> options)
      throws IOException, InterruptedException, URISyntaxException {
    return run(jdk, scratch, agent, options, List.of(), SECONDS);
  }

  /** Runs an agent that may take its time. */
  public static Result run(
      Path jdk,
      Path scratch,
      Class<?> agent,
      List<String> options,
      List<String> arguments,
      int seconds)
      throws IOException, InterruptedException, URISyntaxException {
    Path jar = agentJar(scratch, agent);
    List<String> command = new ArrayList<>();
    command.add(jdk.resolve("bin/java").toString());
    command.add("-javaagent:" + jar);
    command.addAll(List.of("-cp", classPath(), "-Xmx256m"));
    command.addAll(options);
    command.add(agent.getName());
    command.addAll(arguments);
    Path out = scratch.resolve("out");
    Path err = scratch.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        String seen =
            Files.readString(out) + Files.readString(err) + threads(jdk, scratch, process);
        throw new IllegalStateException("still running: " + command + "\n" + seen);
      }
    } finally {
      process.destroyForcibly();
    }
    return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** What the threads of a process that should be over are doing. */
  private static String threads(Path jdk, Path scratch, Process process)
      throws IOException, InterruptedException {
    Path threads = scratch.resolve("threads");
    Process asked =
        new ProcessBuilder(jdk.resolve("bin/jstack").toString(), "-l", "" + process.pid())
            .redirectErrorStream(true)
            .redirectOutput(threads.toFile())
            .start();
    asked.waitFor(10, TimeUnit.SECONDS);
    asked.destroyForcibly();
    return Files.readString(threads);
  }

  private static Path agentJar(Path scratch, Class<?> agent) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Premain-Class", agent.getName());
    main.putValue("Can-Retransform-Classes", "true");
    main.putValue("Can-Redefine-Classes", "true");
    Path jar = scratch.resolve("agent.jar");
    try (OutputStream file = Files.newOutputStream(jar)) {
      new JarOutputStream(file, manifest).close();
    }
    return jar;
  }

  private static String classPath() throws URISyntaxException {
    List<String> places = new ArrayList<>();
    for (Class<?> one :
        List.of(
            ChildJvm.class,
            Gate.class,
            ClassCode.class,
            PrimitivePools.class,
            ClassReader.class,
            ClassNode.class,
            Analyzer.class,
            ArrayCache.class)) {
      places.add(
          Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
    }
    return places.stream().distinct().collect(Collectors.joining(File.pathSeparator));
  }
}
