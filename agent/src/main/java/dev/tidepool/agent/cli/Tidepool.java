package dev.tidepool.agent.cli;

import dev.tidepool.agent.view.Json;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;

/** The program itself; without a verb it lists the virtual machines and asks for one. */
@Command(
    name = "tidepool",
    description = "Lowers what a running JVM spends on memory, without a line of code changed.",
    synopsisHeading = "Usage: ",
    customSynopsis = "java -jar tidepool.jar [VERB [PID] [ARGUMENTS]]",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = CommandLineMain.Version.class,
    subcommands = {
      Tidepool.ListMachines.class,
      Verbs.Attach.class,
      Verbs.Status.class,
      Verbs.Sites.class,
      Verbs.Why.class,
      Verbs.Decisions.class,
      Verbs.Advise.class,
      Verbs.Flags.class,
      Verbs.Set.class,
      Verbs.Revert.class,
      Verbs.Top.class,
      Verbs.Report.class,
      Verbs.Detach.class,
      Verbs.Doctor.class
    })
final class Tidepool implements Callable<Integer> {
  private final File jar;
  private final PrintStream out;

  Tidepool(File jar, PrintStream out) {
    this.jar = jar;
    this.out = out;
  }

  File jar() {
    return jar;
  }

  PrintStream out() {
    return out;
  }

  @Override
  public Integer call() throws IOException {
    List<Machines.Machine> machines = Machines.all();
    if (machines.isEmpty()) {
      throw new Failure("no other virtual machine of this user is running");
    }
    for (int i = 0; i < machines.size(); i++) {
      Machines.Machine machine = machines.get(i);
      String agent = machine.agent().isEmpty() ? "" : "  (tidepool " + machine.agent() + ")";
      out.println("[" + (i + 1) + "] " + machine.pid() + " " + machine.name() + agent);
    }
    out.print("Attach to which? ");
    out.flush();
    Machines.Machine chosen = machines.get(choice(machines.size()) - 1);
    out.println(new Attacher(Target.of(chosen.pid()), jar).attach(""));
    return 0;
  }

  private static int choice(int count) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
    String line = in.readLine();
    if (line == null) {
      throw new Usage("nothing chosen: give a number, or use `attach PID`");
    }
    try {
      int number = Integer.parseInt(line.trim());
      if (number >= 1 && number <= count) {
        return number;
      }
    } catch (NumberFormatException word) {
      // falls through to the same answer
    }
    throw new Usage("\"" + line.trim() + "\" is not a number from 1 to " + count);
  }

  /** What was asked makes no sense; status 2. */
  static final class Usage extends RuntimeException {
    private static final long serialVersionUID = 1;

    Usage(String line) {
      super(line);
    }
  }

  @Command(name = "list", description = "list the virtual machines of this user")
  static final class ListMachines implements Callable<Integer> {
    @ParentCommand private Tidepool program;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Override
    public Integer call() {
      List<Map<String, Object>> rows = new ArrayList<>();
      Table table = new Table(">PID", "AGENT", "PROGRAM");
      for (Machines.Machine machine : Machines.all()) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("pid", machine.pid());
        row.put("name", machine.name());
        row.put("agent", machine.agent().isEmpty() ? null : machine.agent());
        rows.add(row);
        String agent = machine.agent().isEmpty() ? "-" : machine.agent();
        table.row(machine.pid(), agent, machine.name());
      }
      program.out.print(json ? Json.pretty(rows) + "\n" : table.text());
      return 0;
    }
  }
}
