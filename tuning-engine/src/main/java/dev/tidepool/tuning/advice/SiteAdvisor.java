package dev.tidepool.tuning.advice;

import dev.tidepool.rewriting.SiteReport;
import dev.tidepool.tuning.Advice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a programmer could change where nothing can be done from outside: a sentence a site.
 *
 * <p>Where the JDK makes the array, the sentence names the code that asked for it, which samples
 * tell, or the place where that code makes the object the array is for. Sizes are told only where
 * arrays were counted; what comes from samples says "about".
 */
public final class SiteAdvisor {
  private static final double LEAST_SHARE = 0.01;
  private static final double LEAST_RATE = 64 << 10;

  private final List<SiteReport> sites;
  private final double all;
  private final Set<String> told = new HashSet<>();

  private SiteAdvisor(List<SiteReport> sites, double all) {
    this.sites = sites;
    this.all = all;
  }

  /**
   * Advice for all hot sites that no remedy is at work on, those with most bytes first.
   *
   * @param allocationRate bytes per second of the whole process, or 0 where not known
   */
  public static List<Advice> advise(List<SiteReport> sites, double allocationRate) {
    double all = Math.max(1, allocationRate);
    for (SiteReport site : sites) {
      // an object that grows counts what it would have made, not what is made
      all = site.allocates().endsWith("[]") ? Math.max(all, site.bytesPerSecond()) : all;
    }
    return new SiteAdvisor(sites, all).advise();
  }

  private List<Advice> advise() {
    List<Advice> found = new ArrayList<>();
    List<SiteReport> hottest = new ArrayList<>(sites);
    hottest.sort(Comparator.comparingDouble(SiteReport::bytesPerSecond).reversed());
    for (SiteReport site : hottest) {
      boolean hot = site.bytesPerSecond() >= Math.max(LEAST_RATE, LEAST_SHARE * all);
      if (hot && isLeft(site)) {
        SiteReport maker = makerOf(site);
        SiteReport meant = maker != null && maker.growsTo() > 0 && isLeft(maker) ? maker : site;
        if (told.add(meant.site())) {
          found.add(advice(site, meant, maker));
        }
      }
    }
    return List.copyOf(found);
  }

  private Advice advice(SiteReport hot, SiteReport meant, SiteReport maker) {
    if (meant.growsTo() > 0) {
      return growing(meant, hot);
    }
    Cause cause = Cause.of(hot);
    return cause == Cause.GROWN ? outgrown(hot, maker) : escaping(hot, cause, maker);
  }

  /** Whether it stays as it is: neither helped nor too small, nor to be tried again soon. */
  private static boolean isLeft(SiteReport site) {
    String why = site.reason();
    boolean off = why.contains("is switched off");
    if (!site.allocates().endsWith("[]")) {
      return site.growsTo() > 0
          && switch (site.state()) {
            case REFUSED, PROVEN -> true;
            case COUNTED -> off;
            case NOMINATED, TRIAL, ACTIVE, REVERTED -> false;
          };
    }
    return switch (site.state()) {
      case REFUSED -> !off && !why.contains("being loaded") && !why.contains("to be proven anew");
      case REVERTED -> why.startsWith("no gain") && !why.contains("pooling.min-bytes");
      case NOMINATED, COUNTED, PROVEN, TRIAL, ACTIVE -> false;
    };
  }

  /** Where the method that asked for the array makes the object that it is for, or null. */
  private SiteReport makerOf(SiteReport array) {
    StackTraceElement user = array.madeFor();
    SiteReport maker = null;
    for (SiteReport each : sites) {
      boolean there =
          user != null
              && each.allocates().equals(array.className())
              && each.className().equals(user.getClassName())
              && each.method().equals(user.getMethodName());
      if (there && (maker == null || each.growsTo() > maker.growsTo())) {
        maker = each;
      }
    }
    return maker;
  }

  private Advice growing(SiteReport site, SiteReport hot) {
    return new Advice(
        Cause.GROWN.id,
        text(
            "%s at %s grows %s -> %s%s: %s",
            simple(site.allocates()),
            place(site),
            bytes(site.growsFrom()),
            bytes(site.growsTo()),
            site.allocations() > 0 ? " " + times(site) + " times a second" : "",
            share(hot)),
        evidence(hot, site.reason()),
        text("create it with %s", bytes(site.growsTo())),
        "one array for each instead of a row of them that double",
        0.8);
  }

