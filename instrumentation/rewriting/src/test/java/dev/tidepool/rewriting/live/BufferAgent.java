package dev.tidepool.rewriting.live;

import static dev.tidepool.rewriting.live.Scenario.check;

import dev.tidepool.rewriting.SiteReport;
import dev.tidepool.rewriting.site.SiteState;
import java.lang.instrument.Instrumentation;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import workload.BufferWork;

/** Buffers that die with their method, on the heap and outside, in a JVM of its own. */
public final class BufferAgent {
  private static Instrumentation instrumentation;
  private static final BufferWork WORK = new BufferWork();

  private BufferAgent() {}

  public static void premain(String arguments, Instrumentation given) {
    instrumentation = given;
  }

  public static void main(String[] arguments) throws Exception {
    List<Long> before = Scenario.digests(instrumentation, BufferWork.class);
    List<Long> ofBuffers = Scenario.digests(instrumentation, heapBuffer());
    work();
    ProofThread thread = Scenario.start(instrumentation, Prover.ESCAPE);
    thread.nominate(Scenario.nomination(BufferWork.class, "heap", "(I)J"));
    thread.nominate(Scenario.nomination(heapBuffer(), "<init>", null));
    until(thread, heapBuffer(), "<init>");
    until(thread, BufferWork.class, "direct");
    until(thread, BufferWork.class, "nested");
    System.gc();
    BufferPoolMXBean statistics = statistics();
    long end = System.nanoTime() + 20_000_000_000L;
    while (statistics.getCount() > WORK.held().size() && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    long counted = statistics.getCount();
    check(
        counted == WORK.held().size(),
        "what nobody has is gone: " + counted + " " + WORK.held().size());
    for (int i = 0; i < 50; i++) {
      WORK.direct(i);
    }
    check(statistics.getCount() == counted, "each is gone when its method leaves");
    for (int i = 0; i < 50; i++) {
      WORK.deep(0, i);
    }
    check(statistics.getCount() <= counted + 50, "a stack that ends leaves it to the collector");
    for (int i = 0; i < 20; i++) {
      WORK.sometimes(true, i);
    }
    for (int i = 0; i < WORK.held().size(); i++) {
      check(WORK.held().get(i).getInt(4) == 77, "what is kept is left alone");
    }
    check(!before.equals(Scenario.digests(instrumentation, BufferWork.class)), "it is rewritten");
    thread.close();
    check(before.equals(Scenario.digests(instrumentation, BufferWork.class)), "as before close");
    check(ofBuffers.equals(Scenario.digests(instrumentation, heapBuffer())), "buffers too");
    work();
  }

  private static Class<?> heapBuffer() {
    return ByteBuffer.allocate(1).getClass();
  }

  private static void until(ProofThread thread, Class<?> type, String method) throws Exception {
    long end = System.nanoTime() + 60_000_000_000L;
    while (true) {
      for (SiteReport site : thread.sites()) {
        if (site.className().equals(type.getName())
            && site.method().equals(method)
            && site.state() == SiteState.ACTIVE
            && site.hits() > 100) {
          return;
        }
      }
      check(System.nanoTime() < end, method + " is taken care of: " + thread.sites());
      work();
    }
  }

  private static void work() throws InterruptedException {
    for (int i = 0; i < 50; i++) {
      WORK.heap(i);
      WORK.direct(i);
      WORK.nested(i);
      WORK.sometimes(i % 25 == 0 && WORK.held().size() < 50, i);
    }
    Thread.sleep(1);
  }

  private static BufferPoolMXBean statistics() {
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      if (pool.getName().equals("direct")) {
        return pool;
      }
    }
    throw new IllegalStateException("no pool of direct buffers");
  }
}
