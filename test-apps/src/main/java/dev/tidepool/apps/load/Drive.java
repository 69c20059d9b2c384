package dev.tidepool.apps.load;

import dev.tidepool.apps.Catalogue;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The load driver's command line. */
@Command(
    name = "drive",
    mixinStandardHelpOptions = true,
    description = "Runs applications without and with the agent in turn and prints medians.")
public final class Drive implements Callable<Integer> {
  @Option(names = "--apps", split = ",", description = "names, or nothing for all")
  private List<String> apps = List.of();

  @Option(names = "--jdk", description = "home of a JDK; else the current one")
  private Path jdk;

  @Option(names = "--gc", split = ",", description = "g1, parallel, serial, zgc, shenandoah")
  private List<String> collectors = List.of("g1");

  @Option(names = "--rounds", description = "runs of each kind")
  private int rounds = 3;

  @Option(names = "--warm-up", description = "seconds")
  private int warmUp = 12;

  @Option(names = "--measure", description = "seconds")
  private int measure = 8;

  @Option(names = "--rate", description = "operations per second; else as many as they can")
  private double rate;

  @Option(names = "--heap", split = " ", description = "memory arguments, as '-Xms1g -Xmx1g'")
  private List<String> heap = List.of("-Xms512m", "-Xmx512m");

  @Option(names = "--agent", split = ";", description = "settings of the agent: key=value;...")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(names = "--html", description = "file for a report with the figures drawn")
  private Path html;

  /** Exit status 0: same output with and without; 1: not; 2: usage. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Drive()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintStream out = System.out;
    settings.putIfAbsent("http", "off");
    Agent agent = Agent.built(settings);
    Jdk chosen = jdk == null ? Jdk.current() : Jdk.at(jdk).stream().findFirst().orElseThrow();
    List<Comparison> done = new ArrayList<>();
    for (Catalogue app : chosen()) {
      for (String id : collectors) {
        Collector collector = Collector.of(id);
        if (!chosen.has(collector)) {
          out.println(chosen + " has no " + id + ": left out");
          continue;
        }
        Plan plan =
            Plan.of(app, chosen, collector)
                .lasting(Duration.ofSeconds(warmUp), Duration.ofSeconds(measure))
                .heap(heap.toArray(String[]::new))
                .at(rate);
        Comparison comparison = Comparison.run(plan, agent, rounds);
        print(comparison, out);
        done.add(comparison);
      }
    }
    if (html != null) {
      HtmlReport.write(html, done);
      out.println("report: " + html);
    }
    return done.stream().allMatch(Comparison::sameOutput) ? 0 : 1;
  }

  private List<Catalogue> chosen() {
    return apps.isEmpty() ? List.of(Catalogue.values()) : apps.stream().map(Catalogue::of).toList();
  }

  /** The table and the sites below it. */
  static void print(Comparison comparison, PrintStream out) {
    Plan plan = comparison.plan();
    out.println();
    out.println(plan.app().id() + ": " + plan.app().about());
    out.println(plan.jdk() + ", " + plan.collector().id() + ", " + plan.heap());
    out.print(TextTable.plain(comparison));
    out.println("output: " + (comparison.sameOutput() ? "the same" : "NOT THE SAME"));
    out.print(TextTable.sites(comparison.sites(), 12));
  }
}
