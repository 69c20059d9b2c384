package dev.tidepool.rewriting.live;

import static dev.tidepool.rewriting.live.Scenario.check;

import dev.tidepool.rewriting.SiteReport;
import dev.tidepool.rewriting.site.SiteState;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.util.List;
import workload.Results;
import workload.Streams;

/** Callers that give back what they got, one of them hot long after the other. */
public final class ResultsAgent {
  private static final long LONGEST_NANOS = 60_000_000_000L;
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
