package dev.tidepool.apps.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A child process that answers one line of JSON to each command. Closing ends it, kindly first: it
 * can write its reports.
 */
public final class Child implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Process process;
  private final BufferedWriter commands;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final Path errors;

  /**
   * Starts it.
   *
   * @param errors file for the child's standard error
   */
  public Child(List<String> command, Path errors) throws IOException {
    this.errors = errors;
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    process = builder.start();
    commands = process.outputWriter(StandardCharsets.UTF_8);
    Thread reader = new Thread(this::read, "child-" + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        answers.add(line);
      }
    } catch (IOException e) {
      answers.add("{\"broken\":\"" + e.getMessage() + "\"}");
    }
    answers.add(""); // the end: nobody waits for a process that is gone
  }

  /** Sends a command and waits for its answer. */
  public JsonNode ask(String command) throws IOException, InterruptedException {
    send(command);
    return answer();
  }

  public void send(String command) throws IOException {
    commands.write(command);
    commands.newLine();
    commands.flush();
  }

  /** The next line the child prints. */
  public JsonNode answer() throws IOException, InterruptedException {
    String line = answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (line == null || line.isEmpty()) {
      throw new IOException(
          (line == null ? "child does not answer; " : "child ended; ") + "it said: " + errors());
    }
    return JSON.readTree(line);
  }

  /** What the child printed on standard error so far. */
  public String errors() throws IOException {
    return Files.readString(errors);
  }

  public long pid() {
    return process.pid();
  }

  @Override
  public void close() throws IOException {
    try {
      if (process.isAlive()) {
        send("quit");
      }
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("child " + process.pid() + " had to be killed: " + errors());
      }
      if (process.exitValue() != 0) {
        throw new IOException("child ended with " + process.exitValue() + ": " + errors());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
