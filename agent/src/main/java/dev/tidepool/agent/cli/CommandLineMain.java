package dev.tidepool.agent.cli;

import dev.tidepool.agent.Versions;
import dev.tidepool.agent.log.Log;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** Entry of {@code java -jar tidepool.jar}. */
public final class CommandLineMain {
  private static final int DONE = 0;
  private static final int REFUSED = 1;
  private static final int USAGE = 2;

  private CommandLineMain() {}

  /**
   * Runs one command.
   *
   * @param jar the file this program was loaded from
   * @return exit status: 0 done, 1 the target said no, 2 usage
   */
  public static int run(File jar, String[] arguments) {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    CommandLine line = new CommandLine(new Tidepool(jar, out));
    line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler(
        (wrong, words) -> {
          err.println("tidepool: " + inOneLine(wrong.getMessage()) + ": see --help");
          return USAGE;
        });
    line.setExecutionExceptionHandler(
        (fault, command, parsed) -> {
          err.println("tidepool: " + message(fault));
          return fault instanceof Tidepool.Usage ? USAGE : REFUSED;
        });
    int status = line.execute(arguments);
    out.flush();
    return status == DONE || status == USAGE ? status : REFUSED;
  }

  private static String message(Exception fault) {
    return fault instanceof Failure || fault instanceof Tidepool.Usage
        ? inOneLine(fault.getMessage())
        : Log.inOneLine(fault);
  }

  private static String inOneLine(String text) {
    return text.replaceAll("\\s*[\\r\\n]+\\s*", " ");
  }

  /** What {@code --version} prints. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"tidepool " + Versions.running()};
    }
  }
}
