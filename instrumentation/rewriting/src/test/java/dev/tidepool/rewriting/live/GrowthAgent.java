package dev.tidepool.rewriting.live;

import static dev.tidepool.rewriting.live.Scenario.check;
import static dev.tidepool.rewriting.live.Scenario.hash;

import com.sun.management.ThreadMXBean;
import dev.tidepool.rewriting.LearnedSite;
import dev.tidepool.rewriting.PoolingMode;
import dev.tidepool.rewriting.SiteReport;
import dev.tidepool.rewriting.site.SiteState;
import java.lang.instrument.Instrumentation;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import workload.Curious;
import workload.Growing;
import workload.Polite;

/** Growing objects in a virtual machine of its own; the property {@code scenario} says which. */
public final class GrowthAgent {
  private static final int SIZE = 300_000;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static Instrumentation instrumentation;

  private GrowthAgent() {}

  public static void premain(String arguments, Instrumentation given) {
    instrumentation = given;
  }

  public static void main(String[] arguments) throws Exception {
    switch (System.getProperty("scenario")) {
      case "starts" -> starts();
      case "seen" -> seen();
      case "asked" -> asked();
      case "moves" -> moves();
      case "observes" -> observes();
      case "recalls" -> recalls();
      default -> throw new IllegalArgumentException("scenario");
    }
  }

  private static ProofThread start(String... methods) {
    ProofThread thread = Scenario.start(instrumentation, Prover.ESCAPE);
    for (String method : methods) {
      thread.nominate(Scenario.nomination(Growing.class, method, null));
    }
    return thread;
  }

  private static void starts() throws Exception {
    hash(instrumentation, Growing.class);
    String before = hash(instrumentation, Growing.class);
    byte[] expected = Growing.stream(SIZE);
    String text = Growing.text(SIZE);
    String greeting = Growing.greeting(SIZE);
    long without = bytes(() -> Growing.stream(SIZE));
    ProofThread thread = start("stream", "text", "greeting", "list", "generous");
    until(
        thread,
        "all start elsewhere",
        () -> {
          Growing.stream(SIZE);
          Growing.text(SIZE);
          Growing.greeting(SIZE);
          Growing.list(1_000);
          Growing.generous(8);
          return presized(thread, "stream", SiteState.ACTIVE) != null
              && presized(thread, "text", SiteState.ACTIVE) != null
              && presized(thread, "greeting", SiteState.ACTIVE) != null
              && presized(thread, "list", SiteState.ACTIVE) != null
              && presized(thread, "generous", SiteState.ACTIVE) != null;
        });
    long with = bytes(() -> Growing.stream(SIZE));
    check(without > 4.0 * SIZE, "without: " + without);
    check(with < 2.1 * SIZE, "with: " + with + " " + thread.sites());
    check(bytes(() -> Growing.generous(8)) < 1_000, "far too much is not given any more");
    check(Arrays.equals(expected, Growing.stream(SIZE)), "same bytes");
    check(Arrays.equals(Growing.stream(40), Growing.stream(40)), "of any size");
    check(text.equals(Growing.text(SIZE)), "same text");
    check(greeting.equals(Growing.greeting(SIZE)), "same text after the first words");
    check(bytes(() -> Growing.greeting(SIZE)) < 2.1 * SIZE, "made large enough at once");
    check(Growing.greeting(3).equals("Dear reader, abc"), "of any size");
    check(Growing.list(1_000).size() == 1_000, "same list");
    SiteReport stream = presized(thread, "stream", SiteState.ACTIVE);
    check(stream.reason().startsWith("starts at 300 KB: learned from "), stream.reason());
    check(stream.allocates().equals("java.io.ByteArrayOutputStream"), stream.allocates());
    until(
        thread,
        "savings are counted",
        () -> {
          Growing.stream(SIZE);
          return presized(thread, "stream", SiteState.ACTIVE).bytesSaved() > SIZE;
        });
    thread.close();
    check(before.equals(hash(instrumentation, Growing.class)), "close leaves the original bytes");
    check(same(without, bytes(() -> Growing.stream(SIZE))), "and nothing starts elsewhere");
  }

  private static void seen() throws Exception {
    int asked = Growing.asked(SIZE);
    int telling = Growing.telling(SIZE);
    int shown = Growing.shown(SIZE);
    ProofThread thread = start("asked", "telling", "shown");
    until(
        thread,
        "refused",
        () -> {
          check(Growing.asked(SIZE) == asked, "the capacity is as ever");
          check(Growing.telling(SIZE) == telling, "the length is as ever");
          check(Growing.shown(SIZE) == shown, "and so is what writeTo shows");
          return presized(thread, "asked", SiteState.REFUSED) != null
              && presized(thread, "shown", SiteState.REFUSED) != null;
        });
    check(
        presized(thread, "asked", SiteState.REFUSED).reason().contains("capacity() is asked"),
        "the reason names the call");
    check(presized(thread, "telling", null) == null, "a subclass is nobody's growing object");
    thread.close();
  }

