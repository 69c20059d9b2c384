package dev.tidepool.rewriting.live;

import static dev.tidepool.rewriting.live.Scenario.check;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidepool.rewriting.SiteReport;
import dev.tidepool.rewriting.site.SiteState;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.instrument.Instrumentation;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.util.List;
import workload.Results;
import workload.Streams;

/** Callers that give back what they got, one of them hot long after the other. */
public final class ResultsAgent {
  private static final long LONGEST_NANOS = 60_000_000_000L;
  private static final int GETS = 50;
  private static Instrumentation instrumentation;

  private ResultsAgent() {}

  public static void premain(String arguments, Instrumentation given) {
    instrumentation = given;
  }

  public static void main(String[] arguments) throws Exception {
    List<Long> before = Scenario.digests(instrumentation, Results.class);
    ProofThread thread = Scenario.start(instrumentation, Prover.ESCAPE);
    thread.nominate(Scenario.nomination(Results.class, "filled", "(I)[B"));
    thread.nominate(Scenario.nomination(Results.class, "early", "(I)I"));
    until(thread, "early", 1, false);
    until(thread, "filled", 1, false);
    thread.nominate(Scenario.nomination(Results.class, "late", "(I)I"));
    until(thread, "late", 2, true);
    ofStreams(thread);
    ofConnections(thread);
    thread.close();
    check(before.equals(Scenario.digests(instrumentation, Results.class)), "as before close");
  }

  private static void until(ProofThread thread, String method, int sites, boolean late)
      throws Exception {
    long end = System.nanoTime() + LONGEST_NANOS;
    while (active(thread, method) < sites) {
      check(System.nanoTime() < end, method + " never gives back: " + thread.sites());
      for (int i = 0; i < 100; i++) {
        check(Results.early(i) == (byte) (i | 1), "what was filled");
        if (late) {
          check(Results.late(i) == (byte) (i | 1) - (byte) (i + 1 | 1), "what was filled");
        }
      }
      Thread.sleep(1);
    }
  }

  /** Made by whatever stream there is, which is asked whether it is the caller's alone. */
  private static void ofStreams(ProofThread thread) throws Exception {
    thread.nominate(Scenario.nomination(Results.class, "read", "(Ljava/io/InputStream;)I"));
    thread.nominate(Scenario.nomination(InputStream.class, "readNBytes", "(I)[B"));
    thread.nominate(Scenario.nomination(InputStream.class, "readAllBytes", "()[B"));
    long end = System.nanoTime() + LONGEST_NANOS;
    for (int seed = 0; !draws(thread, "readNBytes"); seed++) {
      check(System.nanoTime() < end, "what is read is never given back: " + thread.sites());
      read(seed % 3, seed);
      if (seed % 100 == 0) {
        Thread.sleep(1);
      }
    }
    for (int seed = 0; seed < 7_000; seed++) {
      read(seed % 7, seed);
      check(Streams.isIntact(), "what a stream has kept nobody else gets");
      if (seed % 700 == 0) {
        Thread.sleep(100); // they are judged meanwhile
      }
    }
    check(draws(thread, "readNBytes"), "still given back: " + thread.sites());
  }

  /**
   * The JDK's stream of an answer lets go of the connection at its end, before it is asked again.
   */
  private static void ofConnections(ProofThread thread) throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer server = HttpServer.create(any, 0);
    server.createContext("/", ResultsAgent::answer);
    server.start();
    try {
      URL url = new URL("http://localhost:" + server.getAddress().getPort() + "/");
      long end = System.nanoTime() + LONGEST_NANOS;
      for (long drawn = 0; drawn < GETS; ) {
        check(System.nanoTime() < end, "answers are never given back: " + thread.sites());
        long before = hits(thread);
        for (int i = 0; i < GETS; i++) {
          int sum = Results.read(url.openConnection().getInputStream());
          check(sum == Streams.LENGTH * Streams.content(1)[0], "what was answered");
        }
        drawn = hits(thread) - before;
      }
    } finally {
      server.stop(0);
    }
  }

  private static void answer(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, Streams.LENGTH);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(Streams.content(1));
    }
  }

  /** Of the arrays that are returned. */
  private static long hits(ProofThread thread) {
    return thread.sites().stream()
        .filter(site -> site.method().equals("readNBytes") && "PoolOwned".equals(site.remedy()))
        .mapToLong(SiteReport::hits)
        .sum();
  }

  private static void read(int kind, int seed) throws Exception {
    boolean shared = kind == 5;
    int sum = Results.read(Streams.of(kind, seed));
    check(shared || sum == Streams.LENGTH * (byte) (seed | 1), "what was read");
  }

  /** Whether the array that is returned comes from the pool, which takes what was proven dead. */
  private static boolean draws(ProofThread thread, String method) {
    return active(thread, "read") > 0
        && thread.sites().stream()
            .anyMatch(
                site ->
                    site.method().equals(method)
                        && site.state() == SiteState.ACTIVE
                        && "PoolOwned".equals(site.remedy())
                        && site.hits() > 100);
  }

  private static int active(ProofThread thread, String method) {
    int active = 0;
    for (SiteReport site : thread.sites()) {
      boolean isIt =
          site.className().equals(Results.class.getName()) && site.method().equals(method);
      active += isIt && site.state() == SiteState.ACTIVE ? 1 : 0;
    }
    return active;
  }
}
