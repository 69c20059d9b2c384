package dev.tidepool.rewriting.live;

import static dev.tidepool.rewriting.live.Scenario.check;

import dev.tidepool.rewriting.SiteReport;
import dev.tidepool.rewriting.site.SiteState;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.List;
import workload.Texts;

/** Builders of text draw from the pool and feed it, unless somebody could tell. */
public final class BuilderAgent {
  private static final long LONGEST_NANOS = 60_000_000_000L;
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";
  private static final List<String> POOLED =
      List.of("sized", "grown", "stretched", "thrown", "nested");
  private static final List<String> LEFT_ALONE = List.of("returned", "asked", "handed");

  private static Instrumentation instrumentation;

  private BuilderAgent() {}

  public static void premain(String arguments, Instrumentation given) {
    instrumentation = given;
  }

  public static void main(String[] arguments) throws Exception {
    List<Long> before = Scenario.digests(instrumentation, Texts.class);
    ProofThread thread = Scenario.start(instrumentation, Prover.ESCAPE);
    thread.nominate(Scenario.nomination(Texts.class, null, null));
    long end = System.nanoTime() + LONGEST_NANOS;
    for (int seed = 0; !POOLED.stream().allMatch(each -> draws(thread, each)); seed++) {
      check(System.nanoTime() < end, "not drawn: " + thread.sites());
      work(seed);
      if (seed % 50 == 0) {
        Thread.sleep(1);
      }
    }
    for (int seed = 0; seed < 5_000; seed++) {
      work(seed);
    }
    for (String method : LEFT_ALONE) {
      check(Scenario.site(thread, method) != null, method + " is listed");
      check(Scenario.is(thread, method, SiteState.REFUSED), method + " is refused");
    }
    thread.close();
    check(before.equals(Scenario.digests(instrumentation, Texts.class)), "as before close");
    work(1);
  }

  private static void work(int seed) {
    int length = 3_000 + seed % 7 * 500;
    isLetters(Texts.sized(seed, length), seed, length);
    isLetters(Texts.grown(seed, length), seed, length);
    String wide = Texts.wide(seed, length);
    check(wide.length() == length, "how long it is");
    for (int i = 0; i < length; i += 97) {
      int is = i < length / 2 ? 'a' + (seed + i) % 26 : 0x3b1 + (seed + i) % 24;
      check(wide.charAt(i) == is, "what was appended, of two bytes");
    }
    String digits = Integer.toString(seed);
    String stretched = Texts.stretched(seed, length);
    String zeros = "\0".repeat(length - digits.length());
    check(stretched.equals("<" + digits + zeros + ">"), "zeros where nothing was written");
    check(Texts.thrown(seed, "x".repeat(50)).equals(digits + "x".repeat(50)), "nothing thrown");
    check(Texts.thrown(seed, new Thrower()).equals(digits + "!"), "what was there before");
    check(Texts.nested(seed).startsWith(digits), "one within another");
    check(Texts.returned(seed).append('.').toString().equals(digits + "."), "somebody else's");
    check(Texts.asked(4_000) == 4_000, "the capacity");
    List<Object> kept = new ArrayList<>();
    Texts.handed(seed, kept);
    Texts.sized(seed, 5_000);
    check(kept.get(0).toString().equals(digits), "what was kept");
    try {
      Texts.sized(seed, -1);
      check(false, "a length below zero");
    } catch (NegativeArraySizeException expected) {
      check(expected.getMessage().equals("-1"), expected.getMessage());
    }
  }

  private static void isLetters(String text, int seed, int length) {
    check(text.length() == length, "how long it is");
    for (int i = 0; i < length; i++) {
      if (text.charAt(i) != LETTERS.charAt((seed + i) % LETTERS.length())) {
        check(false, "what was appended: " + text);
      }
    }
  }

  private static boolean draws(ProofThread thread, String method) {
    for (SiteReport site : thread.sites()) {
      if (site.method().equals(method)
          && site.className().equals(Texts.class.getName())
          && site.state() == SiteState.ACTIVE
          && site.hits() > 100) {
        return true;
      }
    }
    return false;
  }

  private static final class Thrower {
    @Override
    public String toString() {
      throw new IllegalStateException("on purpose");
    }
  }
}
