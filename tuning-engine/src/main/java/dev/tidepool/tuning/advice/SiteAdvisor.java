package dev.tidepool.tuning.advice;

import dev.tidepool.rewriting.SiteReport;
import dev.tidepool.rewriting.site.SiteState;
import dev.tidepool.tuning.Advice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What a programmer could change where nothing can be done from outside: a sentence a site. */
public final class SiteAdvisor {
  private static final int MOST = 10;
  private static final double LEAST_SHARE = 0.01;
  private static final double LEAST_RATE = 64 << 10;

  private SiteAdvisor() {}

  /** How a buffer gets away, by a word of the reason that the proof gives. */
  private enum Cause {
    FIELD(
        "site-kept",
        "stored in field",
        "is kept in a field",
        "reuse the array that is there while it is long enough, or take it from whoever makes the"
            + " object"),
    RETURNED(
        "site-returned",
        "returned to the caller",
        "is returned",
        "let the caller hand in a buffer to be filled, or an OutputStream to write to"),
    CAPTURED(
        "site-captured",
        "captured by a lambda",
        "is captured by a lambda",
        "make the buffer inside the lambda, or hand it over as an argument"),
    NATIVE(
        "site-native",
        "passed to native",
        "is passed to native code",
        "keep one buffer for many calls, or use a direct ByteBuffer made once"),
    OPEN_CALL(
        "site-open-call",
        "which may run",
        "is passed to a call that may run any of several classes",
        "declare the variable with the class it has, or make that class final"),
    OTHER("site-escapes", "", "gets away", "keep the buffer in the method that makes it");

    final String id;
    final String word;
    final String said;
    final String action;

    Cause(String id, String word, String said, String action) {
      this.id = id;
      this.word = word;
      this.said = said;
      this.action = action;
    }

    static Cause of(String reason) {
      for (Cause cause : values()) {
        if (reason.contains(cause.word)) {
          return cause;
        }
      }
      return OTHER;
    }
  }

  /**
   * Advice for the hot sites that no remedy is at work on, those with most bytes first.
   *
   * @param allocationRate bytes per second of the whole process, or 0 where not known
   */
  public static List<Advice> advise(List<SiteReport> sites, double allocationRate) {
    double all = allocationRate;
    for (SiteReport site : sites) {
      all = Math.max(all, site.bytesPerSecond());
    }
    List<Advice> found = new ArrayList<>();
    List<SiteReport> hottest = new ArrayList<>(sites);
    hottest.sort(Comparator.comparingDouble(SiteReport::bytesPerSecond).reversed());
    for (SiteReport site : hottest) {
      double share = site.bytesPerSecond() / Math.max(1, all);
      boolean left =
          site.state() == SiteState.REFUSED
              || (site.state() == SiteState.PROVEN && site.growsTo() > 0);
      boolean hot = site.bytesPerSecond() >= LEAST_RATE && share >= LEAST_SHARE;
      if (left && hot && found.size() < MOST) {
        found.add(site.growsTo() > 0 ? growing(site, share) : escaping(site, share));
      }
    }
    return List.copyOf(found);
  }

  private static Advice growing(SiteReport site, double share) {
    String made = simple(site.allocates());
    return new Advice(
        "site-grows",
        text(
            "%s at %s grows %s -> %s%s: %.0f %% of all bytes",
            made,
            place(site),
            bytes(site.growsFrom()),
            bytes(site.growsTo()),
            isCounted(site) ? " " + times(site) : "",
            100 * share),
        text("%s a second; %s", bytes((long) site.bytesPerSecond()), site.reason()),
        text("create it with %s", bytes(site.growsTo())),
        "one array for each instead of a row of them that double",
        0.8);
  }

  private static Advice escaping(SiteReport site, double share) {
    Cause cause = Cause.of(site.reason());
    return new Advice(
        cause.id,
        text(
            "%s%s at %s,%s %s: %.0f %% of all bytes",
            site.allocates(),
            isCounted(site) ? " of " + bytes(mean(site)) : "",
            place(site),
            isCounted(site) ? " made " + times(site) + "," : " which",
            cause.said,
            100 * share),
        text("%s a second; %s", bytes((long) site.bytesPerSecond()), site.reason()),
        cause.action,
        "a buffer that stays in its method comes from a pool",
        0.5);
  }

  /** What samples alone have found has a rate, but no size and no number. */
  private static boolean isCounted(SiteReport site) {
    return site.allocations() > 0 && site.bytes() > 0;
  }

  private static long mean(SiteReport site) {
    return site.bytes() / Math.max(1, site.allocations());
  }

  private static String times(SiteReport site) {
    double times = site.bytesPerSecond() / Math.max(1, mean(site));
    return text(times < 10 ? "%.1f times a second" : "%.0f times a second", times);
  }

  private static String simple(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }

  /** {@code Export.java:41}, as compilers name files by the outermost class. */
  private static String place(SiteReport site) {
    String outermost = simple(site.className());
    int nested = outermost.indexOf('$');
    outermost = nested > 0 ? outermost.substring(0, nested) : outermost;
    return site.line() < 0 ? outermost + "." + site.method() : outermost + ".java:" + site.line();
  }

  private static String bytes(long bytes) {
    if (bytes < 10_000) {
      return bytes + " bytes";
    }
    return bytes < 10_000_000
        ? (bytes + 500) / 1_000 + " KB"
        : (bytes + 500_000) / 1_000_000 + " MB";
  }

  private static String text(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