  /** What replaces arrays where the sizes they end with were not learned. */
  private Advice outgrown(SiteReport site, SiteReport maker) {
    boolean returned = Cause.of(site.reason()) == Cause.RETURNED;
    String what =
        returned
            ? "an array grown by " + simple(site.className()) + "." + site.method()
            : simple(site.className());
    String number =
        site.allocations() == 0
            ? " outgrows its array"
            : text(
                " outgrows its array %s times a second, for %s on average",
                times(site), bytes(mean(site)));
    String action = Cause.GROWN.action;
    return new Advice(
        Cause.GROWN.id,
        text("%s at %s%s: %s", what, placeOf(site, maker), number, share(site)),
        evidence(site, site.reason()),
        site.allocations() == 0 ? action : action + ", " + bytes(mean(site)) + " or more",
        "one array for each instead of a row of them that double",
        0.6);
  }

  private Advice escaping(SiteReport site, Cause cause, SiteReport maker) {
    String said = cause.said;
    String reason = site.reason();
    if (cause == Cause.OWNED && maker != null && !maker.reason().isEmpty()) {
      Cause ofObject = Cause.of(maker.reason());
      said = ofObject == Cause.OTHER || ofObject == Cause.DROPPED ? said : ofObject.said;
      reason = maker.reason();
    }
    return new Advice(
        cause.id,
        text(
            "%s%s%s%s, %s: %s",
            site.allocates(),
            site.allocations() > 0 ? " of " + bytes(mean(site)) : "",
            where(site, maker),
            site.allocations() > 0 ? ", made " + times(site) + " times a second" : "",
            said,
            share(site)),
        evidence(site, reason),
        cause.action,
        "a buffer that stays in its method comes from a pool",
        0.5);
  }

  /** {@code at Export.java:41}; for an array of the JDK's, what it is for and who asked. */
  private static String where(SiteReport site, SiteReport maker) {
    StackTraceElement user = site.madeFor();
    if (user == null) {
      return " at " + place(site);
    }
    if (!Cause.isJdk(site.className())) {
      return " at " + place(site) + " for " + place(user);
    }
    String type = simple(site.className());
    boolean init = site.method().equals("<init>");
    String made =
        init && type.startsWith("Heap")
            ? " of " + type.substring("Heap".length()) + ".allocate"
            : init ? " of a new " + type : " of " + type + "." + site.method();
    return made + " at " + placeOf(site, maker);
  }

  private static String placeOf(SiteReport site, SiteReport maker) {
    return maker != null
        ? place(maker)
        : site.madeFor() != null ? place(site.madeFor()) : place(site);
  }

  private String share(SiteReport site) {
    String about = site.sampled() ? "about " : "";
    double percent = Math.min(100, 100 * site.bytesPerSecond() / all);
    return text("%s%.0f %% of all bytes", about, percent);
  }

  private static String evidence(SiteReport site, String reason) {
    String rate = bytes((long) site.bytesPerSecond()) + " a second";
    return (site.sampled() ? "about " + rate + ", by samples" : rate) + "; " + reason;
  }

  private static long mean(SiteReport site) {
    return site.bytes() / Math.max(1, site.allocations());
  }

  private static String times(SiteReport site) {
    double times = site.bytesPerSecond() / Math.max(1, mean(site));
    String number = times < 10 ? text("%.1f", times) : text("%.0f", times);
    return site.sampled() ? "about " + number : number;
  }

  private static String simple(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }

  private static String place(SiteReport site) {
    return place(site.className(), site.method(), site.line());
  }

  private static String place(StackTraceElement frame) {
    return place(frame.getClassName(), frame.getMethodName(), frame.getLineNumber());
  }

  /** {@code Export.java:41}, as compilers name files by the outermost class. */
  private static String place(String className, String method, int line) {
    String outermost = simple(className);
    int nested = outermost.indexOf('$');
    outermost = nested > 0 ? outermost.substring(0, nested) : outermost;
    return line < 0 ? outermost + "." + method : outermost + ".java:" + line;
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
