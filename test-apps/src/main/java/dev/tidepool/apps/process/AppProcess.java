package dev.tidepool.apps.process;

import dev.tidepool.apps.Catalogue;
import dev.tidepool.apps.Server;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Main class of a child.
 *
 * <p>Arguments: {@code app NAME WORK THREADS [PORT]} or {@code server NAME WORK}. Commands, one a
 * line: {@code gauges}, {@code run SECONDS [PER_SECOND]}, {@code times COUNT}, {@code record},
 * {@code recorded FILE}, {@code quit}. The first line out says that it is ready. An end of input
 * ends the process too: no child outlives its parent.
 */
public final class AppProcess {
  private AppProcess() {}

  public static void main(String[] args) throws Throwable {
    Catalogue entry = Catalogue.of(args[1]);
    Path work = Path.of(args[2]);
    PrintStream out = System.out; // the driver reads it: whatever libraries print goes elsewhere
    System.setOut(System.err);
    Gauges gauges = new Gauges();
    if (args[0].equals("server")) {
      try (Server server = entry.server().orElseThrow().open(work)) {
        out.println(new JsonLine().put("ready", 1).put("port", server.port()).text());
        serve(null, gauges, out);
      }
    } else {
      int port = args.length > 4 ? Integer.parseInt(args[4]) : 0;
      try (Workers workers =
          new Workers(entry.opener().open(work, port), Integer.parseInt(args[3]))) {
        String checksum = Long.toHexString(workers.checksum());
        out.println(new JsonLine().put("ready", 1).put("checksum", checksum).text());
        serve(workers, gauges, out);
      }
    }
  }

  private static void serve(Workers workers, Gauges gauges, PrintStream out) throws Throwable {
    Recorder recorder = new Recorder();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.trim().split(" ", -1);
      switch (words[0].toLowerCase(Locale.ROOT)) {
        case "gauges" -> out.println(gauges.line());
        case "run" ->
            out.println(
                workers.run(
                    Double.parseDouble(words[1]),
                    words.length > 2 ? Double.parseDouble(words[2]) : 0));
        case "times" -> out.println(workers.times(Integer.parseInt(words[1])));
        case "record" -> out.println(recorder.begin());
        case "recorded" -> out.println(recorder.end(Path.of(words[1])));
        case "quit" -> {
          return;
        }
        default -> throw new IllegalArgumentException("unknown command: " + line);
      }
    }
  }
}
