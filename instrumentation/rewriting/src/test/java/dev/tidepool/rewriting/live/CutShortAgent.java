package dev.tidepool.rewriting.live;

import static dev.tidepool.rewriting.live.Scenario.check;

import dev.tidepool.rewriting.SiteReport;
import dev.tidepool.rewriting.site.Breaker;
import dev.tidepool.rewriting.site.SiteState;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import workload.Filling;

/**
 * Methods that end before their array was given back, or while it is: named by the property {@code
 * scenario}. What is checked is done by the workload, in every call.
 */
public final class CutShortAgent {
  private static final Filling WORK = new Filling();
  private static final int STOPPED = 300;
  private static final int DEEP_STACKS = 200;
  private static final long STACK_BYTES = 256 << 10;

  private static Instrumentation instrumentation;

  private CutShortAgent() {}

  public static void premain(String arguments, Instrumentation given) {
    instrumentation = given;
  }

  public static void main(String[] arguments) throws Exception {
    WORK.fill((byte) 1);
    ProofThread thread = Scenario.start(instrumentation, Prover.ESCAPE);
    thread.nominate(Scenario.nomination(Filling.class, "fill", "(B)I"));
    untilPooled(thread, 100);
    switch (System.getProperty("scenario")) {
      case "overflow" -> overflow(thread);
      case "stop" -> stop();
      default -> throw new IllegalArgumentException("scenario");
    }
    WORK.fill((byte) 2);
    untilPooled(thread, fill(thread).hits() + 100);
    thread.close();
  }

  private static SiteReport fill(ProofThread thread) {
    return Scenario.site(thread, "fill");
  }

  private static void untilPooled(ProofThread thread, long hits) throws Exception {
    long end = System.nanoTime() + 60_000_000_000L;
    while (fill(thread) == null
        || fill(thread).state() != SiteState.ACTIVE
        || fill(thread).hits() < hits) {
      check(System.nanoTime() < end, "it draws: " + thread.sites());
      for (int i = 0; i < 100; i++) {
        WORK.fill((byte) i);
      }
      Thread.sleep(1);
    }
  }

  /** The gate's own frames are what does not fit on the stack any more. */
  private static void overflow(ProofThread thread) throws Exception {
    List<Throwable> wrong = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < DEEP_STACKS && wrong.isEmpty(); i++) {
      byte with = (byte) (1 + i % 100);
      Thread deep = new Thread(null, () -> WORK.deep(100, with), "deep", STACK_BYTES + 64L * i);
      deep.setUncaughtExceptionHandler((its, thrown) -> wrong.add(thrown));
      deep.start();
      for (int n = 0; n < 10; n++) {
        WORK.fill(with);
      }
      deep.join();
    }
    check(wrong.isEmpty(), "all went well where the stack ends: " + wrong);
    // told by the breaker: that it opened may be cut short as well
    check(fill(thread).breaker() != Breaker.CLOSED, "some was cut short: " + fill(thread));
  }

  private static void stop() throws Exception {
    Method stop = Thread.class.getMethod("stop");
    Random random = new Random(7);
    List<Throwable> wrong = Collections.synchronizedList(new ArrayList<>());
    AtomicBoolean over = new AtomicBoolean();
    Thread lasting = start(over, wrong, 1);
    try {
      for (int i = 0; i < STOPPED && wrong.isEmpty(); i++) {
        Thread stopped = start(new AtomicBoolean(), wrong, 2 + i % 100);
        Thread.sleep(random.nextInt(4), random.nextInt(999_999));
        try {
          stop.invoke(stopped);
        } catch (InvocationTargetException gone) {
          check(gone.getCause() instanceof UnsupportedOperationException, "since JDK 20: " + gone);
          stopped.interrupt(); // it looks after that instead
          stopped.join();
          return;
        }
        stopped.join(20_000);
        check(!stopped.isAlive(), "the order to stop is obeyed");
      }
    } finally {
      over.set(true);
      lasting.join();
    }
    check(wrong.isEmpty(), "all went well beside what was stopped: " + wrong);
  }

  private static Thread start(AtomicBoolean over, List<Throwable> wrong, int with) {
    Thread thread =
        new Thread(
            () -> {
              while (!over.get() && !Thread.currentThread().isInterrupted()) {
                WORK.fill((byte) with);
              }
            });
    thread.setUncaughtExceptionHandler(
        (its, thrown) -> {
          if (!thrown.getClass().getName().equals("java.lang.ThreadDeath")) {
            wrong.add(thrown);
          }
        });
    thread.start();
    return thread;
  }
}