  /** A writer may go anywhere while no class asks it for its buffer and that for its capacity. */
  private static void asked() throws Exception {
    ProofThread thread = start("written", "writer");
    until(
        thread,
        "start elsewhere",
        () -> {
          Growing.written(SIZE);
          Growing.writer(SIZE);
          return presized(thread, "written", SiteState.ACTIVE) != null
              && presized(thread, "writer", SiteState.ACTIVE) != null;
        });
    check(bytes(() -> Growing.writer(SIZE)) < 1.1 * SIZE, "made large enough at once");
    check(Polite.length(Growing.writer(SIZE)) == SIZE, "same text");
    until(
        thread,
        "a class that asks for the text alone does not matter",
        () -> {
          thread.nominate(Scenario.nomination(Growing.class, "writer", null));
          return Polite.length(Growing.writer(SIZE)) == SIZE
              && presized(thread, "writer", SiteState.ACTIVE) != null;
        });
    int capacity = 16;
    while (capacity < SIZE) {
      capacity = 2 * capacity + 2;
    }
    Class.forName("workload.Curious");
    check(Curious.capacity(Growing.writer(SIZE)) == capacity, "the capacity is as ever at once");
    until(
        thread,
        "refused from then on",
        () -> {
          thread.nominate(Scenario.nomination(Growing.class, "writer", null));
          Growing.writer(SIZE);
          return presized(thread, "writer", SiteState.REFUSED) != null
              && presized(thread, "writer", null).reason().contains("may ask for its buffer");
        });
    String reason = presized(thread, "writer", SiteState.REFUSED).reason();
    check(reason.contains("it is returned, and workload.Curious may ask"), reason);
    check(Curious.capacity(Growing.writer(SIZE)) == capacity, "and stays so");
    thread.close();
  }

  private static void moves() throws Exception {
    ProofThread thread = start("stream");
    activeAt(thread, SIZE, "starts at 300 KB");
    until(
        thread,
        "small ones do not pay for long",
        () -> {
          Growing.stream(500);
          return bytes(() -> Growing.stream(500)) < 3_000;
        });
    activeAt(thread, 20_000, "starts at 20 KB");
    thread.close();
  }

  private static void activeAt(ProofThread thread, int size, String reason) throws Exception {
    until(
        thread,
        reason,
        () -> {
          Growing.stream(size);
          SiteReport site = presized(thread, "stream", SiteState.ACTIVE);
          return site != null && site.reason().startsWith(reason);
        });
  }

  private static void recalls() throws Exception {
    ProofThread first = start("stream");
    activeAt(first, SIZE, "starts at 300 KB");
    List<LearnedSite> learned = first.learned();
    first.close();
    LearnedSite stream =
        learned.stream().filter(site -> site.startsAt() >= SIZE).findFirst().orElseThrow();

    ProofThread second = start();
    second.recall(learned);
    until(second, "taken up", () -> presized(second, "stream", SiteState.ACTIVE) != null);
    String reason = presized(second, "stream", SiteState.ACTIVE).reason();
    check(reason.startsWith("starts at 300 KB: "), reason);
    until(second, "at once", () -> bytes(() -> Growing.stream(SIZE)) < 2.1 * SIZE);
    check(second.learned().contains(stream), "and is learned still: " + second.learned());
    second.close();

    ProofThread third = start();
    third.recall(List.of(with(stream, stream.digest() + 1, stream.startsAt())));
    until(third, "taken up", () -> presized(third, "stream", SiteState.COUNTED) != null);
    third.close();
    ProofThread fourth = start();
    fourth.recall(List.of(with(stream, stream.digest(), Integer.MAX_VALUE)));
    until(fourth, "taken up", () -> presized(fourth, "stream", SiteState.COUNTED) != null);
    fourth.close();
  }

  private static LearnedSite with(LearnedSite site, long digest, int startsAt) {
    return new LearnedSite(
        site.site(),
        site.className(),
        site.method(),
        site.descriptor(),
        digest,
        site.remedy(),
        startsAt);
  }

  private static void observes() throws Exception {
    ProofThread thread = start("stream");
    thread.settings(Scenario.quick().withPooling(PoolingMode.OBSERVE));
    long without = bytes(() -> Growing.stream(SIZE));
    until(
        thread,
        "known what could be done",
        () -> {
          Growing.stream(SIZE);
          return presized(thread, "stream", SiteState.PROVEN) != null;
        });
    check(same(without, bytes(() -> Growing.stream(SIZE))), "observing changes nothing");
    thread.settings(Scenario.quick());
    until(
        thread,
        "done when it may",
        () -> {
          Growing.stream(SIZE);
          return presized(thread, "stream", SiteState.ACTIVE) != null;
        });
    check(bytes(() -> Growing.stream(SIZE)) < without / 2, "less");
    SiteReport site = presized(thread, "stream", SiteState.ACTIVE);
    check(thread.revert(site.site(), "user"), "reverted");
    check(same(without, bytes(() -> Growing.stream(SIZE))), "as before");
    thread.close();
  }

  private static SiteReport presized(ProofThread thread, String method, SiteState state) {
    for (SiteReport report : thread.sites()) {
      if (report.method().equals(method)
          && (state == null || report.state() == state)
          && !report.allocates().endsWith("[]")) {
        return report;
      }
    }
    return null;
  }

  /** But for small objects, which a compiler may do without. */
  private static boolean same(long bytes, long others) {
    return Math.abs(bytes - others) < bytes / 100;
  }

  private static long bytes(Callable<?> work) throws Exception {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 10; i++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      work.call();
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }

  private static void until(ProofThread thread, String what, Callable<Boolean> condition)
      throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.call()) {
      // an object must live for some milliseconds to be looked at, between two collections
      Thread.sleep(1);
      check(System.nanoTime() < end, what + ": " + thread.sites());
    }
  }
}
