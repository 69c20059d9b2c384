package dev.tidepool.agent.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A virtual machine of its own, with what it printed; ended with the test. */
final class Run implements AutoCloseable {
  static final String JAR =
      Path.of(System.getProperty("tidepool.jar", "target/tidepool.jar"))
          .toAbsolutePath()
          .toString();

  /** Where the classes of these tests are. */
  static final String CLASSES = Path.of("target/test-classes").toAbsolutePath().toString();

  private static final long LONGEST_SECONDS = 60;

  private final Process process;
  private final Path out;
  private final Path err;

  private Run(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  static Run java(Path jdk, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(jdk.resolve("bin/java").toString());
    command.addAll(arguments);
    return start(command, Map.of());
  }

  /** Any command, with more in its environment. */
  static Run start(List<String> command, Map<String, String> environment) throws IOException {
    Path out = Files.createTempFile("tidepool-test", ".out");
    Path err = Files.createTempFile("tidepool-test", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("TIDEPOOL_"));
    builder.environment().putAll(environment);
    return new Run(builder.start(), out, err);
  }

  /** One of the small programs below, from the test classes. */
  static Run program(Path jdk, Class<?> program, List<String> options, String... arguments)
      throws IOException {
    List<String> all = new ArrayList<>(options);
    all.add("-cp");
    all.add(CLASSES);
    all.add(program.getName());
    all.addAll(List.of(arguments));
    return java(jdk, all);
  }

  /** The command line, run to its end. */
  static Run tidepool(Path jdk, Object... words) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("-jar", JAR));
    for (Object word : words) {
      all.add(String.valueOf(word));
    }
    Run run = java(jdk, all);
    run.status();
    return run;
  }

  /**
   * What a command printed that did what it was to do.
   *
   * @throws AssertionError if it did not, or had something to say on standard error
   */
  static String done(Run run) throws IOException, InterruptedException {
    try (run) {
      int status = run.status();
      assertThat(run.err()).isEmpty();
      assertThat(status).isZero();
      return run.out();
    }
  }

  /** The command ended with this status, and said why in one line and nothing else. */
  static void requireOneLine(Run run, int status, String text)
      throws IOException, InterruptedException {
    try (run) {
      assertThat(run.status()).isEqualTo(status);
      assertThat(run.out()).isEmpty();
      assertThat(run.err().lines()).hasSize(1);
      assertThat(run.err()).startsWith("tidepool: ").contains(text);
    }
  }

  static List<String> agent(String options) {
    return List.of("-javaagent:" + JAR + (options.isEmpty() ? "" : "=" + options));
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  int status() throws InterruptedException {
    if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("still running after " + LONGEST_SECONDS + " s: " + out() + err());
    }
    return process.exitValue();
  }

  String out() {
    return read(out);
  }

  String err() {
    return read(err);
  }

  static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException gone) {
      throw new AssertionError(gone);
    }
  }

  /** Polls until it holds. */
  void await(String what, BooleanSupplier condition) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > until) {
        throw new AssertionError("never: " + what + "; out: " + out() + " err: " + err());
      }
      Thread.sleep(50);
    }
  }

  Run up() throws InterruptedException {
    await("up", () -> out().startsWith("up"));
    return this;
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    Files.deleteIfExists(out);
    Files.deleteIfExists(err);
  }
}
