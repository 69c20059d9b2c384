package dev.tidepool.apps.process;

import dev.tidepool.apps.synthetic.CopyService;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;

/**
 * Loads the classes of the jars on its class path in a loader of their own, again and again.
 *
 * <p>Commands: {@code work SECONDS} copies streams, so that an agent has proofs to keep; {@code
 * load} answers the classes loaded, the time that took, the CPU time of the loading thread, and
 * what {@link HookTimer} saw after {@code arm}; {@code quit}.
 */
public final class ClassLoading {
  /** About a second of loading; more of them tell no more. */
  private static final int MOST_CLASSES = 8000;

  private ClassLoading() {}

  public static void main(String[] args) throws IOException {
    List<Path> jars =
        List.of(System.getProperty("java.class.path").split(File.pathSeparator, -1)).stream()
            .filter(entry -> entry.endsWith(".jar"))
            .map(Path::of)
            .toList();
    List<String> names = new ArrayList<>();
    for (Path jar : jars) {
      names.addAll(classes(jar));
    }
    List<String> some = names.subList(0, Math.min(MOST_CLASSES, names.size()));
    CopyService service = new CopyService();
    System.out.println("{\"ready\":1}");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.startsWith("work ")) {
        work(service, Double.parseDouble(line.substring(5)));
        System.out.println("{\"worked\":1}");
      } else if (line.equals("arm")) {
        HookTimer.arm();
        System.out.println("{\"armed\":1}");
      } else if (line.equals("load")) {
        System.out.println(load(jars, some));
      } else {
        return;
      }
    }
  }

  private static List<String> classes(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.endsWith(".class"))
          .filter(name -> !name.startsWith("META-INF") && !name.endsWith("module-info.class"))
          .map(name -> name.substring(0, name.length() - 6).replace('/', '.'))
          .toList();
    }
  }

  private static void work(CopyService service, double seconds) throws IOException {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    for (long seed = 0; System.nanoTime() < end; seed++) {
      service.operate(seed);
    }
  }

  @SuppressWarnings("BanClassLoader") // loads the jars of our own class path
  private static String load(List<Path> jars, List<String> names) throws IOException {
    URL[] urls = new URL[jars.size()];
    for (int i = 0; i < urls.length; i++) {
      urls[i] = url(jars.get(i));
    }
    System.gc(); // the classes of the last time are unloaded now, not while others are loaded
    HookTimer.takeMicros();
    try (URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      long loaded = 0;
      long cpuBegin = threads.getCurrentThreadCpuTime();
      long begin = System.nanoTime();
      for (String name : names) {
        loaded += isLoaded(name, loader) ? 1 : 0;
      }
      double millis = (System.nanoTime() - begin) / 1e6;
      double cpuMillis = (threads.getCurrentThreadCpuTime() - cpuBegin) / 1e6;
      return new JsonLine()
          .put("classes", loaded)
          .put("millis", millis)
          .put("cpuMillis", cpuMillis)
          .put("hookMicros", HookTimer.takeMicros())
          .text();
    }
  }

  /** A class whose superclass is an optional library's cannot be loaded here. */
  private static boolean isLoaded(String name, ClassLoader loader) {
    try {
      Class.forName(name, false, loader);
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  private static URL url(Path jar) throws MalformedURLException {
    return jar.toUri().toURL();
  }
}
