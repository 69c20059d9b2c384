package dev.tidepool.pools.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compiles the cases that jcstress runs in a profile of its own, against names like jcstress's, and
 * tries each a few thousand times: they do not rot, and what breaks at once breaks here. {@code
 * -Dstress.batches=60} tries longer.
 */
class ShelfStressTest {
  private static final Path CASES =
      Path.of("../pools-jcstress/src/main/java/dev/tidepool/pools/internal/ShelfStress.java");
  private static final Path CLASSES = Path.of("target/classes");
  private static final String ANNOTATIONS = "org.openjdk.jcstress.annotations.";
  private static final int ROUNDS = 3000;
  private static final int BATCHES = Integer.getInteger("stress.batches", 1);

  @Test
  void noOutcomeIsForbidden(@TempDir Path compiled) throws Exception {
    compile(compiled);
    URL[] path = {compiled.toUri().toURL(), CLASSES.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(path, null)) {
      Class<?> cases = loader.loadClass("dev.tidepool.pools.internal.ShelfStress");
      List<Class<?>> tests =
          Arrays.stream(cases.getClasses())
              .filter(c -> annotated(c.getAnnotations(), "JCStressTest"))
              .toList();
      assertThat(tests).hasSizeGreaterThan(8);
      for (Class<?> test : tests) {
        for (int i = 0; i < BATCHES; i++) {
          assertThat(outcomes(test)).as(test.getSimpleName()).isSubsetOf(acceptable(test));
        }
      }
    }
  }

  /** What came of it, by the result's text. */
  private static Set<String> outcomes(Class<?> test) throws Exception {
    List<Method> actors = methods(test, "Actor");
    List<Method> arbiter = methods(test, "Arbiter");
    Class<?> result =
        Stream.concat(actors.stream(), arbiter.stream())
            .filter(m -> m.getParameterCount() == 1)
            .findAny()
            .orElseThrow()
            .getParameterTypes()[0];
    Constructor<?> newTest = test.getConstructor();
    Constructor<?> newResult = result.getConstructor();
    Object[] tests = new Object[ROUNDS];
    Object[] results = new Object[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      tests[i] = newTest.newInstance();
      results[i] = newResult.newInstance();
    }
    CyclicBarrier start = new CyclicBarrier(actors.size());
    Set<Throwable> thrown = new HashSet<>();
    List<Thread> threads = new ArrayList<>();
    for (Method actor : actors) {
      threads.add(
          new Thread(
              () -> {
                try {
                  for (int i = 0; i < ROUNDS; i++) {
                    if (i % 10 == 0) { // near one another, without a pause between all
                      start.await();
                    }
                    call(actor, tests[i], results[i]);
                  }
                } catch (Exception e) {
                  synchronized (thrown) {
                    thrown.add(e);
                  }
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(thrown).isEmpty();
    Set<String> outcomes = new HashSet<>();
    for (int i = 0; i < ROUNDS; i++) {
      for (Method last : arbiter) {
        call(last, tests[i], results[i]);
      }
      outcomes.add(results[i].toString());
    }
    return outcomes;
  }

  private static void call(Method method, Object test, Object result)
      throws ReflectiveOperationException {
    if (method.getParameterCount() == 0) {
      method.invoke(test);
    } else {
      method.invoke(test, result);
    }
  }

  private static Set<String> acceptable(Class<?> test) throws ReflectiveOperationException {
    Set<String> ids = new HashSet<>();
    for (Annotation all : test.getAnnotations()) {
      if (all.annotationType().getSimpleName().equals("Outcomes")) {
        Object[] outcomes = (Object[]) all.annotationType().getMethod("value").invoke(all);
        for (Object outcome : outcomes) {
          Class<?> type = ((Annotation) outcome).annotationType();
          if (type.getMethod("expect").invoke(outcome).toString().equals("ACCEPTABLE")) {
            ids.addAll(Arrays.asList((String[]) type.getMethod("id").invoke(outcome)));
          }
        }
      }
    }
    return ids;
  }

  private static List<Method> methods(Class<?> test, String annotation) {
    return Arrays.stream(test.getDeclaredMethods())
        .filter(m -> annotated(m.getAnnotations(), annotation))
        .toList();
  }

  private static boolean annotated(Annotation[] annotations, String name) {
    return Arrays.stream(annotations)
        .anyMatch(a -> a.annotationType().getName().equals(ANNOTATIONS + name));
  }

  private static void compile(Path to) throws IOException {
    List<String> sources = new ArrayList<>(List.of(CASES.toString()));
    String runtime =
        "@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)";
    for (String name : List.of("Actor", "Arbiter", "JCStressTest", "State")) {
      sources.add(source(to, "annotations", name, runtime + " public @interface " + name + " {}"));
    }
    sources.add(
        source(to, "annotations", "Expect", "public enum Expect { ACCEPTABLE, FORBIDDEN }"));
    sources.add(
        source(
            to,
            "annotations",
            "Outcome",
            "@java.lang.annotation.Repeatable(Outcome.Outcomes.class) public @interface Outcome {"
                + " String[] id() default {}; Expect expect(); String desc() default \"\"; "
                + runtime
                + " @interface Outcomes { Outcome[] value(); } }"));
    for (String name : List.of("II", "III", "IZ", "ZZ")) {
      sources.add(source(to, "infra.results", name + "_Result", result(name)));
    }
    List<String> arguments =
        new ArrayList<>(List.of("-proc:none", "-nowarn", "-d", to.toString(), "-cp"));
    arguments.add(CLASSES.toString());
    arguments.addAll(sources);
    int status =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(System.out, System.err, arguments.toArray(new String[0]));
    assertThat(status).as("the cases compile").isZero();
  }

  /** A result of fields r1, r2... by its letters, I for an int and Z for a boolean. */
  private static String result(String letters) {
    StringBuilder fields = new StringBuilder();
    StringBuilder text = new StringBuilder("\"\"");
    for (int i = 1; i <= letters.length(); i++) {
      String type = letters.charAt(i - 1) == 'I' ? "int" : "boolean";
      fields.append("public ").append(type).append(" r").append(i).append("; ");
      text.append(i == 1 ? " + r" : " + \", \" + r").append(i);
    }
    return "public class "
        + letters
        + "_Result { "
        + fields
        + "@Override public String toString() { return "
        + text
        + "; } }";
  }

  private static String source(Path to, String part, String name, String body) throws IOException {
    Path file = to.resolve(name + ".java");
    Files.writeString(file, "package org.openjdk.jcstress." + part + "; " + body);
    return file.toString();
  }
}
