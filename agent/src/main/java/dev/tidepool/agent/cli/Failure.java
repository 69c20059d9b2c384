package dev.tidepool.agent.cli;

/**
 * The target said no, or could not be reached; the message is one line: what is wrong, what to do.
 */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  Failure(String line) {
    super(line);
  }

  Failure(String line, Throwable cause) {
    super(line, cause);
  }
}
