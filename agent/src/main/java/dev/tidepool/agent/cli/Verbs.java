package dev.tidepool.agent.cli;

import dev.tidepool.agent.config.SettingsReader;
import dev.tidepool.agent.view.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The verbs that speak to one process. */
final class Verbs {
  private Verbs() {}

  @Command(name = "attach", description = "load the agent into a running process")
  static final class Attach extends Verb {
    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "KEY=VALUE,...",
        description = "settings, as after -javaagent:tidepool.jar=",
        defaultValue = "")
    private String options;

    @Override
    public Integer call() {
      List<String> complaints =
          SettingsReader.read(options, new Properties(), Map.of()).complaints();
      if (!complaints.isEmpty()) {
        throw new Tidepool.Usage(String.join("; ", complaints));
      }
      out().println(new Attacher(target(), program().jar()).attach(options));
      return 0;
    }
  }

  @Command(name = "status", description = "what the agent does in a process")
  static final class Status extends Verb.Printing {
    @Override
    public Integer call() {
      return print(client().ask("status"), document -> Text.status((Map<?, ?>) document));
    }
  }

  @Command(name = "sites", description = "every known allocation site, the hottest first")
  static final class Sites extends Verb.Printing {
    @Override
    public Integer call() {
      return print(client().ask("sites"), document -> Text.sites((List<?>) document));
    }
  }

  @Command(name = "why", description = "what was decided about a site, and why")
  static final class Why extends Verb.Printing {
    @Parameters(index = "1", paramLabel = "SITE", description = "id as `sites` shows it")
    private String site;

    @Override
    public Integer call() {
      return print(client().ask("why", site), document -> Text.why((Map<?, ?>) document));
    }
  }

  @Command(name = "decisions", description = "which levers were moved, why, and with what effect")
  static final class Decisions extends Verb.Printing {
    @Override
    public Integer call() {
      return print(client().ask("decisions"), document -> Text.decisions((List<?>) document));
    }
  }

  @Command(name = "advise", description = "what to change in flags or code")
  static final class Advise extends Verb.Printing {
    @Override
    public Integer call() {
      return print(client().ask("advise"), document -> Text.advice((List<?>) document));
    }
  }

  @Command(name = "flags", description = "an @argfile for the next start")
  static final class Flags extends Verb.Printing {
    @Override
    public Integer call() {
      return print(
          client().ask("flags"),
          document -> {
            String text = String.valueOf(document);
            return text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
          });
    }
  }

  @Command(name = "set", description = "change a setting, or move a lever by hand")
  static final class Set extends Verb.Printing {
    @Parameters(index = "1", paramLabel = "KEY=VALUE", description = "what to set")
    private String assignment;

    @Override
    public Integer call() {
      if (assignment.indexOf('=') <= 0) {
        throw new Tidepool.Usage("\"" + assignment + "\" is not key=value");
      }
      return print(client().ask("set", assignment), document -> document + "\n");
    }
  }

  @Command(name = "revert", description = "give a site its plain allocation back")
  static final class Revert extends Verb.Printing {
    @Parameters(index = "1", paramLabel = "SITE|all", description = "id as `sites` shows it")
    private String site;

    @Override
    public Integer call() {
      return print(client().ask("revert", site), document -> document + "\n");
    }
  }

  @Command(name = "report", description = "write a report to FILE.json or FILE.html")
  static final class Report extends Verb {
    @Parameters(index = "1", paramLabel = "FILE", description = "ends in .json or .html")
    private Path file;

    @Override
    public Integer call() {
      String name = file.toString();
      if (!name.endsWith(".json") && !name.endsWith(".html")) {
        throw new Tidepool.Usage("\"" + name + "\" must end in .json or .html");
      }
      boolean html = name.endsWith(".html");
      Object report = client().ask("report", html ? "html" : "json");
      try {
        Files.writeString(file, html ? String.valueOf(report) : Json.pretty(report) + "\n");
      } catch (IOException unwritable) {
        throw new Failure(
            "cannot write " + file + ": give a place that can be written", unwritable);
      }
      out().println("written to " + file);
      return 0;
    }
  }

  @Command(name = "detach", description = "undo everything and take the agent out")
  static final class Detach extends Verb {
    private static final long LONGEST_NANOS = 10_000_000_000L;

    @Override
    public Integer call() {
      ControlClient client = client();
      client.ask("detach");
      long until = System.nanoTime() + LONGEST_NANOS;
      while (client.version().isPresent()) {
        if (System.nanoTime() > until) {
          throw new Failure("the agent undid its work but is still there: try again");
        }
        Thread.onSpinWait();
      }
      out().println("the agent has left process " + target().pid());
      return 0;
    }
  }

  @Command(name = "doctor", description = "what can be done in a process, and what blocks the rest")
  static final class Doctor extends Verb.Printing {
    @Override
    public Integer call() {
      return print(client().ask("doctor"), document -> Text.doctor((Map<?, ?>) document));
    }
  }

  @Command(name = "top", description = "a live view, until interrupted")
  static final class Top extends Verb {
    private static final String HOME_AND_CLEAR = "\u001b[H\u001b[2J";
    private static final int ROWS = 25;

    @Option(
        names = {"-n", "--count"},
        paramLabel = "TIMES",
        description = "stop after this many views",
        defaultValue = "2147483647")
    private int count;

    @Option(
        names = {"-d", "--delay"},
        paramLabel = "SECONDS",
        description = "time between views, 2 by default",
        defaultValue = "2")
    private int delay;

    @Override
    public Integer call() throws InterruptedException {
      ControlClient client = client();
      for (int i = 0; i < count; i++) {
        if (i > 0) {
          Thread.sleep(Math.max(1, delay) * 1000L);
        }
        String status = Text.status((Map<?, ?>) client.ask("status"));
        List<?> sites = (List<?>) client.ask("sites");
        String hottest = Text.sites(sites.subList(0, Math.min(ROWS, sites.size())));
        out().print((count > 1 ? HOME_AND_CLEAR : "") + status + "\n" + hottest);
        out().flush();
      }
      return 0;
    }
  }
}
