package dev.tidepool.apps.load;

import dev.tidepool.apps.Catalogue;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Tomcat under load, without and with the agent in turn; a table, the sites, a page. */
public final class Demo {
  private static final int ROUNDS = 2;

  private Demo() {}

  /**
   * Runs the demonstration.
   *
   * @param args file for the page
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    PrintStream out = System.out;
    Path page = Path.of(args[0]).toAbsolutePath().normalize();
    Plan plan =
        Plan.of(Catalogue.TOMCAT, Jdk.current(), Collector.G1)
            .lasting(Duration.ofSeconds(14), Duration.ofSeconds(6))
            .heap("-Xms256m", "-Xmx256m");
    out.println("Tomcat under load, without and with the agent in turn: about a minute and a half");
    Comparison comparison = Comparison.run(plan, Agent.built(Map.of("http", "off")), ROUNDS);
    Drive.print(comparison, out);
    HtmlReport.write(page, List.of(comparison));
    out.println("report: " + page);
    Instant begin = Instant.parse(System.getProperty("tidepool.demo.began"));
    out.println("took " + Duration.between(begin, Instant.now()).toSeconds() + " s, building too");
    if (!comparison.sameOutput()) {
      throw new IllegalStateException("the agent changed the output");
    }
  }
}
