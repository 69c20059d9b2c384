package dev.tidepool.rewriting.live;

import static dev.tidepool.rewriting.live.Scenario.check;

import dev.tidepool.rewriting.PoolingMode;
import dev.tidepool.rewriting.RewritingSettings;
import dev.tidepool.rewriting.SiteReport;
import dev.tidepool.rewriting.site.SiteState;
import java.lang.instrument.Instrumentation;
import java.util.List;
import workload.Owned;

/** Owners, and the arrays that are drawn for them, whose pooling a user forbids while they run. */
public final class TakenBackAgent {
  private static final long LONGEST_NANOS = 60_000_000_000L;
  private static final long AFTER_NANOS = 4_000_000_000L;
  private static Instrumentation instrumentation;

  private TakenBackAgent() {}

  public static void premain(String arguments, Instrumentation given) {
    instrumentation = given;
  }

  public static void main(String[] arguments) throws Exception {
    Owned.keeps(1);
    Owned.Maker.local(1);
    forbid(Scenario.quick().withExclude(Owned.Owner.class.getName()), Owned.Owner.class);
    forbid(Scenario.quick().withExclude(Owned.Maker.class.getName()), Owned.Maker.class);
    forbid(Scenario.quick().withPooling(PoolingMode.OFF), Owned.class);
  }

  private static void forbid(RewritingSettings settings, Class<?> forbidden) throws Exception {
    ProofThread thread = Scenario.start(instrumentation, Prover.ESCAPE);
    thread.nominate(Scenario.nomination(Owned.Owner.class, "<init>", "(I)V"));
    thread.nominate(Scenario.nomination(Owned.Maker.class, "local", "(I)I"));
    long end = System.nanoTime() + LONGEST_NANOS;
    while (active(thread, Owned.class) < 2) {
      check(System.nanoTime() < end, "they are pooled: " + thread.sites());
      work();
    }
    thread.settings(settings);
    end = System.nanoTime() + AFTER_NANOS;
    while (System.nanoTime() < end) {
      work();
      check(active(thread, forbidden) == 0, "taken back, " + forbidden + ": " + thread.sites());
    }
    thread.close();
  }

  private static void work() throws InterruptedException {
    for (int i = 0; i < 50; i++) {
      check(Owned.Maker.local(i) == (byte) i + (byte) (i + 49), "what was put");
      check(Owned.keeps(i) == 2 * (byte) i, "what was kept");
    }
    Thread.sleep(1);
  }

  private static int active(ProofThread thread, Class<?> outermost) {
    List<SiteReport> sites = thread.sites();
    int active = 0;
    for (SiteReport site : sites) {
      boolean ours = site.className().startsWith(outermost.getName());
      active += ours && site.state() == SiteState.ACTIVE ? 1 : 0;
    }
    return active;
  }
}
