package dev.tidepool.agent.cli;

import dev.tidepool.agent.view.Json;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** A command that speaks to one process. */
abstract class Verb implements Callable<Integer> {
  @ParentCommand private Tidepool program;

  @Parameters(index = "0", paramLabel = "PID", description = "process to speak to")
  private long pid;

  Target target() {
    return Target.of(pid);
  }

  ControlClient client() {
    return new ControlClient(target());
  }

  PrintStream out() {
    return program.out();
  }

  Tidepool program() {
    return program;
  }

  /** A command that prints what the agent answers. */
  abstract static class Printing extends Verb {
    @Option(names = "--json", description = "print JSON")
    private boolean json;

    /** Prints a document: as JSON where that was asked for. */
    int print(Object document, Function<Object, String> asText) {
      out().print(json ? Json.pretty(document) + "\n" : asText.apply(document));
      out().flush();
      return 0;
    }
  }
}
