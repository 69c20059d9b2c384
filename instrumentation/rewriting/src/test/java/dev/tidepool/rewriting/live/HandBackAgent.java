package dev.tidepool.rewriting.live;

import static dev.tidepool.rewriting.live.Scenario.check;

import dev.tidepool.rewriting.PoolingEvidence;
import dev.tidepool.rewriting.RewritingSettings;
import dev.tidepool.rewriting.SiteReport;
import dev.tidepool.rewriting.site.SiteState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.tukaani.xz.ArrayCache;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZInputStream;
import org.tukaani.xz.XZOutputStream;

/** What XZ hands back to its cache that keeps nothing, in a JVM of its own. */
public final class HandBackAgent {
  private static Instrumentation instrumentation;

  private HandBackAgent() {}

  public static void premain(String arguments, Instrumentation given) {
    instrumentation = given;
  }

  public static void main(String[] arguments) throws Exception {
    roundTrip(0);
    List<Long> before = Scenario.digests(instrumentation, ArrayCache.class);
    ProofThread thread = Scenario.start(instrumentation, Prover.ESCAPE);
    RewritingSettings proven = thread.settings();
    thread.nominate(Scenario.nomination(ArrayCache.class, "getByteArray", "(IZ)[B"));
    thread.nominate(Scenario.nomination(ArrayCache.class, "getIntArray", "(IZ)[I"));
    untilLeftAlone(thread);
    check(thread.sites().stream().allMatch(site -> site.hits() == 0), "a word is no proof");
    thread.settings(proven.withEvidence(PoolingEvidence.OBSERVED));
    until(thread, "getByteArray");
    until(thread, "getIntArray");
    Thread[] others = new Thread[2];
    Throwable[] failed = new Throwable[1];
    for (int i = 0; i < others.length; i++) {
      others[i] =
          new Thread(
              () -> {
                try {
                  for (int seed = 0; seed < 100; seed++) {
                    roundTrip(seed);
                  }
                } catch (Throwable wrong) {
                  failed[0] = wrong;
                }
              });
      others[i].start();
    }
    for (Thread other : others) {
      other.join();
    }
    check(failed[0] == null, "what was packed is what was unpacked: " + failed[0]);
    twice();
    check(!before.equals(Scenario.digests(instrumentation, ArrayCache.class)), "it is rewritten");
    thread.settings(proven);
    untilLeftAlone(thread);
    thread.close();
    check(before.equals(Scenario.digests(instrumentation, ArrayCache.class)), "as before close");
    roundTrip(1);
  }

  private static void until(ProofThread thread, String method) throws Exception {
    long end = System.nanoTime() + 60_000_000_000L;
    while (true) {
      for (SiteReport site : thread.sites()) {
        if (site.method().equals(method) && site.state() == SiteState.ACTIVE && site.hits() > 100) {
          return;
        }
      }
      check(System.nanoTime() < end, method + " draws: " + thread.sites());
      roundTrip(end);
    }
  }

  private static void untilLeftAlone(ProofThread thread) throws Exception {
    long end = System.nanoTime() + 60_000_000_000L;
    while (thread.sites().stream().anyMatch(site -> site.state() == SiteState.ACTIVE)
        || thread.sites().stream()
            .noneMatch(site -> site.reason().contains("pooling.evidence=observed"))) {
      check(System.nanoTime() < end, "told why: " + thread.sites());
      roundTrip(end);
    }
  }

  private static void roundTrip(long seed) throws IOException {
    byte[] plain = new byte[20_000];
    new Random(seed).nextBytes(plain);
    Arrays.fill(plain, 5_000, 15_000, (byte) seed);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    LZMA2Options options = new LZMA2Options(1);
    options.setDictSize(LZMA2Options.DICT_SIZE_MIN);
    try (XZOutputStream out = new XZOutputStream(packed, options)) {
      out.write(plain);
    }
    try (InputStream in = new XZInputStream(new ByteArrayInputStream(packed.toByteArray()))) {
      check(Arrays.equals(in.readAllBytes(), plain), "what was packed is what was unpacked");
    }
  }

  /** What is handed back twice is given out once; what the cache has not made, not at all. */
  private static void twice() {
    ArrayCache cache = ArrayCache.getDummyCache();
    byte[] own = new byte[8192];
    own[0] = 1;
    cache.putArray(own);
    byte[] array = cache.getByteArray(8192, false);
    cache.putArray(array);
    cache.putArray(array);
    cache.putArray((byte[]) null);
    byte[] one = cache.getByteArray(8192, false);
    byte[] other = cache.getByteArray(8192, false);
    check(one != other && one != own && other != own, "each has an array of its own");
  }
}
