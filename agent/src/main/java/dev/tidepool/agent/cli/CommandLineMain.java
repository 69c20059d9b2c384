package dev.tidepool.agent.cli;

import java.io.File;

/** Entry of {@code java -jar tidepool.jar}. */
public final class CommandLineMain {
  private CommandLineMain() {}

  /**
   * Runs one command.
   *
   * @param jar the file this program was loaded from
   * @return exit status: 0 done, 1 the target said no, 2 usage
   */
  public static int run(File jar, String[] arguments) {
    return 0;
  }
}
